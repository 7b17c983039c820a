"""The store of turns for staff, written by the channels and read by the console."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from customs.asked.database import Postgresql, database
from customs.asked.people import Folder, Keys, Table
from customs.asked.turns import AskedTurn
from customs.settings import Settings

DAY = 86_400.0
FILE, KEYS = "asked.db", "asked_keys"
_COLUMNS = tuple(field.name for field in fields(AskedTurn))


class Store:
    """The turns at `place`: the path of a file of SQLite, or the address of a PostgreSQL. Use one object in one thread.

    Its methods raise `StoreError`; making it also raises `OSError` when the file's folder cannot be made.
    """

    def __init__(self, place: Path | str, clock: Callable[[], float] = time.time) -> None:
        self.path = place
        self._clock = clock
        self.db = database(place)

    @staticmethod
    def place(settings: Settings) -> Path | str:
        """Where the settings want the turns: `asked_database_url`, else a file in `var_dir`."""
        return settings.asked_database_url or settings.var_dir / FILE

    def keys(self) -> Keys:
        """The months' keys of the people's hashes: in a folder beside the file, or in a table that all machines share."""
        return Table(self.db) if isinstance(self.db, Postgresql) else Folder(Path(self.path).parent / KEYS)

    def add(self, turns: Iterable[AskedTurn]) -> None:
        """Keep turns, all in one transaction; one that is there already is left as it is."""
        rows = [(*(_plain(getattr(turn, name)) for name in _COLUMNS), turn.waiting) for turn in turns]
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        columns = ", ".join((*_COLUMNS, "waiting"))
        with self.db.transaction():
            self.db.executemany(f"INSERT INTO turns ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows)

    def rate(self, persons: Sequence[str], rating: str, reason: str | None, at: float) -> str | None:
        """Note a rating on the person's last reply that was one; returns that turn's id, None when there is none."""
        turn = self._last_reply(persons, at)
        if turn is None:
            return None
        # A reason comes after its rating; a second rating replaces the first.
        self._mark(replace(turn, rating=rating, rating_reason=reason or turn.rating_reason, rated_at=at))
        return turn.id

    def comment(self, persons: Sequence[str], text: str, at: float) -> str | None:
        """Note what was typed about the person's last reply that was one; returns that turn's id, None when there is none."""
        turn = self._last_reply(persons, at)
        if turn is None:
            return None
        said = text if not turn.comment or text in turn.comment else f"{turn.comment}\n{text}"
        self._mark(replace(turn, comment=_plain(said), rated_at=at))
        return turn.id

    def _last_reply(self, persons: Sequence[str], at: float) -> AskedTurn | None:
        marks = ", ".join("?" * len(persons))
        where = f"person IN ({marks}) AND at <= ? AND outcome NOT IN ('smalltalk', 'failed')"
        found = self.select(where, (*persons, at), "at DESC, id DESC", 1) if persons else iter(())
        return next(found, None)

    def _mark(self, turn: AskedTurn) -> None:
        self.db.execute(
            "UPDATE turns SET rating = ?, rating_reason = ?, rated_at = ?, comment = ?, waiting = ? WHERE id = ?",
            (turn.rating, turn.rating_reason, turn.rated_at, turn.comment, turn.waiting, turn.id),
        )

    def turn(self, number: str) -> AskedTurn | None:
        """The turn with the id `number`."""
        return next(self.select("id = ?", (number,)), None)

    def select(
        self, where: str = "TRUE", values: Sequence[Any] = (), order: str = "at, id", limit: int | None = None
    ) -> Iterator[AskedTurn]:
        """The turns for which the SQL condition `where` (ours, with ? for `values`) holds; without a `limit` all."""
        query = f"SELECT {', '.join(_COLUMNS)} FROM turns WHERE {where} ORDER BY {order}"
        query, values = (query, values) if limit is None else (f"{query} LIMIT ?", (*values, limit))
        for row in self.db.execute(query, values):
            named = dict(zip(_COLUMNS, row))
            yield AskedTurn(**named | {"pressed": bool(named["pressed"])})

    def waiting_without_group(self, most: int | None = None) -> int:
        """How many waiting questions have no group yet; counts to `most`."""
        query = "SELECT 1 FROM turns WHERE waiting IS NOT NULL AND group_id IS NULL"
        query, values = (query, ()) if most is None else (f"{query} LIMIT ?", (most,))
        return self.db.execute(f"SELECT count(*) FROM ({query}) AS found", values).fetchone()[0]

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
        gone = self.db.execute(f"DELETE FROM turns WHERE person IN ({marks})", persons).rowcount if persons else 0
        if gone:
            self.db.overwrite_deleted()  # else the words would stay in the log for a while
        return gone

    def purge(self, days: float) -> int:
        """Delete the turns older than `days`; returns how many."""
        return self.db.execute("DELETE FROM turns WHERE at < ?", (self._clock() - days * DAY,)).rowcount

    def close(self) -> None:
        """Close the file or the connection."""
        self.db.close()


def _plain(value: Any) -> Any:
    """A value that every database takes: a text without NUL and without half of a surrogate pair, a number for yes and no."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    return int(value) if isinstance(value, bool) else value
