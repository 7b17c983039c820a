"""What the channel remembers of a chat: the language of its last reply and which message may be rated.

The chosen language and administration live in Rasa's slots. This is only for the sentences that the channel says itself, and a
hint for the next turn.
"""

from __future__ import annotations

import logging
import sqlite3
import time

log = logging.getLogger(__name__)


class Chats:
    """Small facts per chat, in the channel's database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def language(self, chat_id: int) -> str | None:
        """The language of the last reply in the chat; None when there was none."""
        row = self._run("SELECT language FROM chats WHERE chat_id = ?", chat_id)[0]
        return row[0] if row else None

    def rateable(self, chat_id: int) -> int | None:
        """The id of the message whose answer is the last one of the chat, so that a rating belongs to it."""
        row = self._run("SELECT rateable FROM chats WHERE chat_id = ?", chat_id)[0]
        return row[0] if row else None

    def administration(self, chat_id: int) -> str | None:
        """The administration of the last reply that had one; None when there was none."""
        row = self._run("SELECT administration FROM chats WHERE chat_id = ?", chat_id)[0]
        return row[0] if row else None

    def entry(self, chat_id: int) -> str | None:
        """The entry that was answered last; None when there was none."""
        row = self._run("SELECT entry FROM chats WHERE chat_id = ?", chat_id)[0]
        return row[0] if row else None

    def replied(self, chat_id: int, language: str, rateable: int | None, administration: str | None = None,
                entry: str | None = None) -> None:  # fmt: skip
        """Remember a reply: its language, its administration and entry if it has them, and the message that may be rated."""
        self._run(
            "INSERT INTO chats (chat_id, language, rateable, seen, administration, entry) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language, rateable = excluded.rateable,"
            " seen = excluded.seen, administration = coalesce(excluded.administration, administration),"
            " entry = coalesce(excluded.entry, entry)",
            chat_id, language, rateable, time.time(), administration, entry,
        )  # fmt: skip

    def forget(self, chat_id: int) -> None:
        """Forget the chat."""
        self._run("DELETE FROM chats WHERE chat_id = ?", chat_id)

    def delete(self, chat_id: int) -> bool:
        """Delete every row that names the chat; False when the database failed."""
        done = self._run("DELETE FROM chats WHERE chat_id = ?", chat_id)[1]
        done = min(done, self._run("DELETE FROM acts WHERE key GLOB ?", f"*:{chat_id}:*")[1])
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")  # else what was said would stay in the log for a while
        return done >= 0

    def first(self, act: str, update_id: int) -> bool:
        """True for the update that names this `act` (a pressed keyboard, an album) first, also when it comes again after a kill."""
        if self._run("INSERT OR IGNORE INTO acts (key, done, by) VALUES (?, ?, ?)", act, time.time(), update_id)[1] != 0:
            return True
        return self._run("SELECT by FROM acts WHERE key = ?", act)[0] == (update_id,)

    def _run(self, statement: str, *values: object) -> tuple[tuple | None, int]:
        """The first row, if any, and how many rows changed, -1 for unknown; a fault is logged, as answers go on without it."""
        try:
            cursor = self.database.execute(statement, values)
            return cursor.fetchone(), cursor.rowcount
        except sqlite3.Error as error:
            log.error("The channel's database fails (%s); answers go on, but chats are not remembered.", error)
            return None, -1
