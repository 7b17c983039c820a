"""Thumbs up or down on the last answer, kept for staff: what was asked, what was answered, what was wrong with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timezone
from pathlib import Path

from rasa_sdk import Tracker

from actions.base import CustomsAction, Service
from actions.context import Turn
from actions.reply import Reply, say
from customs.blocks import buttons, paragraph

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


def store_feedback(path: Path, row: tuple[str | None, ...]) -> None:
    """Append one row (conversation, rating, reason, entry, release, question, comment)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=5)) as db, db:
        with suppress(sqlite3.OperationalError):  # somebody else is switching it on, for which SQLite does not wait
            db.execute("PRAGMA journal_mode=WAL")
        db.execute(_TABLE)
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (at, *row))


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
        row = (turn.conversation, rating or "comment", reason if reason in REASONS else None,
               last.get("entry"), last.get("release"), last.get("question"), comment)  # fmt: skip
        store_feedback(Service.settings.var_dir / "feedback.db", row)
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
