"""Who follows which answer, and what it said when they last saw it; in the channel's database."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bot.telegram.database import DAY
from customs.blocks import Block

# What is not the answer itself: a source that was read again on a later day is no change of the answer.
_NOT_THE_ANSWER = frozenset({"source", "buttons"})


def digest_of(blocks: Iterable[Block]) -> str:
    """A digest of what an answer says, without its sources and buttons; 32 hexadecimal digits."""
    said = [block for block in blocks if block["type"] not in _NOT_THE_ANSWER]
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Subscription:
    """A chat follows an entry in a language; `title` names it to the chat, `digest` is that of the text it has seen."""

    chat_id: int
    entry: str
    language: str
    title: str
    digest: str


class Subscriptions:
    """The table of subscriptions; a fault of the database raises `sqlite3.Error`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def add(self, one: Subscription) -> None:
        """Follow; an entry that the chat follows already is followed as it stands now."""
        self.database.execute(
            "INSERT OR REPLACE INTO subscriptions (chat_id, entry, language, title, digest) VALUES (?, ?, ?, ?, ?)",
            (one.chat_id, one.entry, one.language, one.title, one.digest),
        )

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """What a chat follows, in the order in which it began to."""
        return self._read("WHERE chat_id = ? ORDER BY rowid", chat_id)

    def all(self) -> list[Subscription]:
        """Every subscription, those of one entry and language together."""
        return self._read("ORDER BY entry, language, rowid")

    def drop(self, chat_id: int, entry: str | None = None) -> int:
        """Stop following `entry`, or everything; returns how many were followed."""
        if entry is None:
            return self.database.execute("DELETE FROM subscriptions WHERE chat_id = ?", (chat_id,)).rowcount
        return self.database.execute(
            "DELETE FROM subscriptions WHERE chat_id = ? AND entry = ?", (chat_id, entry)
        ).rowcount

    def seen(self, one: Subscription, digest: str) -> bool:
        """Note that the chat is told the text with `digest`; False when it has been told, or follows no more."""
        statement = "UPDATE subscriptions SET digest = ? WHERE chat_id = ? AND entry = ? AND digest = ?"
        return self.database.execute(statement, (digest, one.chat_id, one.entry, one.digest)).rowcount == 1

    def unseen(self, one: Subscription, digest: str) -> None:
        """Take `seen` back: what was noted with `digest` could not be sent."""
        statement = "UPDATE subscriptions SET digest = ? WHERE chat_id = ? AND entry = ? AND digest = ?"
        self.database.execute(statement, (one.digest, one.chat_id, one.entry, digest))

    def told_today(self, chat_id: int) -> int:
        """How many changes the chat was told within a day."""
        statement = "SELECT count(*) FROM told WHERE chat_id = ? AND at > ?"
        return self.database.execute(statement, (chat_id, time.time() - DAY)).fetchone()[0]

    def note_told(self, chat_id: int) -> None:
        """Count one more change told."""
        self.database.execute("INSERT INTO told (chat_id, at) VALUES (?, ?)", (chat_id, time.time()))

    def forget(self, chat_id: int) -> None:
        """Delete every row of the chat."""
        self.drop(chat_id)
        self.database.execute("DELETE FROM told WHERE chat_id = ?", (chat_id,))

    def mark(self) -> str:
        """Which state of the guidance was compared last; empty at first."""
        row = self.database.execute("SELECT value FROM marks WHERE key = 'watched'").fetchone()
        return row[0] if row else ""

    def set_mark(self, value: str) -> None:
        """Remember which state of the guidance was compared."""
        self.database.execute("INSERT OR REPLACE INTO marks (key, value) VALUES ('watched', ?)", (value,))

    def _read(self, where: str, *values: object) -> list[Subscription]:
        query = f"SELECT chat_id, entry, language, title, digest FROM subscriptions {where}"
        return [Subscription(*row) for row in self.database.execute(query, values)]
