"""The visible conversations, kept in SQLite: what was asked, what was answered, and which message was already taken.

The page without JavaScript shows a conversation from here, the download comes from here, and a message that is sent
twice with one idempotency key is found here, so that it makes one turn. Rasa keeps its own memory of the dialogue.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.replies import Reply

_SCHEMA = """
CREATE TABLE IF NOT EXISTS exchanges (
    id INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    origin TEXT,               -- who began the conversation with this message; NULL in one that already had an id
    key TEXT NOT NULL,
    said TEXT NOT NULL,
    payload TEXT,
    at REAL NOT NULL,          -- seconds since 1970
    claimed_until REAL NOT NULL,
    reply TEXT                 -- JSON; NULL while the turn runs
);
CREATE UNIQUE INDEX IF NOT EXISTS exchange_by_key ON exchanges (conversation, key);
CREATE UNIQUE INDEX IF NOT EXISTS exchange_by_origin ON exchanges (origin, key) WHERE origin IS NOT NULL;
CREATE INDEX IF NOT EXISTS exchange_by_age ON exchanges (at);
"""


class KeyReused(ValueError):
    """One idempotency key came with two different messages."""


@dataclass(frozen=True)
class Exchange:
    """One message and its reply. `mine` is true for the caller who has to take the turn; `reply` is None until then."""

    id: int
    conversation: str
    key: str
    said: str
    payload: str | None
    at: float
    reply: Reply | None
    mine: bool = False


class Transcripts:
    """Conversations in the SQLite file `path` (WAL, readable by its owner only).

    A turn that is not finished `claim_s` seconds after it began may be taken again: its process has died.
    """

    def __init__(self, path: Path, claim_s: float, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._clock = clock
        self._claim_s = claim_s
        # The event loop that uses it may run in another thread than the one that made the application.
        self._db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_SCHEMA)

    def begin(self, conversation: str, origin: str | None, key: str, said: str, payload: str | None) -> Exchange:
        """Claim the message `key`, or find it. A message that failed for a passing reason may be claimed again.

        With `origin` the message begins a conversation: it is then looked up by who sent it, and `conversation` is the
        id that it gets if it is new. Raises `KeyReused` if the key was used for another text or payload.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            found = self._find(conversation, origin, key)
            now = self._clock()
            if found is None:
                row = (conversation, origin, key, said, payload, now, now + self._claim_s)
                insert = "INSERT INTO exchanges (conversation, origin, key, said, payload, at, claimed_until)"
                number = self._db.execute(f"{insert} VALUES (?,?,?,?,?,?,?)", row).lastrowid
                return Exchange(number, conversation, key, said, payload, now, None, mine=True)
            exchange, claimed_until = found
            if (exchange.said, exchange.payload) != (said, payload):
                raise KeyReused(key)
            if exchange.reply.may_retry if exchange.reply else claimed_until < now:
                claim = "UPDATE exchanges SET reply = NULL, claimed_until = ? WHERE id = ?"
                self._db.execute(claim, (now + self._claim_s, exchange.id))
                return Exchange(exchange.id, exchange.conversation, key, said, payload, exchange.at, None, mine=True)
            return exchange
        finally:
            self._db.execute("COMMIT")

    def _find(self, conversation: str, origin: str | None, key: str) -> tuple[Exchange, float] | None:
        where, who = ("origin = ?", origin) if origin else ("conversation = ?", conversation)
        columns = "id, conversation, key, said, payload, at, reply, claimed_until"
        row = self._db.execute(f"SELECT {columns} FROM exchanges WHERE {where} AND key = ?", (who, key)).fetchone()
        return (_exchange(row), row[7]) if row else None

    def finish(self, exchange: Exchange, reply: Reply) -> None:
        """Keep the reply; nothing happens if the conversation was deleted meanwhile."""
        text = json.dumps(reply.as_dict(), ensure_ascii=False)
        self._db.execute("UPDATE exchanges SET reply = ? WHERE id = ?", (text, exchange.id))

    def conversation(self, conversation: str, last: int = 200) -> list[Exchange]:
        """The `last` exchanges of a conversation, oldest first; empty if there is none."""
        columns = "id, conversation, key, said, payload, at, reply"
        query = f"SELECT {columns} FROM exchanges WHERE conversation = ? ORDER BY id DESC LIMIT ?"
        return [_exchange(row) for row in self._db.execute(query, (conversation, last))][::-1]

    def delete(self, conversation: str) -> int:
        """Delete a conversation; returns how many exchanges it had."""
        gone = self._db.execute("DELETE FROM exchanges WHERE conversation = ?", (conversation,)).rowcount
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the words would stay in the log for a while
        return gone

    def purge(self, days: float) -> int:
        """Delete every exchange older than `days`; returns how many."""
        return self._db.execute("DELETE FROM exchanges WHERE at < ?", (self._clock() - days * 86400,)).rowcount

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _exchange(row: tuple) -> Exchange:
    number, conversation, key, said, payload, at, reply = row[:7]
    return Exchange(number, conversation, key, said, payload, at, Reply(**json.loads(reply)) if reply else None)
