"""The queue and the reports in a real browser: the jobs of staff, axe on every page, three languages, no other host.

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
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.unanswered.models import QuestionGroup

pytestmark = [pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ["/unanswered/", "/unanswered/g1/", "/unanswered/g1/new-answer/", "/unanswered/g1/add-wordings/?search=drone",
         "/unanswered/conversation/t0000/", "/reports/", "/reports/questions/", "/reports/guidance/"]  # fmt: skip


@pytest.fixture
def open_as(browser, live_server, staff) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody with a role, in a language; what the browser complained of or fetched elsewhere fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def hear(request: Any) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(live_server.url).netloc, ""}:
            complaints.append(f"another host: {request.url}")

    def make(path: str, *roles: str, language: str = "en", width: int = 1280) -> Page:
        from django.test import Client

        user = staff(f"{'-'.join(roles)}-{len(contexts)}", *roles)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(locale="en-GB", viewport={"width": width, "height": 900})
        contexts.append(context)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
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


@pytest.fixture
def asked(guidance, store, ask) -> None:
    """Some groups, some figures."""
    ask("may I bring a camera drone", "a", 3, group="g1")
    ask("camera drone ok?", "b", 2, group="g1")
    ask("هل أستطيع إحضار طائرة تصوير", "c", 1, group="g1", language="ar", administration="ae", channel="telegram")
    ask("duty on an old piano", "d", 1, group="g2")
    ask("piano from my grandmother", "e", 1, group="g3", outcome="failed", reason="timeout")
    for number in range(9):
        ask(
            f"drone {number}",
            f"p{number}",
            number,
            outcome="answered",
            reason=None,
            entry="gb.goods.drone",
            rating=("up", "down", None)[number % 3],
        )


def look(page: Page, name: str) -> None:
    """Let axe judge the page; keep a picture if one is wanted."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name.strip('/').replace('/', '-').split('?')[0]}.png", full_page=True)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"
    assert len(results.response["passes"]) > 10, name


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_axe_finds_nothing_on_any_page(open_as, asked, live_server, language):
    page = open_as(PAGES[0], "author", language=language)
    for path in PAGES:
        page.goto(live_server.url + path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        look(page, f"{language}{path}")


def test_a_question_becomes_a_draft_of_an_answer(open_as, asked):
    page = open_as("/unanswered/", "author")
    page.get_by_role("link", name="طائرة").click()
    expect(page.get_by_role("cell", name="may I bring a camera drone", exact=True)).to_be_visible()
    page.get_by_role("link", name="Write a new answer").click()
    page.get_by_label("Title").fill("May I bring a camera drone?")
    page.get_by_label("Topic").select_option("goods")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("The draft was made.")).to_be_visible()
    entry = Entry.objects.get(title="May I bring a camera drone?")
    assert not entry.live and entry.latest().questions.count() == 3
    assert QuestionGroup.objects.get(key="g1").state == "drafted"


def test_groups_are_ticked_and_merged_and_dismissed(open_as, asked, store):
    page = open_as("/unanswered/", "author")
    for wording in ("Merge: duty on an old piano", "Merge: piano from my grandmother"):
        page.get_by_label(wording).check()
    page.get_by_role("button", name="Merge the ticked groups").click()
    expect(page.get_by_text("Questions moved: 1.")).to_be_visible()
    page.get_by_label("Reason").select_option("not_customs")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("The questions were dismissed.")).to_be_visible()
    assert len({turn.group_id for turn in store.select("said LIKE '%piano%'")}) == 1
    assert QuestionGroup.objects.get().state == "dismissed"


def test_wordings_are_added_to_an_answer_by_keyboard_alone(open_as, asked):
    page = open_as("/unanswered/g1/add-wordings/", "author")
    page.get_by_role("searchbox", name="Find the answer").fill("Britain")
    page.keyboard.press("Enter")
    page.get_by_label("May I bring a drone to Great Britain?").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Add and ask for approval").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wordings added: 3.")).to_be_visible()
    assert Entry.objects.get(key="gb.goods.drone").workflow_in_progress


def test_a_column_of_the_chart_opens_its_questions_and_one_its_conversation(open_as, asked):
    page = open_as("/reports/", "analyst")
    page.get_by_role("link", name=": failed 1").click()
    expect(page.get_by_role("cell", name="piano from my grandmother", exact=True)).to_be_visible()
    page.get_by_role("link", name="Read").first.click()
    expect(page.get_by_text("this question", exact=True)).to_be_visible()


def test_every_piece_of_the_chart_is_reached_by_the_keyboard_and_says_what_it_counts(open_as, asked):
    page = open_as("/reports/", "analyst")
    pieces = page.locator("svg.asked-chart a")
    assert pieces.count() > 5
    pieces.first.focus()
    names = []
    for number in range(pieces.count()):
        assert page.evaluate("document.activeElement.closest('svg.asked-chart') !== null"), number
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    assert len(set(names)) == len(names) and all(": " in name and name[-1].isdigit() for name in names), names
    snapshot = page.locator("figure").aria_snapshot()  # what a screen reader is told
    assert all(f'link "{name}"' in snapshot for name in names)
    pieces.last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Questions behind the figures")).to_be_visible()


def test_a_remark_stands_beside_its_question(open_as, asked, ask, live_server):
    turn = ask(
        "is my drone free", "z", 0.5, group="g9", outcome="answered", reason=None, comment="no, I paid 20 pounds"
    )
    page = open_as("/unanswered/?kind=commented", "author")
    page.get_by_role("link", name="is my drone free").click()
    for path in ("/unanswered/g9/", f"/unanswered/conversation/{turn}/"):
        page.goto(live_server.url + path)
        expect(page.get_by_text("no, I paid 20 pounds")).to_be_visible()
        look(page, path)


def test_on_a_narrow_window_only_tables_move_sideways(open_as, asked, live_server):
    page = open_as("/unanswered/", "analyst", width=360)
    for path in ("/unanswered/", "/unanswered/g1/", "/reports/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
