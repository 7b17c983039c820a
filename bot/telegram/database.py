"""The channel's own small database: what must survive a restart and does not live in Rasa.

It holds which updates were received and answered, the payloads that do not fit into a button, and per chat the language and
the administration of the last reply and the message that may be rated, and what a
chat follows. No question and no answer is kept once an update is answered.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

DAY = 86_400.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY, received REAL NOT NULL, body TEXT, attempts INTEGER NOT NULL DEFAULT 0, done REAL);
CREATE TABLE IF NOT EXISTS payloads (key TEXT PRIMARY KEY, payload TEXT NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS chats (
    chat_id INTEGER PRIMARY KEY, language TEXT, rateable INTEGER, seen REAL NOT NULL, administration TEXT,
    entry TEXT);
CREATE TABLE IF NOT EXISTS source_lists (key TEXT PRIMARY KEY, sources TEXT NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (
    chat_id INTEGER NOT NULL, entry TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (chat_id, entry));
CREATE TABLE IF NOT EXISTS told (chat_id INTEGER NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS marks (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS acts (key TEXT PRIMARY KEY, done REAL NOT NULL, by INTEGER);
"""
# Telegram keeps an update for a day, so two days tell every repetition; the rest goes when nobody can need it any more.
KEEP = {"updates": ("received", 2 * DAY), "acts": ("done", 2 * DAY), "payloads": ("made", 30 * DAY),
        "source_lists": ("made", 30 * DAY), "chats": ("seen", 90 * DAY), "told": ("at", 2 * DAY)}  # fmt: skip
# Columns that came after the first version of a table: a file of before gets them at the next start.
ADDED = {"chats": {"administration": "TEXT", "entry": "TEXT"}, "acts": {"by": "INTEGER"}}


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database at `path`, made when absent, with what is past its time deleted.

    Raises `sqlite3.Error` when the file cannot be used and `OSError` when its folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # chats are nobody else's business on this machine
    database = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("PRAGMA secure_delete=ON")  # what a person deletes is overwritten, not only unlinked
    database.executescript(SCHEMA)
    for table, columns in ADDED.items():
        there = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        for column in columns.keys() - there:
            database.execute(f"ALTER TABLE {table} ADD COLUMN {column} {columns[column]}")
    prune(database)
    return database


def prune(database: sqlite3.Connection, now: float | None = None) -> None:
    """Delete what is older than `KEEP` says."""
    now = time.time() if now is None else now
    for table, (column, seconds) in KEEP.items():
        database.execute(f"DELETE FROM {table} WHERE {column} < ?", (now - seconds,))
