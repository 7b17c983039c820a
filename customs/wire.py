"""HTTP between the service's own parts: small JSON requests to one address, over connections that are kept.

A general client spends more on such a request than the kernel and both parsers together (0.4 against 0.1 ms): it keeps
cookies, follows redirects, joins addresses, measures traces. Runs in both environments (Python 3.10 and 3.11), needs `httptools` only,
and belongs to one event loop.

>>> link = Link("http://127.0.0.1:5055", idle_s=15)
>>> status, body = await link.post("/webhook", b"{}")
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import httptools

MAX_IDLE = 64


class WireError(ConnectionError):
    """The other part could not be reached, or closed the connection before it had answered."""


class BodyTooLargeError(ValueError):
    """The answer is larger than the caller takes."""


class _Connection(asyncio.Protocol):
    """One connection, one request at a time. The methods `on_…` are called by the parser."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._body = bytearray()
        self._parser = httptools.HttpResponseParser(self)
        self.idle_since = 0.0
        self.usable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self.usable = True

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._fail(WireError(f"The connection was closed{f': {error}' if error else ''}."))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(WireError(f"What came is not HTTP: {error}"))
            self.close()

    def on_body(self, part: bytes) -> None:
        self._body += part
        if len(self._body) > self._max_bytes:
            self._fail(BodyTooLargeError(f"more than {self._max_bytes} bytes"))
            self.close()

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive():
            self.close()
        if self._answer and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), bytes(self._body)))

    def _fail(self, error: Exception) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)

    def close(self) -> None:
        self.usable = False
        if self._transport:
            self._transport.close()

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send `request`; status and body of its answer. The connection is closed unless the answer has come whole."""
        assert self._transport
        self._body.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.close()  # what may still come belongs to nobody
            raise


class Link:
    """Asks the part at `url` (http only). A connection that idled for `idle_s` seconds is not used again: the other side
    closes it soon. An answer has at most `max_bytes` bytes.
    """

    def __init__(self, url: str, idle_s: float, max_bytes: int = 10_000_000) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a part; expected http://host:port.")
        self._host, self._port = parts.hostname, parts.port or 80
        self._head = f"Host: {parts.netloc.rpartition('@')[2]}\r\nAccept: application/json\r\n".encode("latin-1")
        self._idle_s = idle_s
        self._max_bytes = max_bytes
        self._idle: list[_Connection] = []

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to JSON `body`. Raises `WireError`, OSError or `BodyTooLargeError`."""
        head = b"POST %s HTTP/1.1\r\n%bContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        return await self._ask(head % (path.encode("ascii"), self._head, len(body)) + body)

    async def get(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """Status and body of the answer to a request without a body. Raises as `post`."""
        return await self._ask(b"%s %s HTTP/1.1\r\n%b\r\n" % (method.encode(), path.encode("ascii"), self._head))

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        connection = self._kept(loop.time())
        if connection is None:
            _, connection = await loop.create_connection(lambda: _Connection(self._max_bytes), self._host, self._port)
        answer = await connection.ask(request)
        if connection.usable and len(self._idle) < MAX_IDLE:
            connection.idle_since = loop.time()
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _kept(self, now: float) -> _Connection | None:
        """The connection that was used last, if it may be used again; older ones that may not are closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and now - connection.idle_since < self._idle_s:
                return connection
            connection.close()
        return None

    def close(self) -> None:
        """Close the kept connections."""
        while self._idle:
            self._idle.pop().close()
