"""HTTP between the parts, against a server of another library and against sockets that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from customs.wire import BodyTooLargeError, Link, WireError


@asynccontextmanager
async def served(seen: list, **more) -> AsyncIterator[Link]:
    """A link to a server that answers what it was sent; `seen` gets the caller's address of each request."""

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(request.transport.get_extra_info("peername"))
        if request.path == "/slow":
            await asyncio.sleep(5)
        if request.path == "/chunks":
            response = web.StreamResponse()
            await response.prepare(request)
            for part in (b"one,", b"two,", b"three"):
                await response.write(part)
            return response
        headers = {"Connection": "close"} if request.path == "/last" else {}
        status = int(request.query.get("status", 200))
        return web.Response(body=await request.read(), status=status, headers=headers)

    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
    await site.start()
    link = Link(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}", **({"idle_s": 15} | more))
    try:
        yield link
    finally:
        link.close()
        await runner.cleanup()


async def test_requests_one_after_the_other_share_a_connection() -> None:
    seen: list = []
    async with served(seen) as link:
        for body in (b"{}", b"", b"x" * 300_000, "كم".encode()):
            assert await link.post("/echo", body) == (200, body)
        assert await link.get("/nothing?status=404") == (404, b"")
        assert await link.get("/", "DELETE") == (200, b"")
        assert await link.get("/chunks") == (200, b"one,two,three")
    assert len(set(seen)) == 1


async def test_requests_side_by_side_do_not_mix() -> None:
    seen: list = []
    async with served(seen) as link:
        bodies = [str(number).encode() * 1000 for number in range(50)]
        answers = await asyncio.gather(*(link.post("/echo", body) for body in bodies))
        assert answers == [(200, body) for body in bodies]
        assert len(set(seen)) > 1


@pytest.mark.parametrize("why", ["idled", "closed by the other side", "given up"])
async def test_a_connection_that_may_be_dead_is_not_used_again(why: str) -> None:
    seen: list = []
    async with served(seen, idle_s=0.05 if why == "idled" else 15) as link:
        if why == "given up":
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(link.get("/slow"), 0.2)
        else:
            await link.get("/" if why == "idled" else "/last")
        await asyncio.sleep(0.2)
        assert await link.post("/echo", b"next") == (200, b"next")
    assert len(set(seen)) == 2


async def test_a_part_that_is_away() -> None:
    with pytest.raises(OSError):
        await Link("http://127.0.0.1:9", idle_s=15).get("/")


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", b"SSH-2.0-OpenSSH\r\n"])
async def test_what_is_no_answer_is_told(sent: bytes) -> None:
    async def misbehave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(misbehave, "127.0.0.1", 0)
    link = Link(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", idle_s=15)
    with pytest.raises(WireError):
        await asyncio.wait_for(link.get("/"), 5)
    server.close()


async def test_an_answer_without_end_is_cut_short() -> None:
    async with served([], max_bytes=1000) as link:
        assert (await link.post("/echo", b"x" * 1000))[0] == 200
        with pytest.raises(BodyTooLargeError, match="1000"):
            await link.post("/echo", b"x" * 1001)
        assert await link.post("/echo", b"next") == (200, b"next")


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:5055", "http://", ""])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected http://host:port"):
        Link(url, idle_s=15)
