"""The bare project: it starts, asks to sign in, and names no other host."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from wagtail.users.models import UserProfile

from knowledge_base.console.guidance.models import Administration, Entry

pytestmark = pytest.mark.django_db
NOTHING = "Nothing waits for you. The menu leads to the answers; Help explains how to change them."


def test_health_without_signing_in() -> None:
    assert Client().get("/healthz").content == b"ok"


def test_everything_else_asks_to_sign_in() -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_sign_in_page_names_no_other_host_and_has_a_policy() -> None:
    response = Client().get("/login/")
    assert response.status_code == 200
    assert "script-src 'self' 'nonce-" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert not re.findall(
        r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//""", response.content.decode()
    )


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is no such page"), ("ar", "لا توجد صفحة كهذه"), ("fr", "Cette page n’existe pas")],
)
def test_a_page_that_is_not_there_is_told_in_our_words(
    person: Callable[..., User], browse: Callable[[User], Client], language: str, words: str
) -> None:
    ann = person("ann", "author")
    UserProfile.objects.create(user=ann, preferred_language=language)
    response = browse(ann).get("/nothing/")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 404 and page.h1.text.strip() == words
    assert "Wagtail" not in page.title.text + page.main.text
    assert page.select_one("main a[href='/']") is not None


def test_pages_of_signing_in_have_our_name(person: Callable[..., User], browse: Callable[[User], Client]) -> None:
    client = browse(person("ann", "author"))
    for path, who in (
        ("/login/", Client()),
        ("/accounts/password/", client),
        ("/accounts/second-factor/set-up/", client),
    ):
        title = BeautifulSoup(who.get(path).content, "html.parser").title.text
        assert title.strip().endswith("Green Channel") and "Wagtail" not in title, path


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "What you asked approval for"), ("ar", "ما طلبتَ الموافقة عليه"), ("fr", "soumis à approbation")],
)
def test_the_home_page_tells_in_our_words_what_waits(
    person: Callable[..., User], browse: Callable[[User], Client], language: str, words: str
) -> None:
    ann = person("ann", "author")
    UserProfile.objects.create(user=ann, preferred_language=language)
    with translation.override(language):
        nothing = translation.gettext(NOTHING)
    assert nothing in BeautifulSoup(browse(ann).get("/").content, "html.parser").main.text
    entry = Entry.objects.get(key="qm.cash.declare")
    entry.save_revision(user=ann)
    entry.get_workflow().start(entry, ann)
    home = BeautifulSoup(browse(ann).get("/").content, "html.parser").main.text
    assert nothing not in home
    assert words in home and entry.title in home
    assert "workflow" not in home and "snippets" not in home


def test_the_audit_log_is_the_only_history_in_the_menu(
    browse: Callable[[User], Client], meridia: Administration
) -> None:
    page = browse(User.objects.create_superuser("root")).get("/").content.decode()
    assert "/guidance/audit/" in page and "site-history" not in page
