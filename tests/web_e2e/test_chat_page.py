"""What people do on the chat page, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

EVERY_LANGUAGE = ("ar", "en", "es", "fr", "hi", "ru", "ur", "zh")


def ask(page, text):
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def replies(page):
    return page.locator(".reply")


def test_ask_then_choose_a_quick_reply(visitor):
    page = visitor.open()
    ask(page, "how much beer can i bring?")
    expect(page.get_by_text("Which country are you travelling to?")).to_be_visible()
    page.get_by_role("button", name="Great Britain").click()
    answer = replies(page).nth(1)
    expect(answer).to_contain_text("42 litres")
    expect(answer.get_by_role("link", name="Bringing goods in for personal use")).to_have_attribute(
        "href", "https://www.example.org/goods"
    )
    expect(answer).to_contain_text("checked on 21 November 2026")
    assert visitor.rasa.received[1]["message"] == '/change_administration{"administration":"gb"}'
    assert visitor.rasa.received[0]["sender"] == visitor.rasa.received[1]["sender"]
    expect(page.get_by_label("Country")).to_have_value("gb")
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("button", name="Great Britain")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("42 litres")
    expect(page.get_by_label("Country")).to_have_value("gb")


def test_without_javascript(visitor):
    page = visitor.open(java_script_enabled=False)
    page.get_by_role("button", name="How much alcohol can I bring?").click()
    expect(replies(page)).to_contain_text("How much alcohol can I bring?")
    page.get_by_role("textbox").fill("how much beer?")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Great Britain").click()
    expect(replies(page)).to_have_count(3)
    expect(replies(page).last).to_contain_text("42 litres")
    page.get_by_role("button", name="Not helpful").click()
    expect(replies(page).last).to_contain_text("Thank you")
    assert visitor.rasa.received[-1]["message"] == '/give_feedback{"rating":"down"}'
    page.get_by_text("Delete this conversation").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Your conversation was deleted")).to_be_visible()
    page.get_by_role("link", name="Back to the assistant").click()
    expect(replies(page)).to_have_count(0)


def test_both_ways_to_render_show_the_same(visitor):
    page = visitor.open()
    ask(page, "calculate everything")
    expect(replies(page)).to_be_visible()
    by_script = page.get_by_role("log").aria_snapshot()
    page.reload()
    expect(replies(page)).to_be_visible()
    assert page.get_by_role("log").aria_snapshot() == by_script
    assert "<script>alert(1)</script>" in by_script


def test_arabic_reads_from_right_to_left(visitor):
    page = visitor.open("/?lang=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    ask(page, "كم يمكنني أن أحمل من النقد؟")
    answer = replies(page)
    expect(answer).to_have_attribute("dir", "rtl")
    expect(answer).to_contain_text("تم التحقق في 21 نوفمبر 2026")
    expect(answer.locator("bdi[dir=ltr]").first).to_have_text("2026-10-01")
    expect(page.get_by_label("البلد")).to_have_value("ae")
    ask(page, "and in english?")
    expect(replies(page).nth(1)).to_have_attribute("dir", "ltr")
    said = page.locator(".said p").nth(1)
    assert said.evaluate("node => getComputedStyle(node).direction") == "ltr"
    send, text = page.get_by_role("button", name="إرسال").bounding_box(), page.get_by_role("textbox").bounding_box()
    assert send["x"] < text["x"]


@pytest.mark.parametrize("mode", ["empty", "error"])
def test_backend_down_then_retry(visitor, mode):
    page = visitor.open()
    visitor.rasa.mode = mode
    ask(page, "how much cash")
    expect(page.get_by_role("alert")).to_contain_text("your question was not answered")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_contain_text("your question was not answered")
    visitor.rasa.mode = "ok"
    page.get_by_role("button", name="Try again").click()
    expect(replies(page)).to_contain_text("how much cash")
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator(".said")).to_have_count(1)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.reload()
    expect(page.locator(".said")).to_have_count(1)


def test_keyboard_only(visitor):
    page = visitor.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to your question")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab") if page.evaluate("document.activeElement.id") != "text" else None
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("how much beer")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("can i bring")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Great Britain")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Great Britain":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(replies(page).nth(1)).to_contain_text("42 litres")
    expect(page.get_by_role("textbox")).to_be_focused()
    assert visitor.rasa.received[0]["message"] == "how much beer can i bring"


def test_a_screen_reader_is_told(visitor):
    page = visitor.open()
    visitor.rasa.delay = 0.4
    ask(page, "how much cash")
    expect(page.get_by_role("status")).to_have_text("Looking it up…")
    expect(replies(page)).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    snapshot = page.locator("body").aria_snapshot()
    for part in ('- main "Ask customs"', '- heading "Ask customs" [level=1]', '- log "Conversation"',
                 '- textbox "Your question"', '- combobox "Country"', '- group "Was this helpful?"'):  # fmt: skip
        assert part in snapshot, part
    assert "You:" in snapshot and "Assistant:" in snapshot and "▾" not in snapshot
    assert page.locator("[role=log] > ol > li").count() == 2


def test_feedback(visitor):
    page = visitor.open()
    ask(page, "how much cash")
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(replies(page).nth(1)).to_contain_text("Thank you")
    assert visitor.rasa.received[-1]["message"] == '/give_feedback{"rating":"up"}'
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_count(0)


def test_a_second_question_waits_for_the_first(visitor):
    page = visitor.open()
    visitor.rasa.delay = 0.4
    ask(page, "first")
    ask(page, "second")
    expect(replies(page)).to_have_count(1)
    expect(page.get_by_role("textbox")).to_have_value("second")
    page.get_by_role("textbox").press("Enter")
    expect(replies(page)).to_have_count(2)


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_every_language_fits_a_small_screen(visitor, language):
    page = visitor.open(f"/?lang={language}&administration=ae", viewport={"width": 320, "height": 640})
    ask(page, "calculate everything")
    expect(replies(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.locator("button:visible, summary:visible, select:visible, footer a:visible").evaluate_all(
        "nodes => nodes.map(node => [node.textContent.trim(), node.getBoundingClientRect().height])"
    )
    assert sizes and [size for size in sizes if size[1] < 44] == []
    page.locator(".menu summary").click()
    menu = page.locator(".menu ul").bounding_box()
    assert menu["x"] >= 0 and menu["x"] + menu["width"] <= 320


def _luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(visitor, scheme):
    page = visitor.open(color_scheme=scheme)
    ask(page, "calculate everything")
    expect(replies(page)).to_be_visible()
    pairs = page.locator("p:visible, a:visible, button:visible, dt, dd, th, td, li, label, summary").evaluate_all("""
        nodes => nodes.filter(n => n.textContent.trim()).map(node => {
            let behind = node;
            const clear = "rgba(0, 0, 0, 0)";
            while (behind && getComputedStyle(behind).backgroundColor === clear) behind = behind.parentElement;
            return [node.textContent.trim().slice(0, 30), getComputedStyle(node).color,
                    getComputedStyle(behind ?? document.documentElement).backgroundColor];
        })""")
    assert len(pairs) > 15
    for text, ink, paper in pairs:
        light, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ink, paper)


def test_no_motion_and_forced_colours(visitor):
    page = visitor.open(reduced_motion="reduce", forced_colors="active")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    ask(page, "how much cash")
    expect(replies(page)).to_be_visible()
    assert page.locator(".said").evaluate("node => getComputedStyle(node).borderStyle") == "solid"


def test_a_console_error_would_fail_these_tests(visitor):
    page = visitor.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'data:,x'}))")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<p>x</p>'")
    visitor.complaints.clear()
