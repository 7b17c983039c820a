"""People who talk on the web: through the chat API as the page's script does, and on the page without JavaScript.

A player says a step's words or presses its button, and says them again as a browser and its user would when no proper reply
comes: with the same idempotency key. It notes what came in the `Message`.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.soak_ledger import Message, Seen
from benchmarks.soak_talks import Talk, normal

# As static/chat.js sends again by itself; then a person presses "Try again".
PAUSES_S = (1.0, 4.0)
PERSON_S = 5.0
# After so long a person goes away, and the message is lost.
PATIENCE_S = 120.0
REQUEST_S = 30.0
# Every so many messages are sent twice at once, or once more after their reply, as on a bad line.
TWICE_AT_ONCE, AFTERWARDS = 17, 13
FAILED = "failed"

_KEY = re.compile(r'<form id="ask".*?name="key" value="([^"]+)"', re.DOTALL)
_TURN = re.compile(r'<li class="(said|reply (\w+))"[^>]*>')
_CHOICE = re.compile(r'<button form="ask" name="choice" value="([^"|]*)\|([^"]*)"')
_END = '</ol></div>\n<p id="status"'


@dataclass
class Got:
    """A proper reply and the buttons under it: (payload or callback data, title)."""

    seen: Seen
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def button(self, payload: str) -> tuple[str, str] | None:
        """The first button whose payload begins so."""
        return next((one for one in self.buttons if one[0].startswith(payload)), None)


class GaveUp(Exception):
    """No proper reply came within a person's patience."""


def pauses(message: Message) -> Iterator[float]:
    """How long to wait before the message is sent again, each time. Raises `GaveUp`."""
    for pause in itertools.chain(PAUSES_S, itertools.repeat(PERSON_S)):
        if time.monotonic() - message.sent > PATIENCE_S:
            raise GaveUp
        yield pause


def address(conversation: int) -> dict[str, str]:
    """An address for each conversation, from the network kept for benchmarks (RFC 2544), as a proxy would tell it."""
    return {"X-Forwarded-For": f"198.{18 + (conversation >> 16) % 2}.{conversation >> 8 & 255}.{conversation & 255}"}


def proper(message: Message, seen: Seen) -> None:
    """Note that a proper reply to `message` came now."""
    message.replies += 1
    if message.answered is None:
        message.answered, message.came = time.monotonic(), seen


class ApiPlayer:
    """Talks through the chat API; at the end it reads the transcript, which must hold each message once with its reply."""

    channel = "api"

    def __init__(self, url: str, http: aiohttp.ClientSession, talk: Talk, conversation: int) -> None:
        self.url, self.http, self.talk = url, http, talk
        self.headers = address(conversation)
        self.conversation = conversation
        self.signed: str | None = None
        self.begun = 0
        self.kept: list[tuple[Message, str]] = []

    async def say(self, message: Message, text: str, payload: str | None = None) -> Got:
        """Send it until a proper reply comes. Raises `GaveUp`."""
        body = {"text": text, "payload": payload, "conversation": self.signed, "language": self.talk.language}
        body = {name: value for name, value in body.items() if value} | {"idempotency_key": uuid.uuid4().hex}
        number = self.begun + self.conversation
        self.begun += 1
        reply = await self._until_proper(message, body, twice=number % TWICE_AT_ONCE == 0)
        if self.signed and reply["conversation"] != self.signed:
            message.fault = "crossed: the reply is another conversation's"
        self.signed = reply["conversation"]
        self.kept.append((message, reply["request_id"]))
        if number % AFTERWARDS == 0:
            again = await self._until_proper(message, body, twice=False, note=False)
            self._same(message, reply, again)
        items = [item for block in reply["blocks"] if block["type"] == "buttons" for item in block["items"]]
        if reply["outcome"] in {"answered", "calculated"}:  # the page itself puts these under an answer
            items += [{"payload": f'/give_feedback{{"rating":"{one}"}}', "title": ""} for one in ("up", "down")]
        return Got(seen_in(reply), [(item["payload"], item["title"]) for item in items])

    async def _until_proper(
        self, message: Message, body: dict[str, Any], twice: bool, note: bool = True
    ) -> dict[str, Any]:
        for pause in pauses(message):
            replies = await asyncio.gather(*(self._once(body) for _ in range(2 if twice else 1)))
            good = [reply for reply in replies if isinstance(reply, dict) and reply["outcome"] != FAILED]
            if good:
                if note:
                    proper(message, seen_in(good[0]))
                for other in good[1:]:
                    self._same(message, good[0], other)
                return good[0]
            first = replies[0]
            if note:
                message.failures.append(first if isinstance(first, str) else f"{FAILED}/{first['reason']}")
            await asyncio.sleep(pause)
        raise AssertionError("not reached")

    def _same(self, message: Message, one: dict[str, Any], other: dict[str, Any]) -> None:
        if other["request_id"] != one["request_id"]:
            message.replies += 1
            message.fault = "duplicated: one key got two replies"

    async def _once(self, body: dict[str, Any]) -> dict[str, Any] | str:
        """The reply, or why there is none."""
        try:
            url = f"{self.url}/api/v1/messages"
            async with self.http.post(url, json=body, headers=self.headers) as response:
                if response.status == 200:
                    return await response.json()
                if response.status == 429:
                    await asyncio.sleep(float(response.headers.get("Retry-After", "1")))
                return f"http_{response.status}"
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return type(error).__name__

    async def end(self) -> None:
        """Compare the transcript with what was said."""
        if not self.signed:
            return
        last = self.kept[-1][0]
        for pause in pauses(Message("", 0, "", 0, "", time.monotonic())):
            try:
                url = f"{self.url}/api/v1/conversations/{self.signed}"
                async with self.http.get(url, headers=self.headers) as response:
                    if response.status == 200:
                        rows = (await response.json())["exchanges"]
                        break
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(pause)
        ids = [row["reply"]["request_id"] if row["reply"] else None for row in rows]
        if len(rows) > self.begun:
            last.replies += len(rows) - self.begun
            last.fault = f"duplicated: {len(rows)} exchanges for {self.begun} messages in the transcript"
        elif ids[: len(self.kept)] != [request_id for _, request_id in self.kept]:
            last.fault = "lost: the transcript does not hold what was answered"


def seen_in(reply: dict[str, Any]) -> Seen:
    """A reply of the chat API as its reader has it."""

    def leaves(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from leaves(one)
        elif isinstance(value, dict):
            for name, one in value.items():
                if name not in {"type", "level"}:
                    yield from leaves(one)

    what = [reply[name] for name in ("outcome", "reason", "administration", "entry", "language")]
    return Seen(" ".join(map(str, what)), normal(" ".join(leaves(reply["blocks"]))))


class PagePlayer:
    """Fills in the form of the page without JavaScript and reads the page that follows; every page shows the whole talk."""

    channel = "page"

    def __init__(self, url: str, connector: Callable[[], aiohttp.BaseConnector], talk: Talk, conversation: int) -> None:
        self.url, self.talk = url, talk
        jar = aiohttp.CookieJar(unsafe=True)  # a browser keeps cookies of 127.0.0.1 too
        timeout = aiohttp.ClientTimeout(total=REQUEST_S)
        headers = address(conversation) | {"Sec-Fetch-Site": "same-origin"}
        self.http = aiohttp.ClientSession(
            connector=connector(), connector_owner=False, cookie_jar=jar, timeout=timeout, headers=headers
        )
        self.key = ""
        self.said = 0

    async def say(self, message: Message, text: str, payload: str | None = None) -> Got:
        """Post the form until the page shows a proper reply. Raises `GaveUp`."""
        form = {"lang": self.talk.language, "administration": ""}
        form |= {"choice": f"{payload}|{text}"} if payload else {"text": text}
        self.said += 1
        for pause in pauses(message):
            try:
                if not self.key:
                    self.key = _KEY.search(await self._page("GET", f"/?lang={self.talk.language}"))[1]
                form["key"] = form.get("key") or self.key
                page = await self._page("POST", "/ask", data=form)
                outcome, said, answer = read_page(page)
                if said > self.said:
                    message.replies += said - self.said
                    message.fault = f"duplicated: the page shows {said} messages for {self.said}"
                    self.said = said
                if outcome not in {"", FAILED}:
                    self.key = _KEY.search(page)[1]
                    seen = Seen(outcome, answer)
                    proper(message, seen)
                    return Got(
                        seen, [(html.unescape(one), html.unescape(title)) for one, title in _CHOICE.findall(page)]
                    )
                message.failures.append(FAILED)
            except (aiohttp.ClientError, OSError, TimeoutError, PageRefused) as error:
                message.failures.append(str(error) if isinstance(error, PageRefused) else type(error).__name__)
            await asyncio.sleep(pause)
        raise AssertionError("not reached")

    async def _page(self, method: str, path: str, **more: Any) -> str:
        async with self.http.request(method, self.url + path, **more) as response:
            if response.status == 429:
                await asyncio.sleep(float(response.headers.get("Retry-After", "1")))
            if response.status != 200:
                raise PageRefused(f"http_{response.status}")
            return await response.text()

    async def end(self) -> None:
        """Close the browser."""
        await self.http.close()


class PageRefused(Exception):
    """A page with another status than 200; the text is `http_<status>`."""


def read_page(page: str) -> tuple[str, int, str]:
    """Outcome of the last reply ("" if the last message has none), number of messages shown, words of that reply."""
    talk = page.partition(_END)[0]
    turns = list(_TURN.finditer(talk))
    said = sum(turn[1] == "said" for turn in turns)
    if not turns or turns[-1][1] == "said":
        return "", said, ""
    words = re.sub(r"<[^>]*>", " ", talk[turns[-1].end() :])
    return turns[-1][2], said, normal(html.unescape(words))
