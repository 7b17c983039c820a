import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.load import Plan, Result, play

TALK = [{"text": "wine?", "administration": "gb"}, {"text": "beer?", "administration": "gb"}]


class Chat:
    """Both kinds of chat; keeps what it was asked and how many asked at once."""

    def __init__(self, wait_s=0.0, reply=None, status=200):
        self.asked, self.busiest, self._busy = [], 0, 0
        self.wait_s, self.reply, self.status = wait_s, reply, status

    async def answer(self, request):
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        body = await request.json()
        self.asked.append((request.path, body, request.headers.get("X-Forwarded-For")))
        await asyncio.sleep(self.wait_s)
        self._busy -= 1
        if request.path.endswith("webhook"):
            return web.json_response(self.reply if self.reply is not None else [{"text": "hi"}])
        conversation = body.get("conversation") or f"signed-{len(self.asked)}"
        reply = self.reply or {"outcome": "answered", "reason": None}
        return web.json_response(reply | {"conversation": conversation}, status=self.status)

    async def play(self, **more):
        app = web.Application()
        app.router.add_post("/{path:.*}", self.answer)
        async with TestServer(app) as server:
            plan = {"kind": "chat", "conversations": [TALK], "warm": False} | more
            return await play(Plan(url=str(server.make_url("")).rstrip("/"), **plan))


async def test_a_conversation_goes_on_and_the_next_is_fresh():
    chat = Chat()
    result = await chat.play(conversations=[TALK, TALK])
    assert [path for path, _, _ in chat.asked] == ["/api/v1/messages"] * 4
    bodies = [body for _, body, _ in chat.asked]
    assert [body["text"] for body in bodies] == ["wine?", "beer?"] * 2
    assert [body.get("conversation") for body in bodies] == [None, "signed-1", None, "signed-3"]
    addresses = [address for _, _, address in chat.asked]
    assert addresses[0] == addresses[1] != addresses[2] == addresses[3]
    assert result.outcomes == {"answered": 4}
    assert [place for _, _, place in result.turns] == [0, 1, 0, 1]
    assert len(result.ms) == 4 and all(ms > 0 for ms in result.ms)


async def test_senders_of_a_stock_bot_are_fresh_too():
    chat = Chat()
    await chat.play(kind="rest", conversations=[TALK, TALK])
    senders = [body["sender"] for _, body, _ in chat.asked]
    assert senders[0] == senders[1] != senders[2] == senders[3]
    assert [body["message"] for _, body, _ in chat.asked] == ["wine?", "beer?"] * 2
    assert all(set(body) == {"sender", "message"} for _, body, _ in chat.asked)


async def test_two_runs_never_share_a_sender():
    first, second = Chat(), Chat()
    await first.play(kind="rest")
    await second.play(kind="rest")
    assert first.asked[0][1]["sender"] != second.asked[0][1]["sender"]


async def test_a_fresh_question_is_never_the_same_twice_and_begins_as_it_is():
    chat = Chat()
    await chat.play(conversations=[TALK] * 20, fresh=True)
    texts = [body["text"] for _, body, _ in chat.asked]
    assert all(text.startswith(said["text"]) for text, said in zip(texts, TALK * 20))
    assert len(set(texts)) > 36  # of 40: chance may repeat one
    assert [set(body) for _, body, _ in chat.asked][0] == {"text", "administration"}


async def test_so_many_at_once_and_no_more():
    chat = Chat(wait_s=0.02)
    await chat.play(conversations=[TALK] * 9, concurrency=3)
    assert chat.busiest == 3 and len(chat.asked) == 18


async def test_a_turn_that_ends_too_late_is_timed_but_does_not_count():
    result = await Chat(wait_s=0.3).play(seconds=0.05, concurrency=2)
    assert len(result.turns) == 2 and result.messages_per_s == 0


async def test_conversations_are_repeated_until_the_time_is_over():
    result = await Chat(wait_s=0.001).play(seconds=0.5)
    assert len(result.turns) > len(TALK)
    counted = result.messages_per_s * 0.5
    assert counted == pytest.approx(len(result.turns), abs=1.01)  # all but the one that was under way


@pytest.mark.parametrize(
    "kind, reply, outcome",
    [
        ("chat", {"outcome": "declined", "reason": "no_guidance"}, "declined/no_guidance"),
        ("chat", {"outcome": "failed", "reason": "rasa_down"}, "failed/rasa_down"),
        ("rest", [], "empty"),
        ("rest", [{"text": "the answer"}], "answered"),
        ("rest", [{"text": "Hey! How are you?"}], "other"),
    ],
)
async def test_what_came_of_a_turn_is_told(kind, reply, outcome):
    result = await Chat(reply=reply).play(kind=kind, expect="the answer" if kind == "rest" else None)
    assert result.outcomes == {outcome: 2}


async def test_a_refusal_and_a_dead_server_are_failures_not_quick_answers():
    assert (await Chat(status=429).play()).outcomes == {"http_429": 2}
    plan = Plan("rest", "http://127.0.0.1:9", [TALK], warm=False)  # nothing listens on the port of "discard"
    assert (await play(plan)).outcomes == {"ClientConnectorError": 2}


async def test_warming_up_is_not_timed():
    chat = Chat()
    result = await chat.play(warm=True, concurrency=2)
    assert len(chat.asked) == 6 and len(result.turns) == 2


def test_milliseconds():
    assert Result([(1.0, 1.025, 0)]).ms == pytest.approx([25])
