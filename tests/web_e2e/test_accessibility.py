"""No state of the page breaks a rule of WCAG 2.2 AA that axe-core knows, nor what a screen reader is given of it.

axe-core comes in the package axe-playwright-python (requirements/dev.in). Screenshots of every state lie in the folder
that `SCREENSHOTS` names, when it is set.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.bot.fake_rasa import SOURCE, head
from tests.web_e2e.test_chat_page import ask, replies

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A window of 1280 pixels at 400 % zoom.
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LINES = [
    [
        f"{name}, a rather long description of it",
        f"{number}",
        f"GBP {number * 1234}.50",
        "12.5 %",
        f"GBP {number * 154}.31",
    ]
    for number, name in enumerate(["Wine", "Spirits", "Cigars", "Perfume", "Laptop", "Watch", "Shoes", "Coffee"], 1)
]
LONG = head(
    "calculated",
    [
        {"type": "paragraph", "text": "You owe GBP 5,543.16. This is how it was counted."},
        {"type": "table", "caption": "Duty and tax", "columns": ["Goods", "How many", "Value", "Rate", "Duty"], "rows": LINES},
        {"type": "buttons", "label": "Change something", "items": [
            {"title": f"Change: {line[0]}", "payload": f'/choose_entry{{"entry":"gb.line.g{number}"}}'}
            for number, line in enumerate(LINES + LINES, 1)]},
        *({"type": "source", **SOURCE, "url": f"https://www.example.org/{number}"} for number in range(6)),
        {"type": "buttons", "items": [{"title": "Can I pay by card?", "payload": '/choose_entry{"entry":"gb.pay.card"}'}]},
    ],
)  # fmt: skip


def look(page, name: str) -> None:
    """Let axe-core judge the page as it is now."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{name}\n{results.generate_report()}"
    # Rules that found nothing to look at would pass too.
    assert len(results.response["passes"]) > 10, name


def say_long(visitor, page, text: str = "sum it up") -> None:
    visitor.rasa.mode, visitor.rasa.raw = "raw", [{"custom": LONG}]
    ask(page, text)
    expect(replies(page).last.get_by_role("table")).to_be_visible()
    visitor.rasa.mode = "ok"


def no_sideways(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def state_empty(visitor, page):
    expect(page.get_by_role("textbox")).to_be_visible()


def state_border(visitor, page):
    page.locator("#now summary").click()
    page.locator(".menu summary").click()


def state_waiting(visitor, page):
    visitor.rasa.delay = 3
    ask(page, "how much cash")
    expect(page.get_by_role("status")).not_to_be_empty()


def state_answer(visitor, page):
    ask(page, "how much cash")
    expect(page.locator(".tools button")).to_be_visible()


def state_asked_back(visitor, page):
    ask(page, "how much beer")
    expect(replies(page)).to_be_visible()


def state_table(visitor, page):
    say_long(visitor, page)
    for folded in page.locator(".reply details").all():
        folded.locator("summary").click()


def state_blocks(visitor, page):
    ask(page, "calculate everything")
    expect(page.locator(".tools button")).to_be_visible()


def state_error(visitor, page):
    visitor.rasa.mode = "error"
    ask(page, "how much cash")
    expect(page.get_by_role("alert").get_by_role("button")).to_be_visible()


def state_long_conversation(visitor, page):
    for number in range(12):
        ask(page, f"question {number}: everything" if number % 3 == 0 else f"question {number}")
        expect(replies(page)).to_have_count(number + 1)
    page.get_by_text("Delete this conversation").or_(page.get_by_text("حذف هذه المحادثة")).click()


def state_too_long(visitor, page):
    page.get_by_role("textbox").fill("x" * 1001)
    expect(page.locator("#count")).not_to_be_empty()


STATES = [state_empty, state_border, state_waiting, state_answer, state_asked_back, state_table, state_blocks, state_error,
          state_long_conversation, state_too_long]  # fmt: skip
WAYS = {
    "desk": ("en", {}),
    "dark": ("en", {"color_scheme": "dark"}),
    "phone": ("en", PHONE),
    "phone-rtl": ("ar", PHONE | {"color_scheme": "dark"}),
    "zoomed": ("en", ZOOMED),
    "forced": ("en", {"forced_colors": "active"}),
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__[6:])
@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(visitor, way, state):
    language, options = WAYS[way]
    visitor.expected = ("500",)
    page = visitor.open(f"/?lang={language}", **options)
    state(visitor, page)
    look(page, f"{way}-{state.__name__[6:]}")
    no_sideways(page)
    visitor.rasa.mode = "ok"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("address", ["/accessibility", "/nothing", "/shell"])
def test_axe_finds_nothing_on_the_pages_beside(visitor, language, address):
    visitor.expected = ("404",)
    page = visitor.open(f"{address}?lang={language}", **PHONE)
    look(page, f"{language}{address.replace('/', '-')}")
    no_sideways(page)


def test_axe_finds_nothing_without_javascript_and_on_the_receipt(visitor):
    page = visitor.open(java_script_enabled=False)
    page.get_by_role("textbox").fill("calculate everything")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Delete this conversation").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    with_script = visitor.contexts[0].browser.new_context()
    visitor.contexts.append(with_script)
    receipt = with_script.new_page()
    receipt.goto(page.url)
    expect(receipt.get_by_role("heading", name="Your conversation was deleted")).to_be_visible()
    look(receipt, "receipt")


def test_axe_would_find_something(visitor):
    page = visitor.open()
    page.evaluate("document.querySelector('label[for=text]').remove()")
    with pytest.raises(AssertionError, match="label"):
        look(page, "broken")


def test_what_has_the_focus_is_never_covered(visitor):
    """WCAG 2.4.11: the question field sticks to the window's end at a desk."""
    page = visitor.open(viewport={"width": 1280, "height": 760}, reduced_motion="reduce")
    say_long(visitor, page)
    say_long(visitor, page, "again")
    expect(page.locator(".tools button")).to_have_count(2)
    page.locator(".reply a").first.focus()
    seen = 0
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        covered = page.evaluate("""() => {
            const node = document.activeElement, box = node.getBoundingClientRect();
            if (node.closest("#ask") || !node.closest(".reply")) return null;
            const free = document.getElementById("ask").getBoundingClientRect().top;
            const part = box.height > free ? box.height - free + 20 : 1;  // a table may be higher than the window
            return box.bottom > free + part || box.top < -part ? `${box.top} to ${box.bottom} of ${free}` : "";
        }""")
        if covered is not None:
            seen += 1
            assert not covered, (covered, page.evaluate("document.activeElement.outerHTML"))
    assert seen >= 15


def test_text_can_be_spaced_out(visitor):
    """WCAG 1.4.12: nothing is cut off or lost when a reader sets wider spacing."""
    page = visitor.open(bypass_csp=True, **PHONE)
    state_table(visitor, page)
    page.add_style_tag(content="* { line-height: 1.5 !important; letter-spacing: .12em !important; "
                               "word-spacing: .16em !important } p { margin-block-end: 2em !important }")  # fmt: skip
    no_sideways(page)
    cut = page.locator("button:visible, summary:visible, .reply p:visible, label:visible, h1").evaluate_all(
        "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline'"
        " && !node.closest('.vh')).map((node) => node.textContent)"
    )
    assert cut == []
