"""The guide for staff is in the console, in three languages, and leads nowhere where there is nothing; boxes look for answers."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from wagtail.users.models import UserProfile

from knowledge_base.console.accounts.guide import PAGES
from knowledge_base.console.accounts.roles import ROLES

pytestmark = pytest.mark.django_db
TITLES = {"en": "a guide for staff", "fr": "guide du personnel", "ar": "دليل الموظفين"}


@pytest.fixture
def reader(person: Any, browse: Any) -> Any:
    """reader("fr"): a browser in which somebody reads French."""

    def make(language: str, role: str = "analyst") -> Any:
        user = person(f"{role}-{language}", role)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        return browse(user)

    return make


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_guide_is_in_the_menu_and_in_the_reader_s_language(reader: Any, language: str) -> None:
    client = reader(language)
    assert b"/accounts/help/" in client.get("/").content
    page = BeautifulSoup(client.get("/accounts/help/").content, "html.parser")
    guide = page.select_one(".guide")
    assert TITLES[language] in page.h1.text and guide["lang"] == language
    for role in ROLES:
        assert role in guide.text, role
    headings = {heading["id"] for heading in guide.select("h2")}
    assert len(headings) > 5 and {link["href"].removeprefix("#") for link in guide.select("nav a")} == headings
    assert len(guide.select("img")) >= 2
    for image in guide.select("img"):
        assert image["alt"] and client.get(image["src"]).status_code == 200, image["src"]
    for link in guide.select("a[href^='/']"):
        assert client.get(link["href"]).status_code == 200, link["href"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_guide_opens(reader: Any, name: str) -> None:
    client = reader("ar")
    page = client.get(f"/accounts/help/{name}/")
    assert page.status_code == 200
    for link in BeautifulSoup(page.content, "html.parser").select(".guide a[href^='/']"):
        assert client.get(link["href"]).status_code == 200, link["href"]


@pytest.mark.parametrize(
    "path", ["help/operations/", "help/..%2f..%2fREADME/", "help/images/..%2fstaff-guide.md", "help/images/none.png"]
)
def test_nothing_else_is_read_from_the_folder(reader: Any, path: str) -> None:
    assert reader("en").get(f"/accounts/{path}", follow=True).status_code == 404


def test_the_box_of_the_menu_looks_for_answers(reader: Any, person: Any) -> None:
    client = reader("en", "author")
    assert b'action="/accounts/find/"' in client.get("/").content and b"Search all pages" not in client.get("/").content
    found = client.get("/accounts/find/?q=vapes", follow=True).content
    assert b"How many vapes can I bring?" in found and b"When must I declare cash?" not in found
