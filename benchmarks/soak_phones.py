"""People who talk on Telegram, against a Bot API of our own: each reads his chat, presses, and waits as long as a person would.

Telegram itself delivers an update until the bot takes it; nobody says anything again but after an honest failure. What comes
although nobody asked for it is kept as a repetition of the message before.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from actions import base as actions_base
from actions.reply import say as actions_say
from benchmarks.soak_ledger import Message, Seen
from benchmarks.soak_players import FAILED, PATIENCE_S, PERSON_S, GaveUp, Got, proper
from benchmarks.soak_talks import Talk, normal
from bot import replies
from bot.telegram.handlers import FAILED as APOLOGY
from bot.telegram.payloads import WHOLE
from bot.telegram.render import say as telegram_say
from tests.fakes.telegram_api import FakeTelegram

FIRST_CHAT = 10_000_000
# A reply without buttons is whole when nothing more has come for so long.
QUIET_S = 1.0
# A reply that is the last one once more is taken for a repetition when another comes within so long.
REPEAT_S = 10.0
TWICE = "came twice"


def failure_sentences(languages: tuple[str, ...]) -> frozenset[str]:
    """Every sentence by which the service says in one of the languages that a message was not answered."""
    found = {telegram_say(language, APOLOGY) for language in languages}
    for language in languages:
        found |= {replies.say(language, text) for name, text in replies.FAILURES.items() if name != "empty"}
        found |= {actions_say(language, text) for name, text in actions_base._FAILURES.items() if name != "empty"}
    return frozenset(normal(sentence) for sentence in found)


class Phones(FakeTelegram):
    """The Bot API, which rings a phone for each message of the bot; `polled` is when the bot asked for updates last."""

    def __init__(self) -> None:
        super().__init__()
        self.ringing: dict[int, Phone] = {}
        self.polled = 0.0

    async def on_getupdates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        self.polled = time.monotonic()
        return await super().on_getupdates(given)

    async def on_sendmessage(self, given: dict[str, Any]) -> dict[str, Any]:
        message = await super().on_sendmessage(given)
        if phone := self.ringing.get(message["chat"]["id"]):
            phone.inbox.put_nowait(message)
        return message


class Phone:
    """One person's chat with the bot."""

    channel = "telegram"

    def __init__(self, api: Phones, failures: frozenset[str], talk: Talk, conversation: int) -> None:
        self.api, self.failures, self.talk = api, failures, talk
        self.chat = FIRST_CHAT + conversation
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.last: Message | None = None
        self.shown: dict[str, Any] = {}
        api.ringing[self.chat] = self

    async def say(self, message: Message, text: str, payload: str | None = None) -> Got:
        """Say it or press the button until a proper reply comes. Raises `GaveUp`."""
        data = payload and WHOLE + payload
        while True:
            if data:
                self.api.press(self.shown, data, language_code=self.talk.language)
            else:
                self.api.message(self.chat, text, language_code=self.talk.language)
            got = await self._reply(message)
            if not any(sentence in got.seen.words for sentence in self.failures):
                proper(message, got.seen)
                self.last = message
                return got
            message.failures.append(FAILED)
            message.asked += 1
            await asyncio.sleep(PERSON_S)
            # What failed after a press is offered again under the failure; without that, the title is typed.
            if data and not got.button(payload):
                data = None

    async def _reply(self, message: Message) -> Got:
        parts: list[dict[str, Any]] = []
        while True:
            left = PATIENCE_S - (time.monotonic() - message.sent)
            try:
                parts.append(await asyncio.wait_for(self.inbox.get(), QUIET_S if parts else max(left, QUIET_S)))
            except TimeoutError:
                if not parts:
                    raise GaveUp from None
            else:
                if not parts[-1].get("reply_markup"):
                    continue
            seen = seen_in(parts)
            before = self.last.came if self.last else None
            if before and seen == before and message.expected and seen != message.expected and await self._more_comes():
                repeated(self.last)
                parts.clear()
                continue
            if message.expected and seen != message.expected:
                # A bot that was killed between the parts of an answer sends all of them again.
                whole = next((at for at in range(1, len(parts)) if seen_in(parts[at:]) == message.expected), 0)
                if whole:
                    repeated(message)
                    parts, seen = parts[whole:], message.expected
            self.shown = parts[-1]
            rows = self.shown.get("reply_markup", {}).get("inline_keyboard", [])
            pressable = [one for row in rows for one in row if one.get("callback_data", "").startswith(WHOLE)]
            return Got(seen, [(one["callback_data"].removeprefix(WHOLE), one["text"]) for one in pressable])

    async def _more_comes(self) -> bool:
        """Does another part come within a while? What is said twice alike may also be the reply to both."""
        until = time.monotonic() + REPEAT_S
        while self.inbox.empty() and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return not self.inbox.empty()

    async def end(self) -> None:
        """Nothing to close; what still comes is looked at by `leftovers`."""

    def leftovers(self) -> None:
        """Note what came after the last message was answered: nobody asked for it."""
        while not self.inbox.empty():
            part = self.inbox.get_nowait()
            if self.last and part.get("reply_markup"):
                repeated(self.last)


def repeated(message: Message) -> None:
    """Note that the reply to `message` came once more."""
    message.replies += 1
    message.fault = TWICE


def seen_in(parts: list[dict[str, Any]]) -> Seen:
    """The parts of a reply as their reader has them, with the titles of the buttons."""
    words = [part["text"] for part in parts]
    for part in parts:
        words += [one["text"] for row in part.get("reply_markup", {}).get("inline_keyboard", []) for one in row]
    return Seen("", normal(" ".join(words)))
