"""Thumbs up or down on the last answer, kept for staff: what was asked, what was answered, what was wrong with it.

What is typed about an answer also goes beside its question into the staff's queue (docs/unanswered.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from rasa_sdk import Tracker

from actions.base import CustomsAction, Service
from actions.context import Turn
from actions.reply import Reply, say
from customs.asked import redact
from customs.blocks import buttons, paragraph
from customs.settings import Settings

RATINGS = ("up", "down")
REASONS = {
    "wrong": "It is wrong",
    "outdated": "It is out of date",
    "unclear": "I do not understand it",
    "no_answer": "It does not answer my question",
}
_TABLE = """CREATE TABLE IF NOT EXISTS feedback (
    at TEXT NOT NULL, conversation TEXT NOT NULL, rating TEXT NOT NULL, reason TEXT,
    entry TEXT, release TEXT, question TEXT, comment TEXT)"""

# The version of the file from which on it holds no personal data.
_REDACTED = 1


def ratings(settings: Settings) -> Path:
    """The file of the ratings."""
    return settings.var_dir / "feedback.db"


def store_feedback(path: Path, row: tuple[str | None, ...]) -> None:
    """Append one row (conversation, rating, reason, entry, release, question, comment), the last two without personal data."""
    *known, question, comment = row
    with _database(path) as db:
        values = (_moment(), *known, _redacted(question), _redacted(comment))
        db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def _redacted(text: str | None) -> str | None:
    return redact(text).text if text else text


def forget_feedback(path: Path, conversation: str) -> int:
    """Delete what a conversation rated; returns how many rows. Raises `sqlite3.Error`."""
    if not path.exists():
        return 0
    with _database(path) as db:
        return db.execute("DELETE FROM feedback WHERE conversation = ?", (conversation,)).rowcount


def forget_old_feedback(path: Path, days: float) -> int:
    """Delete the rows that are older than `days`; returns how many. Raises `sqlite3.Error`."""
    if not path.exists():
        return 0
    with _database(path) as db:
        return db.execute("DELETE FROM feedback WHERE at < ?", (_moment(days),)).rowcount


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=5)) as db:
        with suppress(sqlite3.OperationalError):  # somebody else is switching it on, for which SQLite does not wait
            db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA secure_delete=ON")  # what a person deletes is overwritten, not only unlinked
        with db:
            db.execute(_TABLE)
            _clean(db)
            yield db


def _clean(db: sqlite3.Connection) -> None:
    """Take personal data out of what an earlier version kept with it, once."""
    if db.execute("PRAGMA user_version").fetchone()[0] >= _REDACTED:
        return
    rows = db.execute("SELECT rowid, question, comment FROM feedback").fetchall()
    clean = [(_redacted(question), _redacted(comment), row) for row, question, comment in rows]
    db.executemany("UPDATE feedback SET question = ?, comment = ? WHERE rowid = ?", clean)
    db.execute(f"PRAGMA user_version = {_REDACTED}")


def _moment(days_ago: float = 0.0) -> str:
    return (datetime.now(timezone.utc) - timedelta(days=days_ago)).isoformat(timespec="seconds")


class GiveFeedback(CustomsAction):
    """Stores the rating; after a thumbs down without a reason, asks for one."""

    action_name = "action_give_feedback"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        rating = turn.values.get("rating")
        reason = turn.values.get("reason")
        if rating not in RATINGS and turn.is_payload:
            rating = "down" if reason in REASONS else None
        if rating is None and turn.is_payload:
            choices = [(say(turn.language, "It helped"), '/give_feedback{"rating":"up"}'),
                       (say(turn.language, "It did not help"), '/give_feedback{"rating":"down"}')]  # fmt: skip
            return Reply("smalltalk", [paragraph(say(turn.language, "Did the last answer help?")), buttons(choices)])
        last = turn.last_answer
        comment = None if turn.is_payload else turn.text
        if comment and Service.recorder:
            Service.recorder.comment(turn.conversation, comment)
        row = (turn.conversation, rating or "comment", reason if reason in REASONS else None,
               last.get("entry"), last.get("release"), last.get("question"), comment)  # fmt: skip
        store_feedback(ratings(Service.settings), row)
        if rating == "down" and reason not in REASONS:
            choices = [
                (say(turn.language, text), f'/give_feedback{{"rating":"down","reason":"{name}"}}')
                for name, text in REASONS.items()
            ]
            return Reply(
                "smalltalk", [paragraph(say(turn.language, "Thank you. What was wrong with it?")), buttons(choices)]
            )
        return Reply(
            "smalltalk", [paragraph(say(turn.language, "Thank you. The people who write the answers will see it."))]
        )
