import asyncio
import json
import logging

import pytest

from bot.rasa_client import RasaClient
from bot.turn import Turn


@pytest.fixture
async def client(rasa):
    client = RasaClient(rasa.url, deadline_s=5)
    yield client
    await client.close()


def turn(text="how much cash", conversation="web-1", **more):
    return Turn(conversation, text, "web", **more)


async def test_the_message_arrives_with_its_hints(client, rasa):
    reply = await client.ask(turn(administration="ae", language="en", date="2027-01-01", request_id="r"))
    assert reply.outcome == "answered" and "how much cash" in reply.blocks[0]["text"]
    hints = {"channel": "web", "request_id": "r", "administration": "ae", "language": "en", "date": "2027-01-01"}
    assert rasa.received == [{"sender": "web-1", "message": "how much cash", "metadata": hints}]


@pytest.mark.parametrize("text", ["", "   ", "///"])
async def test_an_empty_message_is_not_sent(client, rasa, text):
    reply = await client.ask(turn(text))
    assert (reply.outcome, reply.reason, rasa.received) == ("failed", "empty", [])


@pytest.mark.parametrize(
    ("mode", "reason"), [("empty", "action_server_down"), ("error", "rasa_down"), ("garbage", "error")]
)
async def test_a_fault_behind_is_told_in_the_askers_language_and_logged(client, rasa, mode, reason, caplog):
    rasa.mode = mode
    reply = await client.ask(turn(language="ar"))
    assert (reply.outcome, reply.reason, reply.direction) == ("failed", reason, "rtl")
    assert reply.blocks[0]["level"] == "warning" and reply.may_retry
    assert [r.levelno for r in caplog.records] == [logging.WARNING] and "web-1" in caplog.text and reason in caplog.text


async def test_rasa_away(caplog):
    client = RasaClient("http://127.0.0.1:9", deadline_s=5)
    reply = await client.ask(turn())
    assert (reply.reason, await client.ready()) == ("rasa_down", False)
    assert "web-1" in caplog.text
    await client.close()


async def test_past_the_deadline_the_asker_hears_so_and_the_conversation_goes_on(rasa, caplog):
    client = RasaClient(rasa.url, deadline_s=0.2)
    rasa.delay = 1.0
    reply = await client.ask(turn())
    assert reply.reason == "timeout" and "web-1" in caplog.text
    rasa.delay = 0.0
    assert (await client.ask(turn())).outcome == "answered"
    await client.close()


@pytest.mark.parametrize("raw", [[{"text": "\ud800"}], [{"text": "x" * 1_100_000}], {"a": 1}, [[]], [{"custom": None}]])
async def test_what_is_no_reply_of_ours_does_not_break_anything(client, rasa, raw):
    rasa.mode, rasa.raw = "raw", raw
    reply = await client.ask(turn())
    json.dumps(reply.as_dict(), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (rb"half \ud83d a pair", "half ? a pair"),
        (rb"half \uD83D a pair", "half ? a pair"),
        (b"half \xed\xa0\xbd a pair", "half ? a pair"),
        (rb"whole \ud83d\ude00", "whole \U0001f600"),
        ("한국 £5".encode(), "한국 £5"),
        (rb"\u00a35 \\ud83d", r"£5 \ud83d"),
    ],
)
async def test_only_half_pairs_are_taken_out(client, rasa, sent, shown):
    rasa.mode, rasa.raw = "bytes", b'[{"text":"' + sent + b'"}]'
    reply = await client.ask(turn())
    assert reply.blocks == [{"type": "paragraph", "text": shown}]


async def test_one_conversation_in_order_others_side_by_side(client, rasa):
    rasa.delay = 0.1
    turns = [turn(f"question {number}", f"web-{talk}") for number in range(4) for talk in range(5)]
    replies = await asyncio.gather(*(client.ask(one) for one in turns))
    assert rasa.overlaps == [] and rasa.most_at_once > 1
    for one, reply in zip(turns, replies):
        assert reply.conversation == one.conversation and one.text in reply.blocks[0]["text"]
    for talk in range(5):
        sent = [body["message"] for body in rasa.received if body["sender"] == f"web-{talk}"]
        assert sent == [f"question {number}" for number in range(4)]


async def test_locks_go_when_idle_also_after_a_cancelled_turn(client, rasa):
    rasa.delay = 0.5
    task = asyncio.create_task(client.ask(turn()))
    waiting = asyncio.create_task(client.ask(turn("second")))
    await asyncio.sleep(0.1)
    waiting.cancel()
    await asyncio.gather(task, waiting, return_exceptions=True)
    assert client._queues == {}


async def test_forget_says_whether_rasa_deleted_it(client, rasa, caplog):
    assert await client.forget("web-1") and rasa.forgotten[-1] == "web-1"
    rasa.mode = "error"
    assert not await client.forget("web-2")
    assert "web-2" in caplog.text


async def test_ready_follows_rasa(client, rasa):
    assert await client.ready()
    rasa.mode = "error"
    assert not await client.ready()
