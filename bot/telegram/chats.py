"""What the channel remembers of a chat: the language of its last reply and which message may be rated.

The chosen language and administration live in Rasa's slots. This is only for the sentences that the channel says itself, and a
hint for the next turn.
"""

from __future__ import annotations

import sqlite3
import time


class Chats:
    """Small facts per chat, in the channel's database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def language(self, chat_id: int) -> str | None:
        """The language of the last reply in the chat; None when there was none."""
        row = self.database.execute("SELECT language FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
        return row[0] if row else None

    def rateable(self, chat_id: int) -> int | None:
        """The id of the message whose answer is the last one of the chat, so that a rating belongs to it."""
        row = self.database.execute("SELECT rateable FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
        return row[0] if row else None

    def replied(self, chat_id: int, language: str, rateable: int | None) -> None:
        """Remember a reply: its language and the message that may be rated, None when it is no answer."""
        self.database.execute(
            "INSERT INTO chats (chat_id, language, rateable, seen) VALUES (?, ?, ?, ?) ON CONFLICT (chat_id) DO UPDATE SET"
            " language = excluded.language, rateable = excluded.rateable, seen = excluded.seen",
            (chat_id, language, rateable, time.time()),
        )

    def forget(self, chat_id: int) -> None:
        """Forget the chat."""
        self.database.execute("DELETE FROM chats WHERE chat_id = ?", (chat_id,))

    def first(self, act: str) -> bool:
        """True the first time that this `act` (a pressed keyboard, an album) is named, then False."""
        cursor = self.database.execute("INSERT OR IGNORE INTO acts (key, done) VALUES (?, ?)", (act, time.time()))
        return cursor.rowcount == 1
