"""The review and "try it" in a real browser: the jobs of staff, axe on every page, three languages, no other host.

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
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from knowledge_base.console.guidance.models import Entry, Figure

pytestmark = [pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NEW = "Yes: each adult may bring {qm.alcohol.wine} of wine or mead.\n\n- It must be for your own use.\n"
WAIT = 90_000  # the encoder is loaded with the first page that needs it


@pytest.fixture
def open_as(browser, live_server, person) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody with roles, in a language; what the browser complained of or fetched elsewhere fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def hear(request: Any) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(live_server.url).netloc, ""}:
            complaints.append(f"another host: {request.url}")

    def make(path: str, *roles: str, language: str = "en", width: int = 1280) -> Page:
        from django.test import Client

        user = person(f"{'-'.join(roles)}-{len(contexts)}", *roles)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(locale="en-GB", viewport={"width": width, "height": 900})
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", hear)
        page.goto(live_server.url + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def url(item: Any, name: str = "review") -> str:
    return reverse(f"review:{name}", args=[item._meta.model_name, item.pk])


def look(page: Page, name: str) -> None:
    """Let axe judge the page; keep a picture if one is wanted."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"
    assert len(results.response["passes"]) > 10, name


def complete(page: Page) -> None:
    """Wait until the parts that are fetched stand."""
    expect(page.locator("[data-review-part] h3").first).to_be_visible(timeout=WAIT)
    expect(page.locator("[data-review-part][aria-busy]")).to_have_count(0, timeout=WAIT)


@pytest.fixture
def submitted(draft, person) -> Entry:
    ann = person("ann", "author")
    item = draft(ann, NEW, ["may i bring mead"])
    item.get_workflow().start(item, ann)
    return item


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_axe_finds_nothing_on_any_page(open_as, submitted, live_server, language) -> None:
    page = open_as(url(submitted), "reviewer", "author", language=language)
    complete(page)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    look(page, f"{language}-review")
    for path, name in ((reverse("review:waiting"), "waiting"), (url(submitted, "replay"), "replay"), ("/", "home")):
        page.goto(live_server.url + path)
        look(page, f"{language}-{name}")
    page.goto(live_server.url + url(submitted, "try"))
    page.locator("#review-question").fill("how much wine can i bring")
    page.locator("form.review-choose button").click(timeout=WAIT)
    expect(page.locator(".review-telegram")).to_have_count(2, timeout=WAIT)
    look(page, f"{language}-try")


def test_a_reviewer_looks_and_approves(open_as, submitted) -> None:
    page = open_as("/", "reviewer")
    page.get_by_role("link", name="How much wine can I bring into Meridia?").first.click()
    complete(page)
    expect(page.locator("ins").filter(has_text="mead").first).to_be_visible()
    frame = page.frame_locator("iframe").nth(1)
    expect(frame.get_by_text("3 litres of wine or mead")).to_be_visible()
    page.locator("#review-language").select_option("ar")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".review-telegram[dir=rtl]")).to_have_count(2, timeout=WAIT)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("is approved")).to_be_visible()
    assert Entry.objects.get(pk=submitted.pk).answer == NEW


def test_an_author_asks_from_the_editor(open_as, draft, person) -> None:
    item = draft(person("ann", "author"), NEW)
    page = open_as(reverse(Entry.snippet_viewset.get_url_name("edit"), args=[item.pk]), "author")
    page.locator("#review-try-question").fill("how much wine can i bring")
    page.locator("#review-try-question").press("Enter")
    expect(page.locator(".review-panel .review-telegram").nth(1)).to_contain_text("or mead", timeout=WAIT)
    look(page, "editor-panel")


def test_a_figure_is_reviewed(open_as, figure_draft, person) -> None:
    ann = person("ann", "author")
    item: Figure = figure_draft(ann, "7")
    item.get_workflow().start(item, ann)
    page = open_as(url(item), "reviewer")
    complete(page)
    expect(page.get_by_text("Answers that its value moves").first).to_be_visible()
    look(page, "figure-review")
    page.get_by_label("Comment").fill("Where is the law?")
    page.get_by_role("button", name="Return with a comment").click()
    expect(page.get_by_text("was returned with your comment")).to_be_visible()
