"""Tells those who follow an answer when it has changed: after a release is published, and when a day begins.

A figure may have a new value from a certain day without a new release, so each day counts as a change to look for.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import datetime, timezone
from itertools import groupby

import aiohttp
from telegram import Bot
from telegram.error import Forbidden, TelegramError

from bot.rasa_client import Reply
from bot.telegram import keyboard
from bot.telegram.channel import Channel
from bot.telegram.following import entry_as_it_stands
from bot.telegram.own_payloads import own_payload
from bot.telegram.render import paragraphs, text
from bot.telegram.render import say as words
from bot.telegram.shared.connection import StoreDownError
from bot.telegram.split import split
from bot.telegram.subscriptions import Subscription, digest_of

log = logging.getLogger(__name__)

EVERY_S = 60.0
# More changes than this within a day wait for the next day.
MOST_A_DAY = 5
CHANGED = "An answer that you follow has changed:"
WITHDRAWN = "An answer that you followed is no longer published: {title}"
STOP = "Stop telling me"


class Watch:
    """Compares followed answers with what the service says now, through `bot`."""

    def __init__(self, channel: Channel, bot: Bot) -> None:
        self.channel = channel
        self.store = channel.subscriptions
        self.bot = bot

    async def run(self) -> None:
        """Look every minute until cancelled; a fault is logged and the next minute tries again."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except (sqlite3.Error, StoreDownError, TelegramError) as error:
                log.error("Those who follow an answer could not be told of changes: %s", error)

    async def look(self) -> int:
        """Tell what has changed since the last look; returns how many messages were sent."""
        followed = self.store.all()
        if not followed or not (release := await self._release()):
            return 0
        state = f"{release} {datetime.now(timezone.utc).date().isoformat()}"
        if state == self.store.mark():
            return 0
        told, whole = 0, True
        for (entry, language), group in groupby(followed, key=lambda one: (one.entry, one.language)):
            reply = await entry_as_it_stands(self.channel, entry, language)
            if reply.outcome not in {"answered", "declined"} or reply.reason == "switched_off":
                whole = False  # the service is away, or the answer is being corrected: the next look asks again
                continue
            for one in group:
                try:
                    told += await self._tell(one, reply)
                except Forbidden:
                    log.info("conversation tg-%s: blocked, so it follows nothing any more", one.chat_id)
                    self.store.forget(one.chat_id)
                except TelegramError as error:
                    log.warning("conversation tg-%s: a change could not be told: %s", one.chat_id, error)
                    whole = False
        if whole:
            self.store.set_mark(state)
        return told

    async def _tell(self, one: Subscription, reply: Reply) -> bool:
        """Tell one chat once; False when nothing has changed or it was told enough for a day."""
        digest = digest_of(reply.blocks) if reply.outcome == "answered" else ""
        if digest == one.digest or self.store.told_today(one.chat_id) >= MOST_A_DAY:
            return False
        # Noted first: a kill in between loses one message, and nobody is told twice.
        if not self.store.seen(one, digest):
            return False
        try:
            await self._send(one, reply)
        except TelegramError:
            self.store.unseen(one, digest)
            raise
        self.store.note_told(one.chat_id)
        if reply.outcome == "declined":
            self.store.drop(one.chat_id, one.entry)
        return True

    async def _send(self, one: Subscription, reply: Reply) -> None:
        if reply.outcome == "declined":
            await self.bot.send_message(
                one.chat_id, text(words(one.language, WITHDRAWN, title=one.title), one.language)
            )
            return
        shown = [block for block in reply.blocks if block["type"] != "buttons"]
        parts = split(
            [f"🔔 <b>{text(words(one.language, CHANGED), one.language)}</b>", *paragraphs(shown, reply.language)]
        )
        stop = (words(one.language, STOP), own_payload("unfollow", entry=one.entry))
        under = keyboard.markup(keyboard.choices([stop], self.channel.payloads))
        for number, part in enumerate(parts, 1):
            await self.bot.send_message(one.chat_id, part, reply_markup=under if number == len(parts) else None)

    async def _release(self) -> str | None:
        """The id of the release that the action server serves, None when it cannot be asked."""
        try:
            timeout = aiohttp.ClientTimeout(total=5)
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.get(f"{self.channel.settings.actions_url}/ready") as answer,
            ):
                state = await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.debug("The action server cannot be asked for its release: %s", error)
            return None
        release = state.get("release") if isinstance(state, dict) else None
        return release if isinstance(release, str) else None
