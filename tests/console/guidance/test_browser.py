"""The lists and editors of guidance in a real browser: axe in three languages, no other host, no script refused, a figure picked.

Screenshots lie in the folder that `SCREENSHOTS` names, when it is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Source

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def desk(browser: Any, live_server: Any, person: Callable[..., User]) -> Iterator[Callable[..., Page]]:
    """desk("author", language="ar"): a browser in which somebody with the role is signed in; complaints and foreign hosts fail."""
    contexts: list[Any] = []
    complaints: list[str] = []
    own = urlsplit(live_server.url).netloc

    def open_(*roles: str, language: str = "en", width: int = 1280) -> Page:
        user = person(f"user{len(contexts)}", *roles)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda request: complaints.append(request.url) if urlsplit(request.url).netloc not in (own, "") else None,
        )
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def look(page: Page, name: str) -> None:
    """Let axe-core judge the page as it is now."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"guidance-{name}.png", full_page=True)
    found = Axe().run(page, options=RULES).response["violations"]
    assert found == [], [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


def url(item: Any, name: str) -> str:
    return reverse(item.snippet_viewset.get_url_name(name), args=[] if name == "list" else [item.pk])


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_list_edit_history_and_usage(desk: Callable[..., Page], meridia: Administration, language: str) -> None:
    page = desk("author", language=language)
    entry, figure = Entry.objects.get(key="qm.alcohol.allowance"), Figure.objects.get(key="qm.alcohol.wine")
    for name, address in (
        ("home", "/"), ("list", url(entry, "list")), ("edit", url(entry, "edit")), ("history", url(entry, "history")),
        ("figures", url(figure, "list")), ("figure", url(figure, "edit")), ("usage", url(figure, "usage")),
    ):  # fmt: skip
        page.goto(address)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        look(page, f"{name}-{language}")


def test_pages_of_managers_auditors_and_publishers(desk: Callable[..., Page], meridia: Administration) -> None:
    entry = Entry.objects.get(key="qm.alcohol.allowance")
    manager = desk("manager")
    for name, address in (
        ("users", "/users/"),
        ("user", "/users/new/"),
        ("second-factor", "/accounts/second-factor/set-up/"),
    ):
        manager.goto(address)
        look(manager, name)
    auditor = desk("auditor")
    auditor.goto("/guidance/audit/")
    look(auditor, "audit")
    publisher = desk("publisher")
    publisher.goto(reverse("workflow:alone", args=["entry", entry.pk]))
    look(publisher, "alone")
    publisher.get_by_label("Why can this not wait").fill("It is wrong since this morning.")
    publisher.get_by_role("button", name="Take it off now").click()
    expect(publisher.get_by_text("is taken off")).to_be_visible()
    assert not Entry.objects.get(pk=entry.pk).live


def test_an_answer_is_written_with_a_figure_and_submitted(desk: Callable[..., Page], meridia: Administration) -> None:
    entry = Entry.objects.get(key="qm.alcohol.allowance")
    page = desk("author")
    page.goto(url(entry, "edit"))
    answer = page.locator("#id_answer")
    answer.fill("Yes: up to ")
    page.get_by_role("button", name="Insert a figure").first.click()
    page.get_by_label("Look for a figure").first.fill("wine free")
    page.get_by_role("button", name="Wine free of duty — 3 litres").click()
    assert answer.input_value() == "Yes: up to {qm.alcohol.wine}"
    expect(page.get_by_role("region", name="As readers will see it today").first).to_contain_text("Yes: up to 3 litres")
    page.get_by_role("tab", name="Questions").click()
    page.get_by_label("English", exact=True).fill("wine\nhow much wine\n")
    look(page, "questions")
    page.get_by_role("tab", name="Translations").click()
    look(page, "translations")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Four eyes").click()
    expect(page.get_by_text("submitted for moderation")).to_be_visible()
    row = Entry.objects.get(pk=entry.pk)
    assert row.workflow_in_progress
    assert row.latest().answer == "Yes: up to {qm.alcohol.wine}\n"
    assert row.answer == entry.answer


def test_the_picker_says_why_it_offers_nothing(desk: Callable[..., Page], meridia: Administration) -> None:
    page = desk("author")
    page.goto(reverse(Entry.snippet_viewset.get_url_name("add")))
    page.get_by_role("button", name="Insert a figure").first.click()
    search = page.get_by_label("Look for a figure").first
    search.fill("wine")
    expect(page.get_by_text("Choose the administration of the answer first")).to_be_visible()
    picker = page.locator("[data-answer-picker]").first.bounding_box()
    assert search.bounding_box()["x"] + search.bounding_box()["width"] <= picker["x"] + picker["width"]
    page.goto(url(Entry.objects.get(key="qm.alcohol.allowance"), "edit"))
    page.get_by_role("button", name="Insert a figure").first.click()
    page.get_by_label("Look for a figure").first.fill("zzz")
    expect(page.get_by_text("No figure of this administration fits these words.")).to_be_visible()


def test_sources_are_offered_of_the_answers_own_administration(
    desk: Callable[..., Page], meridia: Administration
) -> None:
    other = Administration.objects.create(
        key="qz", name={"en": "Zandia"}, authority={"en": "Zandia Customs"}, currency="XTS", live=True
    )
    Source.objects.create(
        administration=other, key="qz-guide", title="Guide to Zandia", url="https://zandia.example/", live=True
    )
    page = desk("author")
    page.goto(reverse(Entry.snippet_viewset.get_url_name("add")))
    page.get_by_role("button", name="Choose administration").click()
    page.locator(".modal").get_by_role("link", name="Meridia").click()
    page.get_by_role("button", name="Choose source").first.click()
    modal = page.locator(".modal")
    expect(modal.get_by_role("link", name="Arriving in Meridia")).to_be_visible()
    expect(modal.get_by_role("link", name="Guide to Zandia")).to_have_count(0)
    modal.get_by_label("Administration").select_option("")
    expect(modal.get_by_role("link", name="Guide to Zandia")).to_be_visible()
    modal.get_by_label("Search term").fill("zandia")
    expect(modal.get_by_role("link", name="Arriving in Meridia")).to_have_count(0)


def test_on_a_telephone(desk: Callable[..., Page], meridia: Administration) -> None:
    page = desk("author", width=360)
    page.goto(url(Entry.objects.get(key="qm.alcohol.allowance"), "edit"))
    expect(page.locator("#id_answer")).to_be_visible()
    look(page, "edit-narrow")
