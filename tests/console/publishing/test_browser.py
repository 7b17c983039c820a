"""The pages of publishing in a real browser: axe in three languages, no other host, and the jobs of a publisher.

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
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from knowledge_base.console.publishing.worker import Worker
from knowledge_base.index.manifest import CURRENT
from knowledge_base.switches import FILE, put_up, read_switches, switch_off
from tests.console.publishing.conftest import CASH, publish, served_answer

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def open_as(browser: Any, live_server: Any, staff: Callable[..., Any]) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody with a role; what the browser complains of or fetches elsewhere fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []
    own = urlsplit(live_server.url).netloc

    def make(path: str, role: str, language: str = "en", width: int = 1280) -> Page:
        user = staff(role)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: complaints.append(request.url) if urlsplit(request.url).netloc not in (own, "") else None,
        )
        page.goto(live_server.url + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def served(worker: Worker) -> str:
    """A good release, a wrong one that is served, one that failed, one that waits; an answer that is off and a notice."""
    publish(CASH, "Yes, from {zz.cash.over} on, right.")
    worker.turn()
    good = (worker.publisher.releases / CURRENT).resolve().name
    publish(CASH, "Yes, from {zz.no.such} on.")
    worker.turn()
    publish(CASH, "Yes, from {zz.cash.over} on, wrong.")
    worker.turn()
    publish(CASH, "Yes, from {zz.cash.over} on, newer.")
    path = worker.publisher.releases / FILE
    switch_off(path, "topic:zz/alcohol", "the limit is being checked", "huda")
    put_up(path, ["administration:zz"], {"en": "Strike on Monday", "ar": "إضراب يوم الاثنين"}, "huda", "told by phone")
    return good


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"publishing-{name}.png", full_page=True)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_axe_finds_nothing(open_as: Callable[..., Page], served: str, live_server: Any, language: str) -> None:
    page = open_as("/publishing/", "publisher", language)
    for name in ("", "releases", "switches", "notices"):
        page.goto(f"{live_server.url}/publishing/{name}")
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        look(page, f"{language}-{name or 'state'}")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/publishing/")
    look(page, f"{language}-narrow")


def test_going_back_in_the_browser(open_as: Callable[..., Page], served: str, worker: Worker) -> None:
    page = open_as("/publishing/releases", "publisher")
    assert "wrong" in served_answer(worker)
    part = page.locator("section", has=page.get_by_role("heading", name=served))
    part.get_by_label("Why?").fill("the limit is wrong")
    part.get_by_role("button", name=f"Go back to {served}").click()
    expect(page.get_by_text("Publishing is held")).to_be_visible()
    assert "right" in served_answer(worker)


def test_the_state_shows_by_itself_what_became_of_a_change(open_as: Callable[..., Page], worker: Worker) -> None:
    page = open_as("/publishing/", "author")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    expect(page.get_by_text("Changes that wait to be served: 1")).to_be_visible()
    worker.turn()
    expect(page.get_by_text("Served since")).to_be_visible()
    expect(page.get_by_role("button", name="Build everything once more")).to_have_count(0)


def test_switching_an_answer_off_in_the_browser(open_as: Callable[..., Page], guidance: None, var: Path) -> None:
    page = open_as("/publishing/switches", "publisher")
    page.get_by_label("One answer").fill(CASH)
    page.get_by_label("Why?").fill("wrong figure")
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("button", name=f"({CASH}) on again")).to_be_visible()
    assert [off.comment for off in read_switches(var / "releases" / FILE).off] == ["wrong figure"]
    page.get_by_role("button", name="on again").click()
    expect(page.get_by_text("Nothing is switched off.")).to_be_visible()
