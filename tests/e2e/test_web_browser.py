"""People at the page in a real browser, the real service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.service import Service
from tests.web_e2e.conftest import Visitor
from tests.web_e2e.test_accessibility import look


@pytest.fixture
def visitor(service: Service, browser: Browser) -> Iterator[Visitor]:  # noqa: F811
    visitor = Visitor(browser, service.url, None)  # type: ignore[arg-type]
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.complaints == []


# The real service on a busy machine may take longer than a fake.
expect.set_options(timeout=20_000)


def ask(page: Any, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def reply(page: Any, number: int = 0) -> Any:
    return page.locator(".reply").nth(number)


def test_asked_back_answered_and_sourced(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en")
    ask(page, "how many cigarettes can I bring?")
    page.get_by_role("button", name="Great Britain").click()
    expect(reply(page, 1)).to_contain_text("200 cigarettes")
    expect(reply(page, 1)).to_contain_text("checked on")
    assert reply(page, 1).get_by_role("link").first.get_attribute("href").startswith("http")


def test_without_javascript(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en&administration=ae", java_script_enabled=False)
    page.get_by_role("textbox").fill("how much cash may i carry")
    page.get_by_role("button", name="Send").click()
    expect(reply(page)).to_contain_text("60,000")


def test_arabic_page(visitor: Visitor) -> None:
    page = visitor.open("/?lang=ar&administration=ae")
    ask(page, "كم سيجارة يمكنني إحضارها")
    expect(reply(page)).to_contain_text("200")
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_a_related_question_and_a_rating(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en&administration=gb")
    ask(page, "how much wine can i bring?")
    expect(reply(page)).to_contain_text("litres")
    reply(page).locator("button").first.click()
    expect(page.locator(".reply")).to_have_count(2)
    expect(reply(page, 1)).to_contain_text("checked on")
    page.get_by_role("button", name="Helpful", exact=True).last.click()
    expect(page.get_by_role("log")).to_contain_text("Thank you")


def test_action_server_down_then_up(service: Service, visitor: Visitor) -> None:
    page = visitor.open("/?lang=en&administration=gb")
    ask(page, "how many cigarettes can i bring?")
    expect(reply(page)).to_contain_text("200")
    service.kill("actions")
    ask(page, "how much wine can i bring?")
    expect(page.get_by_role("alert")).to_contain_text("again")
    service.restart("actions")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".reply").last).to_contain_text("litres")


def test_japan_is_declined_with_what_is_covered(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en")
    ask(page, "how much alcohol can I bring to Japan?")
    expect(reply(page)).to_contain_text("Japan")
    expect(page.get_by_role("button", name="Great Britain")).to_be_visible()


def test_a_person_with_office_and_reference(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en&administration=gb")
    page.get_by_role("button", name="Talk to a person").click()
    expect(reply(page)).to_contain_text("Quote the reference")
    expect(reply(page).locator("a[href^='tel:+44']").first).to_be_visible()
    expect(reply(page)).to_contain_text("Hours")


def test_feedback_with_a_reason(visitor: Visitor) -> None:
    page = visitor.open("/?lang=en&administration=us")
    ask(page, "how much cash do I have to declare?")
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_role("button", name="It is out of date").click()
    expect(reply(page, 2)).to_contain_text("Thank you")


@pytest.mark.parametrize("administration", ["ae", "us", "gb", "eu"])
def test_what_is_asked_at_the_border_is_answered_or_asked_back(visitor: Visitor, administration: str) -> None:
    page = visitor.open(f"/?lang=en&administration={administration}")
    questions = page.locator("#now .choices button")
    for number in range(questions.count()):
        page.locator("#now summary").click()
        questions.nth(number).click()
        said = reply(page, number)
        expect(said).to_be_visible()
        assert set(said.get_attribute("class").split()) & {"answered", "asked_back"}, said.inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_real_answers(visitor: Visitor, language: str) -> None:
    page = visitor.open(f"/?lang={language}&administration=ae", viewport={"width": 360, "height": 740})
    for number, text in enumerate(page.locator("#start button").all_inner_texts()):
        ask(page, text)
        expect(reply(page, number)).to_be_visible()
    page.get_by_role("button", name="Talk to a person" if language == "en" else "التحدث إلى موظف").click()
    expect(reply(page, 4)).to_be_visible()
    look(page, f"real-{language}")
