"""The fake Bot API refuses what the real one refuses, so that a test which passes against it means something."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.bot.telegram.harness import serving, until
from tests.fakes.telegram_api import FakeTelegram, create_app
from tests.fakes.telegram_text import Refused, read_html


class Api:
    """A bot's bare client."""

    def __init__(self, fake: FakeTelegram, url: str, http: httpx.AsyncClient) -> None:
        self.fake, self.url, self.http = fake, url, http

    async def __call__(self, method: str, **given) -> tuple[int, object]:
        answer = (await self.http.post(f"{self.url}/bot{self.fake.token}/{method}", json=given)).json()
        return (200, answer["result"]) if answer["ok"] else (answer["error_code"], answer["description"])


@pytest_asyncio.fixture
async def api():
    fake = FakeTelegram()
    async with serving(create_app(fake)) as url, httpx.AsyncClient(timeout=20, trust_env=False) as http:
        yield Api(fake, url, http)
        await fake.close()


async def test_updates_come_again_until_they_are_acknowledged(api):
    first, second = api.fake.message(1, "one")["update_id"], api.fake.message(1, "two")["update_id"]
    for _ in range(2):
        assert [update["update_id"] for update in (await api("getUpdates"))[1]] == [first, second]
    assert [update["update_id"] for update in (await api("getUpdates", offset=second))[1]] == [second]
    assert (await api("getUpdates", offset=second + 1))[1] == []
    assert (await api("getUpdates"))[1] == []


async def test_a_negative_offset_keeps_the_last(api):
    api.fake.message(1, "one")
    last = api.fake.message(1, "two")["update_id"]
    assert [update["update_id"] for update in (await api("getUpdates", offset=-1))[1]] == [last]


async def test_a_long_poll_waits_for_the_next_update(api):
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    assert not poll.done()
    api.fake.message(1, "hello")
    status, updates = await asyncio.wait_for(poll, 10)
    assert status == 200 and updates[0]["message"]["text"] == "hello"
    began = time.monotonic()
    assert (await api("getUpdates", offset=updates[0]["update_id"] + 1, timeout=0.2))[1] == []
    assert time.monotonic() - began >= 0.2


async def test_a_second_poller_ends_the_first_with_409(api):
    first = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(api("getUpdates", timeout=20))
    status, text = await asyncio.wait_for(first, 10)
    assert status == 409 and "terminated by other getUpdates" in text
    api.fake.message(1, "hello")
    assert (await second)[0] == 200


async def test_polling_and_a_webhook_exclude_each_other(api):
    assert (await api("setWebhook", url="http://127.0.0.1:1/hook"))[0] == 200
    status, text = await api("getUpdates")
    assert status == 409 and "webhook is active" in text
    await api("deleteWebhook")
    assert (await api("getUpdates"))[0] == 200


async def test_only_allowed_kinds_are_kept(api):
    await api("getUpdates", allowed_updates=["callback_query"])
    api.fake.message(1, "hello")
    assert (await api("getUpdates"))[1] == []


async def test_a_webhook_gets_the_secret_and_the_update_until_it_says_yes(api):
    seen = []

    async def hook(request):
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), (await request.json())["update_id"]))
        return Response(status_code=500 if len(seen) < 3 else 200)

    async with serving(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as url:
        update = api.fake.message(1, "waited")["update_id"]
        await api("setWebhook", url=url + "/hook", secret_token="s-1")
        await until(lambda: len(seen) == 3, "the third delivery")
        await until(lambda: not api.fake.updates, "the end of the delivery")
        assert seen == [("s-1", update)] * 3
        info = (await api("getWebhookInfo"))[1]
        assert info["pending_update_count"] == 0 and "500" in info["last_error_message"]
        await api("deleteWebhook")


@pytest.mark.parametrize(
    "given", [{"url": "http://example.org/hook"}, {"url": "https://example.org", "secret_token": "a b"}]
)
async def test_a_bad_webhook_is_refused(api, given):
    assert (await api("setWebhook", **given))[0] == 400


async def test_only_the_right_token_is_known(api):
    answer = await api.http.post(f"{api.url}/bot999:other/getMe")
    assert answer.status_code == 401


@pytest.mark.parametrize(("text", "what"), [
    ("<b>open", "Can't find end tag"), ("<b><i>x</b></i>", "Unmatched end tag"), ("</b>", "Unexpected end tag"),
    ("<h1>x</h1>", "Unsupported start tag"), ("a <b", "Unclosed start tag"), ("1 < 2 > 1", "Unsupported start tag"),
])  # fmt: skip
async def test_bad_html_is_refused(api, text, what):
    api.fake.message(1, "hello")
    status, said = await api("sendMessage", chat_id=1, text=text, parse_mode="HTML")
    assert status == 400 and what in said
    assert (await api("sendMessage", chat_id=1, text=text))[0] == 200


def test_html_becomes_text_and_entities():
    text, entities = read_html('😀 <b>A &amp; <i>B</i></b> <a href="https://e.org/?a=1&amp;b=2">x</a> &lt;')
    assert text == "😀 A & B x <"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "italic", "offset": 7, "length": 1},
        {"type": "text_link", "offset": 9, "length": 1, "url": "https://e.org/?a=1&b=2"},
    ]
    with pytest.raises(Refused):
        read_html("<b>")


async def test_length_is_counted_in_utf_16_after_the_markup(api):
    api.fake.message(1, "hello")
    assert (await api("sendMessage", chat_id=1, text="😀" * 2048))[0] == 200
    assert (await api("sendMessage", chat_id=1, text="😀" * 2048 + "x")) == (400, "Bad Request: message is too long")
    assert (await api("sendMessage", chat_id=1, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML"))[0] == 200
    assert (await api("sendMessage", chat_id=1, text=" <b> </b>", parse_mode="HTML"))[1].endswith("text is empty")


@pytest.mark.parametrize(("button", "code"), [
    ({"text": "x", "callback_data": "é" * 32}, 200), ({"text": "x", "callback_data": "é" * 32 + "x"}, 400),
    ({"text": "x", "callback_data": ""}, 400), ({"text": "", "callback_data": "x"}, 400), ({"text": "x"}, 400),
])  # fmt: skip
async def test_buttons_are_checked(api, button, code):
    api.fake.message(1, "hello")
    assert (await api("sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": [[button]]}))[0] == code


async def test_edits_are_checked(api):
    typed = api.fake.message(1, "hello")["message"]
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    sent = (await api("sendMessage", chat_id=1, text="one", reply_markup=markup))[1]
    own = {"chat_id": 1, "message_id": sent["message_id"]}
    assert "not modified" in (await api("editMessageText", **own, text="one", reply_markup=markup))[1]
    assert (await api("editMessageText", **own, text="two", reply_markup=markup))[0] == 200
    assert (await api("editMessageReplyMarkup", **own))[0] == 200
    assert "not modified" in (await api("editMessageReplyMarkup", **own))[1]
    assert "not found" in (await api("editMessageText", chat_id=1, message_id=99, text="x"))[1]
    assert "can't be edited" in (await api("editMessageText", chat_id=1, message_id=typed["message_id"], text="x"))[1]
    assert api.fake.sent[0]["text"] == "two" and "reply_markup" not in api.fake.sent[0]


async def test_a_press_is_answered_once(api):
    api.fake.message(1, "hello")
    sent = (await api("sendMessage", chat_id=1, text="x"))[1]
    number = api.fake.press(sent, "data")["callback_query"]["id"]
    assert (await api("answerCallbackQuery", callback_query_id=number, text="x" * 201))[0] == 400
    assert (await api("answerCallbackQuery", callback_query_id=number, text="ok"))[0] == 200
    assert (await api("answerCallbackQuery", callback_query_id=number))[0] == 400
    assert (await api("answerCallbackQuery", callback_query_id="never"))[0] == 400


async def test_switches_flood_blocked_and_down(api):
    api.fake.message(1, "hello")
    await api.http.post(api.url + "/_/set", json={"flood": 1})
    answer = await api.http.post(f"{api.url}/bot{api.fake.token}/sendMessage", data={"chat_id": 1, "text": "x"})
    assert answer.status_code == 429 and answer.json()["parameters"] == {"retry_after": 1}
    assert (await api("sendMessage", chat_id=1, text="x"))[0] == 200
    api.fake.one_per_second = True
    assert (await api("sendMessage", chat_id=1, text="x"))[0] == 429
    await api.http.post(api.url + "/_/set", json={"blocked": [1]})
    assert (await api("sendMessage", chat_id=1, text="x")) == (403, "Forbidden: bot was blocked by the user")
    assert (await api("sendMessage", chat_id=2, text="x")) == (400, "Bad Request: chat not found")
    api.fake.down = True
    assert (await api("getMe"))[0] == 502
    assert (await api.http.post(api.url + "/_/set", json={"colour": 1})).status_code == 400


async def test_commands_and_chat_actions_are_checked(api):
    api.fake.message(1, "hello")
    command = {"command": "help", "description": "What I can do"}
    assert (await api("setMyCommands", commands=[command], language_code="ar"))[0] == 200
    assert (await api("getMyCommands", language_code="ar"))[1] == [command]
    assert (await api("setMyCommands", commands=[{**command, "command": "Help!"}]))[0] == 400
    assert (await api("setMyCommands", commands=[{**command, "description": ""}]))[0] == 400
    assert (await api("sendChatAction", chat_id=1, action="typing"))[0] == 200
    assert (await api("sendChatAction", chat_id=1, action="dancing"))[0] == 400
    assert (await api("sendSmoke"))[0] == 404


async def test_push_and_state_over_http(api):
    pushed = (
        await api.http.post(
            api.url + "/_/push", json={"chat_id": -5, "text": "hi @GreenChannelTestBot", "chat_type": "group"}
        )
    ).json()
    assert pushed["message"]["entities"] == [{"type": "mention", "offset": 3, "length": 20}]
    raw = {"callback_query": {"id": "c1", "from": {"id": 1}, "data": "x", "message": pushed["message"]}}
    assert (await api.http.post(api.url + "/_/push", json=raw)).json()["update_id"] > pushed["update_id"]
    state = (await api.http.get(api.url + "/_/state")).json()
    assert len(state["updates"]) == 2 and state["callbacks"] == {"c1": None}
