"""The store of turns for staff: one SQLite file, written by the channels and read by the console."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from customs.asked.turns import AskedTurn, waiting

DAY = 86_400.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    id TEXT PRIMARY KEY, at REAL NOT NULL, person TEXT NOT NULL, channel TEXT NOT NULL, said TEXT NOT NULL,
    pressed INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT, language TEXT, administration TEXT, entry TEXT, release TEXT,
    answer TEXT NOT NULL, rating TEXT, rating_reason TEXT, rated_at REAL,
    waiting TEXT,               -- why it waits for staff; NULL when it does not
    group_id TEXT               -- the questions of the same meaning; NULL until it is grouped
);
CREATE INDEX IF NOT EXISTS turns_by_time ON turns (at);
CREATE INDEX IF NOT EXISTS turns_by_person ON turns (person, at);
CREATE INDEX IF NOT EXISTS turns_by_waiting ON turns (waiting, at) WHERE waiting IS NOT NULL;
CREATE INDEX IF NOT EXISTS turns_by_group ON turns (group_id) WHERE group_id IS NOT NULL;
"""
_COLUMNS = tuple(field.name for field in fields(AskedTurn))


class Store:
    """The turns in the SQLite file `path` (WAL, its owner's only). Use one object in one thread.

    Raises `sqlite3.Error` when the file cannot be used and `OSError` when its folder cannot be made.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self.path = path
        self._clock = clock
        self.db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute("PRAGMA secure_delete=ON")  # what a person deletes is overwritten, not only unlinked
        self.db.executescript(_SCHEMA)

    def add(self, turns: Iterable[AskedTurn]) -> None:
        """Keep turns, all in one transaction; one that is there already is left as it is."""
        rows = [(*(getattr(turn, name) for name in _COLUMNS), turn.waiting) for turn in turns]
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        with self._transaction():
            self.db.executemany(f"INSERT OR IGNORE INTO turns ({', '.join(_COLUMNS)}, waiting) VALUES ({marks})", rows)

    def rate(self, persons: Sequence[str], rating: str, reason: str | None, at: float) -> str | None:
        """Note a rating on the person's last reply that was one; returns that turn's id, None when there is none."""
        marks = ", ".join("?" * len(persons))
        row = self.db.execute(
            f"SELECT id FROM turns WHERE person IN ({marks}) AND at <= ? AND outcome NOT IN ('smalltalk', 'failed')"
            " ORDER BY at DESC, id DESC LIMIT 1",
            (*persons, at),
        ).fetchone()
        if row is None:
            return None
        turn = self.turn(row[0])
        # A reason comes after its rating; a second rating replaces the first.
        self.db.execute(
            "UPDATE turns SET rating = ?, rating_reason = coalesce(?, rating_reason), rated_at = ?, waiting = ? WHERE id = ?",
            (rating, reason, at, waiting(turn.outcome, turn.reason, rating, turn.pressed), turn.id),
        )
        return turn.id

    def turn(self, number: str) -> AskedTurn | None:
        """The turn with the id `number`."""
        return next(self.select("id = ?", (number,)), None)

    def select(
        self, where: str = "1", values: Sequence[Any] = (), order: str = "at, id", limit: int = -1
    ) -> Iterator[AskedTurn]:
        """The turns for which the SQL condition `where` (ours, with ? for `values`) holds; `limit` -1 is all."""
        query = f"SELECT {', '.join(_COLUMNS)} FROM turns WHERE {where} ORDER BY {order} LIMIT ?"
        for row in self.db.execute(query, (*values, limit)):
            named = dict(zip(_COLUMNS, row))
            yield AskedTurn(**named | {"pressed": bool(named["pressed"])})

    def around(self, number: str, before: int = 6, after: int = 3) -> list[AskedTurn]:
        """The turn `number` with what the same person said `before` and `after` it, oldest first; empty when it is gone."""
        turn = self.turn(number)
        if turn is None:
            return []
        place = (turn.person, turn.at, turn.at, turn.id)
        earlier = self.select("person = ? AND (at < ? OR (at = ? AND id < ?))", place, "at DESC, id DESC", before)
        later = self.select("person = ? AND (at > ? OR (at = ? AND id > ?))", place, limit=after)
        return [*list(earlier)[::-1], turn, *later]

    def delete(self, persons: Sequence[str]) -> int:
        """Delete all turns of these hashes; returns how many."""
        marks = ", ".join("?" * len(persons))
        gone = self.db.execute(f"DELETE FROM turns WHERE person IN ({marks})", tuple(persons)).rowcount
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the words would stay in the log for a while
        return gone

    def purge(self, days: float) -> int:
        """Delete the turns older than `days`; returns how many."""
        return self.db.execute("DELETE FROM turns WHERE at < ?", (self._clock() - days * DAY,)).rowcount

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def _transaction(self) -> sqlite3.Connection:
        self.db.execute("BEGIN IMMEDIATE")
        return self.db
