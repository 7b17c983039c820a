"""What people do with an answer and with their conversation, beside asking."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web_e2e.test_accessibility import PHONE, say_long
from tests.web_e2e.test_chat_page import ask, replies

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("name", ["empty", "answer", "table", "asked_back", "error", "arabic"])
def test_what_a_screen_reader_is_given(visitor, name):
    """The accessibility tree, kept as text beside this test; a change of it has to be looked at."""
    visitor.expected = ("500",)
    page = visitor.open("/?lang=ar" if name == "arabic" else "/?lang=en")
    if name == "table":
        say_long(visitor, page)
    elif name == "asked_back":
        ask(page, "how much beer")
    elif name == "error":
        visitor.rasa.mode = "error"
        ask(page, "how much cash")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
    elif name == "answer":
        ask(page, "how much cash")
    elif name == "arabic":
        ask(page, "كم يمكنني أن أحمل من النقد؟")
    if name in ("answer", "table", "arabic"):
        expect(page.locator(".tools button")).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    kept = (SNAPSHOTS / f"{name}.yml").read_text(encoding="utf-8").rstrip("\n")
    assert page.locator("body").aria_snapshot() == kept


def test_an_answer_is_copied_as_text_with_its_source(visitor):
    page = visitor.open(permissions=["clipboard-read", "clipboard-write"])
    say_long(visitor, page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("The answer was copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "You owe GBP 5,543.16." in text and "Goods | How many | Value | Rate | Duty" in text
    assert "https://www.example.org/0" in text and "https://www.example.org/5" in text
    assert "Helpful" not in text and "Change:" not in text and "Assistant:" not in text


def test_printing_shows_all_and_hides_the_controls(visitor):
    page = visitor.open()
    page.add_init_script("window.print = () => { window.printed = true; dispatchEvent(new Event('beforeprint')); }")
    page.reload()
    say_long(visitor, page)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.get_by_role("textbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_be_hidden()
    expect(page.get_by_role("link", name="Bringing goods in for personal use").last).to_be_visible()


def test_starting_again_is_another_conversation(visitor):
    page = visitor.open()
    ask(page, "how much cash")
    expect(replies(page)).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("button", name="How much alcohol can I bring?")).to_be_visible()
    ask(page, "how much wine")
    expect(replies(page)).to_have_count(1)
    expect(replies(page)).to_contain_text("how much wine")
    first, second = (body["sender"] for body in visitor.rasa.received)
    assert first != second


def test_download(visitor):
    page = visitor.open()
    ask(page, "how much cash")
    expect(replies(page)).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download this conversation").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert waiting.value.suggested_filename == "conversation.txt" and "how much cash" in text


def test_delete_with_a_receipt(visitor):
    page = visitor.open()
    ask(page, "how much cash")
    expect(replies(page)).to_be_visible()
    page.get_by_text("Delete this conversation").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("main", name="Your conversation was deleted")).to_contain_text("Receipt")
    page.get_by_role("link", name="Back to the assistant").click()
    expect(page.get_by_role("button", name="How much alcohol can I bring?")).to_be_visible()
    assert visitor.rasa.forgotten == [visitor.rasa.received[0]["sender"]]


@pytest.mark.parametrize("script", [True, False])
def test_a_person_is_one_press_away(visitor, script):
    page = visitor.open(java_script_enabled=script)
    page.get_by_role("button", name="Talk to a person").click()
    expect(replies(page)).to_contain_text("/ask_human")
    page.get_by_role("button", name="Talk to a person").click()
    expect(replies(page)).to_have_count(2)
    assert [body["message"] for body in visitor.rasa.received] == ["/ask_human", "/ask_human"]


@pytest.mark.parametrize("script", [True, False])
def test_at_the_border_questions_are_ready(visitor, script):
    page = visitor.open("/?lang=en&administration=gb", java_script_enabled=script)
    page.get_by_text("I am at the border now").click()
    page.get_by_role("button", name="Should I use the red or the green channel?").click()
    expect(replies(page)).to_contain_text("You asked: Should I use the red or the green channel?. Hints: gb, en")
    expect(page.get_by_role("button", name="Should I use the red or the green channel?")).to_be_hidden()


def test_the_length_is_counted_down_when_little_is_left(visitor):
    page = visitor.open()
    field, count = page.get_by_role("textbox"), page.locator("#count")
    field.fill("x" * 799)
    page.wait_for_timeout(700)
    expect(count).to_be_empty()
    field.fill("x" * 990)
    expect(count).to_have_text("Characters left: 10")
    field.fill("x" * 2234)
    expect(count).to_have_text("Too long by 1,234 characters: the end will not be read.")
    field.press("Enter")
    expect(count).to_be_empty()


def test_related_questions_are_called_so_and_go_with_the_next_question(visitor):
    page = visitor.open()
    say_long(visitor, page)
    expect(page.get_by_role("group", name="Related questions").get_by_role("button")).to_have_count(1)
    more = page.get_by_text("More choices")
    expect(page.get_by_role("button", name="Change: Coffee").first).to_be_hidden()
    more.click()
    expect(page.get_by_role("button", name="Change: Coffee").first).to_be_visible()
    ask(page, "how much cash")
    expect(replies(page)).to_have_count(2)
    expect(page.get_by_text("Related questions")).to_have_count(0)
    expect(replies(page).first).not_to_contain_text("Change something")
    page.reload()
    expect(page.get_by_text("Related questions")).to_have_count(0)
    expect(replies(page).first).not_to_contain_text("Change something")


def test_what_was_asked_back_stays_readable(visitor):
    page = visitor.open()
    ask(page, "how much beer")
    ask(page, "never mind, how much cash")
    expect(replies(page)).to_have_count(2)
    expect(replies(page).first).to_contain_text("Which country are you travelling to?")


def test_amounts_in_a_table_are_never_broken_and_the_goods_stay_in_sight(visitor):
    page = visitor.open(**PHONE)
    say_long(visitor, page)
    amount = page.get_by_role("cell", name="GBP 9872.50")
    assert amount.evaluate("node => node.getClientRects().length") == 1 and amount.bounding_box()["height"] > 0
    assert amount.evaluate("node => getComputedStyle(node).whiteSpace") == "nowrap"
    box = page.locator(".wide")
    before = page.get_by_role("rowheader", name="Coffee").bounding_box()["x"]
    box.evaluate("node => { node.scrollLeft = 200 }")
    page.wait_for_timeout(100)
    assert box.evaluate("node => node.scrollLeft") > 50
    assert abs(page.get_by_role("rowheader", name="Coffee").bounding_box()["x"] - before) < 2


def test_on_a_phone_a_pressed_button_does_not_open_the_keyboard(visitor):
    page = visitor.open(**PHONE)
    page.get_by_role("button", name="How much alcohol can I bring?").tap()
    expect(replies(page)).to_be_visible()
    expect(page.get_by_role("log")).to_be_focused()


def test_every_control_is_large_enough_for_a_finger(visitor):
    page = visitor.open(**PHONE)
    say_long(visitor, page)
    page.locator("#now summary").click()
    page.get_by_text("Delete this conversation").click()
    sizes = page.locator("button:visible, summary:visible, select:visible, footer a:visible").evaluate_all(
        "nodes => nodes.map(node => [node.textContent.trim(), node.getBoundingClientRect()])"
        ".map(([text, box]) => [text, box.width, box.height])"
    )
    assert len(sizes) > 15 and [size for size in sizes if size[1] < 44 or size[2] < 44] == []
