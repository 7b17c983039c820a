"""Where turns for staff are kept: a file of SQLite on one machine, or PostgreSQL where several machines answer.

Both are spoken to in the SQL that both know, with `?` for values. The channels' environment and the dialogue engine's have
different drivers of PostgreSQL; either will do.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

_TURNS = """
CREATE TABLE IF NOT EXISTS turns (
    id TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL, person TEXT NOT NULL, channel TEXT NOT NULL, said TEXT NOT NULL,
    pressed INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT, language TEXT, administration TEXT, entry TEXT, release TEXT,
    answer TEXT NOT NULL, rating TEXT, rating_reason TEXT, rated_at DOUBLE PRECISION,
    comment TEXT,               -- what was typed about the reply
    waiting TEXT,               -- why it waits for staff; NULL when it does not
    group_id TEXT               -- the questions of the same meaning; NULL until it is grouped
);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS turns_by_time ON turns (at);
CREATE INDEX IF NOT EXISTS turns_by_person ON turns (person, at);
CREATE INDEX IF NOT EXISTS turns_by_waiting ON turns (waiting, at) WHERE waiting IS NOT NULL;
CREATE INDEX IF NOT EXISTS turns_by_group ON turns (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS turns_in_groups ON turns (group_id, person, at) WHERE waiting IS NOT NULL;
CREATE INDEX IF NOT EXISTS turns_without_group ON turns (at, id) WHERE waiting IS NOT NULL AND group_id IS NULL;
"""
# What the grouping keeps about a question goes with the question.
_SQLITE = """
CREATE TABLE IF NOT EXISTS meanings (turn TEXT PRIMARY KEY, encoder TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS titles (group_id TEXT PRIMARY KEY, turn TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS forget_meaning AFTER DELETE ON turns BEGIN
    DELETE FROM meanings WHERE turn = OLD.id;
    DELETE FROM titles WHERE turn = OLD.id;
END;
"""
_POSTGRESQL = """
CREATE TABLE IF NOT EXISTS meanings (turn TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE, encoder TEXT NOT NULL, vector BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS titles (group_id TEXT PRIMARY KEY, turn TEXT NOT NULL REFERENCES turns ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS titles_by_turn ON titles (turn);
CREATE TABLE IF NOT EXISTS keys (month TEXT PRIMARY KEY, key BYTEA NOT NULL);
"""
_SCHEMA = "customs_asked"
CONNECT_S = 5


class StoreError(Exception):
    """What was asked cannot be read or written; the message names the store and what it said."""


class Database(Protocol):
    """What the store needs of a database. Every call raises `StoreError`; without a transaction each statement is one."""

    name: str

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement; returns a cursor over rows that are tuples."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of `rows`."""

    def transaction(self) -> Any:
        """All that is written within is written, or nothing."""

    def alone(self, purpose: str) -> Any:
        """Is this the only process that holds `purpose`? For as long as the context lasts; never waits."""

    def overwrite_deleted(self) -> None:
        """Leave nothing of what was deleted in the logs, as far as that is in our hands."""

    def close(self) -> None:
        """Let go of it."""


def database(place: Path | str) -> Database:
    """The database at `place`: the path of a file, or postgresql://…. Raises `StoreError`, and `OSError` for a folder."""
    return Postgresql(str(place)) if str(place).startswith(("postgresql://", "postgres://")) else Sqlite(Path(place))


class Sqlite:
    """A file (WAL, its owner's only)."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with self._errors():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")  # what a person deletes is overwritten, not only unlinked
            self._db.executescript(_TURNS)
            if "comment" not in {row[1] for row in self._db.execute("PRAGMA table_info(turns)")}:
                with suppress(sqlite3.OperationalError):  # another process was quicker
                    self._db.execute("ALTER TABLE turns ADD COLUMN comment TEXT")
            self._db.executescript(_INDEXES + _SQLITE)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with self._errors():
            return self._db.execute(sql, tuple(values))

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._errors():
            self._db.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.execute("BEGIN IMMEDIATE")
        yield from _ended(self)

    @contextmanager
    def alone(self, purpose: str) -> Iterator[bool]:
        with self._path.with_suffix(f".{purpose}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def overwrite_deleted(self) -> None:
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.name}: {error}") from error


class Postgresql:
    """A schema of its own in the database at `url`."""

    _prepared: set[str] = set()
    _preparing = threading.Lock()

    def __init__(self, url: str) -> None:
        self._driver = _driver()
        self.name = url.rpartition("@")[2] or url  # an address in a log shows no password
        with self._errors():
            self._db = self._driver.connect(url, connect_timeout=CONNECT_S)
            self._db.autocommit = True
        with self._preparing:
            if url not in self._prepared:
                self._prepare()
                self._prepared.add(url)
        self.execute(f"SET search_path TO {_SCHEMA}")

    def _prepare(self) -> None:
        with self._errors(), self._db.cursor() as cursor:
            cursor.execute("BEGIN")
            # Two processes that begin at the same moment both see no table.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (_SCHEMA,))
            # Not "if not exists", for which a role without the right to make schemas is refused also when it is there.
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (_SCHEMA,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
            cursor.execute(f"SET LOCAL search_path TO {_SCHEMA}")
            for statement in (_TURNS + _INDEXES + _POSTGRESQL).split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
            cursor.execute("COMMIT")

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with self._errors():
            cursor = self._db.cursor()
            # Without values the drivers take the text as it is; with values a % stands for one, unless it is doubled.
            cursor.execute(*((_with_places(sql), tuple(values)) if values else (sql,)))
            return cursor

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._errors(), self._db.cursor() as cursor:
            cursor.executemany(_with_places(sql), list(rows))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.execute("BEGIN")
        yield from _ended(self)

    @contextmanager
    def alone(self, purpose: str) -> Iterator[bool]:
        key = f"{_SCHEMA} {purpose}"
        (mine,) = self.execute("SELECT pg_try_advisory_lock(hashtext(?))", (key,)).fetchone()
        try:
            yield bool(mine)
        finally:
            if mine:
                self.execute("SELECT pg_advisory_unlock(hashtext(?))", (key,))

    def overwrite_deleted(self) -> None:
        """Nothing: PostgreSQL reuses the room by its own vacuum, and its log by its own settings."""

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except self._driver.Error as error:
            raise StoreError(f"PostgreSQL at {self.name}: {' '.join(str(error).split())}") from error


def _ended(db: Database) -> Iterator[None]:
    """The inside of a transaction that has begun."""
    try:
        yield
    except BaseException:
        with suppress(StoreError):  # the first fault is the one to tell
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _with_places(sql: str) -> str:
    """Our SQL as PostgreSQL's drivers want it."""
    return sql.replace("%", "%%").replace("?", "%s")


def _driver() -> Any:
    try:
        import psycopg as driver
    except ImportError:
        try:
            import psycopg2 as driver
        except ImportError:
            raise StoreError("There is no driver of PostgreSQL here; install psycopg or psycopg2.") from None
    return driver
