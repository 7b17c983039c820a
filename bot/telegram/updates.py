"""Updates are answered once, and none is lost: each is stored before Telegram is told that it arrived.

Telegram delivers at least once. The store tells a repetition from a first delivery, also after a restart, and holds what was
received but not yet answered when the process was killed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from typing import Any, Protocol

from telegram import Update

from bot.telegram.database import DAY, prune

log = logging.getLogger(__name__)

# An update that ends the process each time must not do so for ever.
MAX_ATTEMPTS = 3


class Inbox:
    """The updates in the channel's database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def receive(self, update_id: int, body: str, chat: int) -> bool:
        """Store the update of `chat`; False when it was received before.

        When the database fails, the update counts as new: an answer given twice is better than none.
        """
        try:
            cursor = self.database.execute(
                "INSERT OR IGNORE INTO updates (update_id, received, body) VALUES (?, ?, ?)",
                (update_id, time.time(), body),
            )
            return cursor.rowcount == 1
        except sqlite3.Error as error:
            log.error("update %s could not be stored and would be lost by a kill: %s", update_id, error)
            return True

    def done(self, update_id: int) -> None:
        """The update is answered: forget what it said, remember that it was here."""
        try:
            self.database.execute(
                "UPDATE updates SET done = ?, body = NULL WHERE update_id = ?", (time.time(), update_id)
            )
        except sqlite3.Error as error:
            log.error("update %s is answered, but that could not be stored: %s", update_id, error)

    def sweep(self) -> None:
        """Delete what is past its time, from all tables of the channel; a fault is logged."""
        try:
            prune(self.database)
        except sqlite3.Error as error:
            log.error("What is past its time could not be deleted from the channel's database: %s", error)

    def unfinished(self) -> list[dict[str, Any]]:
        """What was received within a day and never answered, oldest first; what was tried too often is given up."""
        rows = self.database.execute(
            "SELECT update_id, body, attempts FROM updates WHERE done IS NULL AND received > ? ORDER BY received, update_id",
            (time.time() - DAY,),
        ).fetchall()
        found = []
        for update_id, body, attempts in rows:
            if attempts + 1 >= MAX_ATTEMPTS:
                log.error("update %s was begun %s times and never finished; it is given up", update_id, attempts + 1)
                self.done(update_id)
                continue
            self.database.execute("UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", (update_id,))
            found.append(json.loads(body))
        return found


class Order(Protocol):
    """Where updates wait for those before them."""

    async def turn(self, update_id: int, chat: int) -> None:
        """Return when every earlier update of the chat is done."""


class Storage(Protocol):
    """Where updates are stored: `Inbox`, or `bot.telegram.shared.inbox.SharedInbox`."""

    def receive(self, update_id: int, body: str, chat: int) -> bool: ...

    def done(self, update_id: int) -> None: ...

    def unfinished(self) -> list[dict[str, Any]]: ...


def chat_of(update: Update) -> int:
    """What an update is in line with: its chat, else (an inline query) its user, else 0."""
    chat = update.effective_chat or update.effective_user
    return chat.id if chat else 0


class StoredQueue(asyncio.Queue):
    """The application's queue: an update enters only when it is stored, and only once."""

    def __init__(self, inbox: Storage) -> None:
        super().__init__()
        self.inbox = inbox

    async def put(self, item: object) -> None:
        """Store and queue `item`; a repetition is dropped. Both the poller and the webhook come through here."""
        if isinstance(item, Update) and not self.inbox.receive(item.update_id, item.to_json(), chat_of(item)):
            log.info("update %s came again and is not answered twice", item.update_id)
            return
        await super().put(item)

    async def replay(self, bot: Any) -> int:
        """Queue what a process that is gone left unanswered; returns how many."""
        bodies = self.inbox.unfinished()
        for body in bodies:
            await super().put(Update.de_json(body, bot))
        if bodies:
            log.warning("%s updates were left unanswered by a process that is gone and are answered now", len(bodies))
        return len(bodies)
