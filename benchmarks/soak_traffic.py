"""The traffic of a soak: conversations that are started, paced and noted, alone at first and then all at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp

from benchmarks.soak_ledger import CHANNELS, Ledger, Message, Seen
from benchmarks.soak_phones import Phone, Phones, failure_sentences
from benchmarks.soak_players import REQUEST_S, ApiPlayer, GaveUp, PagePlayer
from benchmarks.soak_talks import Talk

# Of ten conversations, how many are held where.
SHARES = {"api": 5, "page": 2, "telegram": 3}
# Ends of a text that change little for a reader: 363 of up to five marks, so that no turn is answered from a memory of earlier ones.
MARKS = "?!."
# With so many other endings a talk is tried; one whose replies then change is always said as it stands.
TRIED = 3
# So many odd replies are looked at again; more are wrong as they are.
MOST_AGAIN = 1000
# A conversation has between three and four messages: so often a due message begins a new one.
BEGIN_SHARE = 0.3
Gate = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """The gate of those who do not wait before they speak."""


class Traffic:
    """Plays talks against the chat at `url` and the bot behind `phones`; notes every message in `ledger`."""

    def __init__(self, url: str, phones: Phones, talks: list[Talk], languages: tuple[str, ...], ledger: Ledger) -> None:
        self.url, self.phones, self.talks, self.ledger = url, phones, talks, ledger
        self.expected: dict[tuple[str, str, int], Seen] = {}
        self.phones_used: list[Phone] = []
        self.as_it_stands: set[str] = set()
        self._failures = failure_sentences(languages)
        self._conversations = 0
        self._free = deque(talks)
        self._ready: list[asyncio.Future[None]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._random = random.Random(6)

    async def __aenter__(self) -> Traffic:
        # Connections are shared; a dead server's are not kept for the next one.
        self._connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
        timeout = aiohttp.ClientTimeout(total=REQUEST_S)
        self._http = aiohttp.ClientSession(connector=self._connector, connector_owner=False, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._http.close()
        await self._connector.close()

    def _player(self, channel: str, talk: Talk) -> ApiPlayer | PagePlayer | Phone:
        self._conversations += 1
        if channel == "api":
            return ApiPlayer(self.url, self._http, talk, self._conversations)
        if channel == "page":
            return PagePlayer(self.url, lambda: self._connector, talk, self._conversations)
        phone = Phone(self.phones, self._failures, talk, self._conversations)
        self.phones_used.append(phone)
        return phone

    def _ending(self) -> str:
        return "".join(self._random.choices(MARKS, k=self._random.randint(1, 5)))

    async def converse(self, channel: str, talk: Talk, gate: Gate = at_once, fresh: bool = True) -> list[Message]:
        """Hold one conversation; its messages. It ends early when a reply is not the expected one or none comes.

        `fresh` puts marks of chance behind each text.
        """
        player = self._player(channel, talk)
        number = self._conversations
        held: list[Message] = []
        try:
            got = None
            for step in talk.steps:
                for _ in range(step.times):
                    button = (
                        step.text + (self._ending() if fresh and talk.name not in self.as_it_stands else ""),
                        None,
                    )
                    if step.press:
                        found = got.button(step.press)
                        if not found:
                            break
                        button = (found[1], found[0])
                    await gate()
                    expected = self.expected.get((channel, talk.name, len(held)))
                    message = Message(
                        channel, number, talk.name, len(held), button[0], time.monotonic(), expected,
                        payload=button[1],
                    )  # fmt: skip
                    held.append(message)
                    self.ledger.messages.append(message)
                    got = await player.say(message, *button)
                    if expected and got.seen != expected:
                        return held
        except GaveUp:
            pass
        finally:
            await player.end()
        return held

    async def learn(self) -> None:
        """Hold every talk alone on every channel and remember the replies; what was noted is taken out of the ledger."""
        for channel in CHANNELS:
            for talk in self.talks:
                for message in await self.converse(channel, talk, fresh=False):
                    if message.came is None or message.fault:
                        raise RuntimeError(
                            f"{talk.name} on {channel}: {message.text!r} got no proper reply when it was alone: "
                            f"{message.fault or ', '.join(message.failures) or 'nothing came'}."
                        )
                    self.expected[channel, talk.name, message.step] = message.came
        for talk in self.talks:
            for _ in range(TRIED):
                held = await self.converse("api", talk)
                if any(message.came != message.expected for message in held):
                    self.as_it_stands.add(talk.name)
                    break
        self.ledger.messages.clear()

    async def look_again(self) -> int:
        """Say alone, word for word, what got another reply than its talk; what comes is the expected reply. How many there were.

        An end of other marks may change what a text means to the search; a reply that was crossed or spoilt by a kill does not
        come again.
        """
        odd = [one for one in self.ledger.messages if one.came and one.came != one.expected]
        by_name = {talk.name: talk for talk in self.talks}
        for one in odd[:MOST_AGAIN]:
            said = [
                each for each in self.ledger.messages if each.conversation == one.conversation and each.step <= one.step
            ]
            player = self._player(one.channel, by_name[one.talk])
            try:
                for each in sorted(said, key=lambda message: message.step):
                    again = Message(
                        one.channel, -1, one.talk, each.step, each.text, time.monotonic(), payload=each.payload
                    )
                    got = await player.say(again, each.text, each.payload)
                one.expected = got.seen
            except GaveUp:
                pass
            finally:
                await player.end()
        return len(odd)

    async def rush(self, at_a_time: int, seconds: float) -> float:
        """Let so many people talk without a pause; messages answered a second."""
        until = time.monotonic() + seconds
        first = len(self.ledger.messages)

        async def people() -> None:
            while time.monotonic() < until:
                talk = self._free.popleft()
                await self.converse(self._channel(), talk)
                self._free.append(talk)

        await asyncio.gather(*(people() for _ in range(at_a_time)))
        done = sum(1 for one in self.ledger.messages[first:] if one.answered is not None and one.answered <= until)
        return done / seconds

    def _channel(self) -> str:
        return self._random.choices(list(SHARES), list(SHARES.values()))[0]

    async def flow(self, rate: float, seconds: float) -> None:
        """Let people say `rate` messages a second for so long, at moments of chance; then wait until all are answered."""
        end = due = time.monotonic()
        end += seconds
        while (due := due + self._random.expovariate(rate)) < end:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if self._ready and (self._random.random() > BEGIN_SHARE or not self._free):
                self._ready.pop(self._random.randrange(len(self._ready))).set_result(None)
            elif self._free:
                self._begin()
            else:
                self.ledger.skipped += 1
        while self._running:
            for waiting in self._ready:
                waiting.set_result(None)
            self._ready.clear()
            await asyncio.wait(self._running, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)

    def _begin(self) -> None:
        talk = self._free.popleft()
        waited = False

        async def gate() -> None:
            nonlocal waited
            if waited:  # the first message is said at once
                future = asyncio.get_running_loop().create_future()
                self._ready.append(future)
                await future
            waited = True

        async def conversation() -> None:
            await self.converse(self._channel(), talk, gate)
            self._free.append(talk)

        task = asyncio.create_task(conversation())
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.ledger.errors.append(f"{type(error).__name__}: {error}")
