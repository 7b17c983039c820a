"""The one way to Rasa: a turn goes in, a checked reply comes out, whatever happens behind.

>>> client = RasaClient("http://127.0.0.1:5005", deadline_s=15)
>>> reply = await client.ask(Turn("web-1", "how much wine can i bring to dubai", "web"))
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import aiohttp

from bot.replies import Reply, failure, reply_of
from bot.turn import Turn

__all__ = ["RasaClient", "Reply"]

log = logging.getLogger(__name__)

# A reply is some kilobytes; what is larger than this is no reply of ours.
MAX_REPLY_BYTES = 1_000_000
READY_DEADLINE_S = 2.0
# Rasa's web server closes an idle connection after 5 s; a question must not be sent into one that is closing.
KEEP_ALIVE_S = 3.0
MAX_CONNECTIONS = 256
# A surrogate, escaped or as the bytes that no UTF-8 has; whole pairs and some Korean letters look so too.
HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]|\xed")


class RasaClient:
    """Asks Rasa at `url`, waiting at most `deadline_s` seconds a turn.

    Turns of one conversation go one after the other, different conversations side by side. Use it inside one event
    loop and `close` it at the end.
    """

    def __init__(self, url: str, deadline_s: float) -> None:
        self.url = url.rstrip("/")
        self.deadline_s = deadline_s
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    async def ask(self, turn: Turn) -> Reply:
        """The reply to `turn`. A fault behind becomes a reply with outcome `failed`; nothing is raised for it."""
        if not turn.message.strip():
            return failure(turn, "empty")
        try:
            async with asyncio.timeout(self.deadline_s), self._in_order(turn.conversation):
                return reply_of(turn, await self._post(turn))
        except TimeoutError:
            return self._failed(turn, "timeout", f"no reply within {self.deadline_s:g} s")
        except (aiohttp.ClientError, OSError) as error:
            return self._failed(turn, "rasa_down", f"{type(error).__name__}: {error}")
        except ValueError as error:
            return self._failed(turn, "error", f"not JSON: {error}")

    async def forget(self, conversation: str) -> bool:
        """Let Rasa delete a conversation. False if it is away or, as stock Rasa does, cannot; the reason is logged."""
        url = f"{self.url}/webhooks/rest/conversations/{quote(conversation, safe='')}"
        try:
            async with (
                asyncio.timeout(self.deadline_s),
                self._in_order(conversation),
                self._http().delete(url) as answer,
            ):
                answer.raise_for_status()
                return True
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            log.warning("conversation %s: Rasa did not delete it: %s: %s", conversation, type(error).__name__, error)
            return False

    async def ready(self) -> bool:
        """Does Rasa answer? False after two seconds at the latest."""
        try:
            async with asyncio.timeout(READY_DEADLINE_S), self._http().get(f"{self.url}/webhooks/rest/") as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))
        return self._session

    async def _post(self, turn: Turn) -> object:
        body = {"sender": turn.conversation, "message": turn.message, "metadata": turn.metadata}
        async with self._http().post(f"{self.url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            raw = b""
            async for chunk in response.content.iter_chunked(65536):
                raw += chunk
                if len(raw) > MAX_REPLY_BYTES:
                    raise ValueError(f"more than {MAX_REPLY_BYTES} bytes")
        try:
            messages = json.loads(raw)
            if not HALF_PAIR.search(raw):
                return messages
            # Half a surrogate pair is legal in JSON but cannot be sent on as UTF-8.
            return json.loads(json.dumps(messages, ensure_ascii=False).encode("utf-8", "replace"))
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def _failed(self, turn: Turn, reason: str, why: str) -> Reply:
        log.warning("conversation %s: %s, request %s: %s", turn.conversation, reason, turn.request_id, why)
        return failure(turn, reason)

    @asynccontextmanager
    async def _in_order(self, conversation: str) -> AsyncIterator[None]:
        """Wait until the conversation's earlier turns are done; the lock goes when nobody waits for it."""
        lock, waiting = self._queues.get(conversation, (asyncio.Lock(), 0))
        self._queues[conversation] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues.pop(conversation)
            if waiting > 1:
                self._queues[conversation] = lock, waiting - 1
