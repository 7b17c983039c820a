"""A line that is slow, broken or gone: nothing is lost, nothing is said twice, and the person is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web_e2e.test_chat_page import ask, replies

MESSAGES = "**/api/v1/messages"


class Line:
    """The line to the chat API: breaks the first `broken` sendings and keeps the idempotency keys that it saw."""

    def __init__(self, page, broken: int, status: int | None = None) -> None:
        self.keys: list[str] = []
        self.broken = broken
        self.status = status
        page.route(MESSAGES, self)

    def __call__(self, route) -> None:
        self.keys.append(route.request.post_data_json["idempotency_key"])
        if len(self.keys) > self.broken:
            route.continue_()
        elif self.status:
            route.fulfill(status=self.status, body="a proxy's page")
        else:
            route.abort("internetdisconnected")


@pytest.mark.parametrize("status", [None, 503])
def test_a_short_break_is_bridged_without_a_word(visitor, status):
    visitor.expected = ("net::ERR", "503")
    page = visitor.open()
    line = Line(page, broken=2, status=status)
    ask(page, "how much cash")
    expect(replies(page)).to_contain_text("how much cash", timeout=15_000)
    assert len(line.keys) == 3 and len(set(line.keys)) == 1
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator(".said")).to_have_count(1)


def test_after_a_long_break_one_button_sends_it_with_the_same_key(visitor):
    visitor.expected = ("net::ERR",)
    page = visitor.open()
    line = Line(page, broken=3)
    ask(page, "how much cash")
    expect(page.get_by_role("alert")).to_contain_text("could not be sent", timeout=15_000)
    page.get_by_role("button", name="Try again").click()
    expect(replies(page)).to_contain_text("how much cash")
    assert len(line.keys) == 4 and len(set(line.keys)) == 1
    expect(page.locator(".said")).to_have_count(1)


def test_an_answer_that_was_lost_on_the_way_is_not_asked_for_twice(visitor):
    visitor.expected = ("net::ERR",)
    page = visitor.open()
    seen = []

    def lose_the_answer(route):
        seen.append(route.request.post_data_json["idempotency_key"])
        if len(seen) == 1:
            route.fetch()  # the message arrives, the answer does not
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(MESSAGES, lose_the_answer)
    ask(page, "how much cash")
    expect(replies(page)).to_contain_text("how much cash")
    assert len(seen) == 2 and len(visitor.rasa.received) == 1


def test_offline_it_is_kept_and_goes_out_when_the_line_is_back(visitor):
    visitor.expected = ("icon.svg",)  # the browser asks for it when it likes
    page = visitor.open()
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("You are offline")
    ask(page, "how much cash")
    expect(page.locator(".said")).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("goes out when the line is back")
    assert visitor.rasa.received == []
    page.context.set_offline(False)
    expect(replies(page)).to_contain_text("how much cash")
    expect(page.get_by_role("status")).to_be_empty()
    assert len(visitor.rasa.received) == 1
    expect(page.get_by_role("button", name="Copy")).to_be_visible()


def test_conveniences_that_did_not_load_come_with_the_next_answer(visitor):
    visitor.expected = ("net::ERR",)
    page = visitor.open()
    page.route("**/static/more.js*", lambda route: route.abort("connectionreset"), times=2)
    ask(page, "how much cash")
    expect(replies(page)).to_contain_text("how much cash")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    ask(page, "how much wine")
    expect(replies(page)).to_have_count(2)
    expect(page.get_by_role("button", name="Copy")).to_have_count(2)


@pytest.mark.parametrize(("typed", "sent"), [("how much cash\n", 1), ("how much cash", 0), ("\n", 0)])
def test_enter_pressed_before_the_script_came_is_not_lost(visitor, typed, sent):
    visitor.expected = ("Service Worker registration blocked",)
    page = visitor.open("/?lang=en", service_workers="block")
    held = []
    page.route("**/static/chat.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.get_by_role("textbox").press_sequentially(typed)
    expect(replies(page)).to_have_count(0)
    held[0].continue_()
    page.wait_for_load_state()
    expect(replies(page)).to_have_count(sent)
    expect(page.get_by_role("textbox")).to_have_value("" if sent else typed)
    assert len(visitor.rasa.received) == sent


def test_a_slow_answer_is_announced(visitor):
    page = visitor.open()
    page.clock.install()
    page.route(MESSAGES, lambda route: page.clock.fast_forward(7000) or route.continue_())
    visitor.rasa.delay = 0.5
    ask(page, "how much cash")
    expect(page.get_by_role("status")).to_contain_text("longer than usual")
    expect(replies(page)).to_be_visible()


def test_too_many_questions_are_told_with_the_time_to_wait(visitor):
    visitor.expected = ("429",)
    page = visitor.open()
    refused = {"status": 429, "headers": {"Retry-After": "42"}, "body": "{}"}
    page.route(MESSAGES, lambda route: route.fulfill(**refused), times=1)
    ask(page, "how much cash")
    expect(page.get_by_role("alert")).to_contain_text("wait 42 seconds")
    page.get_by_role("button", name="Try again").click()
    expect(replies(page)).to_contain_text("how much cash")


def test_the_installed_page_opens_without_a_line(visitor):
    visitor.expected = ("net::ERR",)
    page = visitor.open("/?lang=fr")
    ask(page, "combien")
    expect(replies(page)).to_be_visible()
    kept = """async () => {
        await navigator.serviceWorker.ready;
        const names = await caches.keys();
        return names.length ? (await (await caches.open(names[0])).keys()).map((one) => new URL(one.url).pathname) : [];
    }"""
    for _ in range(50):
        paths = page.evaluate(kept)
        if len(paths) >= 4:
            break
        page.wait_for_timeout(100)
    assert "/shell" in paths and set(paths) <= {
        "/shell", "/static/chat.css", "/static/chat.js", "/static/more.js", "/static/icon.svg", "/static/icon-180.png"
    }  # fmt: skip
    page.context.set_offline(True)
    page.goto(page.url)
    expect(page.get_by_role("status")).to_contain_text("hors ligne")
    expect(page.locator(".said")).to_have_count(0)  # what was said is not in the cache
    ask(page, "combien encore")
    page.context.set_offline(False)
    expect(replies(page)).to_contain_text("combien encore")
    senders = {body["sender"] for body in visitor.rasa.received}
    assert len(senders) == 1, "the conversation goes on by its cookie"
