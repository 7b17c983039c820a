"""The action server is told of a lone question, and of nothing else."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from customs.wire import Link
from dialogue import ahead
from dialogue.ahead import Ahead
from dialogue.rest import ahead_of


@asynccontextmanager
async def serving(hear):
    """The address of a server that lets `hear` answer whatever is sent to it."""
    app = web.Application()
    app.router.add_post("/{rest:.*}", hear)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


async def told(turns, status=202):
    """What a server is told by `turns(ahead)`."""
    heard = []

    async def hear(request):
        assert request.path == "/ahead"
        heard.append((await request.json())["text"])
        return web.json_response({}, status=status)

    async with serving(hear) as url:
        telling = Ahead(url)
        await turns(telling)
        await asyncio.gather(*telling._telling)
    return heard


def test_it_is_told_before_the_action_is_called():
    heard = []

    async def hear(request):
        heard.append(request.path)
        return web.json_response({})

    async def talk():
        async with serving(hear) as url:
            telling, calling = Ahead(url), Link(url, idle_s=15)
            for text in ("the first opens the connections", "is gold taxed"):
                heard.clear()
                async with telling.turn(text):
                    # Rasa works on a turn without letting anybody else in, and then calls its action.
                    await calling.post("/webhook", b"{}")
                await asyncio.gather(*telling._telling)

    asyncio.run(talk())
    assert heard == ["/ahead", "/webhook"]


async def one(telling, text):
    async with telling.turn(text):
        await asyncio.sleep(0.1)


def test_a_lone_question_is_told():
    async def turns(telling):
        for text in ("is gold taxed", "", None, "/help", "كم ذهب"):
            await one(telling, text)

    assert asyncio.run(told(turns)) == ["is gold taxed", "كم ذهب"]


def test_of_turns_side_by_side_only_the_first_is_told():
    async def turns(telling):
        await asyncio.gather(*(one(telling, f"question {number}") for number in range(5)))
        await one(telling, "alone again")

    assert asyncio.run(told(turns)) == ["question 0", "alone again"]


def test_a_turn_that_fails_is_over():
    async def turns(telling):
        with pytest.raises(KeyError):
            async with telling.turn("a question"):
                raise KeyError
        await one(telling, "the next")

    assert sorted(asyncio.run(told(turns))) == ["a question", "the next"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_server_that_would_not_hear_is_left_alone_for_a_while(status, monkeypatch):
    async def turns(telling):
        for number in range(3):
            await one(telling, f"question {number}")
        monkeypatch.setattr(telling, "_not_before", 0.0)
        await one(telling, "later")

    assert asyncio.run(told(turns, status)) == ["question 0", "later"]


def test_a_server_that_is_away_costs_a_turn_nothing():
    async def talk():
        telling = Ahead("http://127.0.0.1:9")
        await one(telling, "is gold taxed")
        await asyncio.gather(*telling._telling)
        return telling._not_before

    assert asyncio.run(talk()) > 0


def test_where_the_address_is_no_plain_http_nobody_is_told():
    assert ahead_of("https://actions.example.org") is None
    assert ahead_of("") is None
    assert isinstance(ahead_of("http://127.0.0.1:5055"), ahead.Ahead)
