"""Ratings go with the conversation, and by age."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from actions.base import Service
from actions.feedback import forget_feedback, forget_old_feedback, ratings, store_feedback
from actions.server import sweep_ratings
from tests.actions.support import settings_for
from tests.actions.test_server import app, call  # noqa: F401 - a fixture

SECRET = "zzsecretzz " * 2000  # several pages of the file


def row(conversation: str, question: str = "q") -> tuple[str | None, ...]:
    return (conversation, "up", None, "gb.cash", "r1", question, None)


def conversations(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [name for (name,) in db.execute("SELECT conversation FROM feedback ORDER BY rowid")]


def test_the_ratings_of_a_conversation_go_and_leave_no_word(tmp_path):
    path = tmp_path / "feedback.db"
    assert forget_feedback(path, "web-1") == 0 and not path.exists()
    for name in ("web-1", "web-2", "web-1"):
        store_feedback(path, row(name, SECRET if name == "web-1" else "other"))
    assert path.stat().st_mode & 0o077 == 0
    assert forget_feedback(path, "web-1") == 2 and conversations(path) == ["web-2"]
    assert not any(SECRET[:40].encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_old_ratings_go(tmp_path):
    settings = settings_for(tmp_path)
    path = ratings(settings)
    assert forget_old_feedback(path, 1) == 0
    for name in ("old", "new"):
        store_feedback(path, row(name))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE feedback SET at = '2001-01-01T00:00:00+00:00' WHERE conversation = 'old'")
    sweep_ratings(settings)
    assert conversations(path) == ["new"]


def test_over_the_wire(app, caplog):  # noqa: F811
    path = ratings(Service.settings)
    store_feedback(path, row("web-1"))
    asked = [("POST", "/forget", {"conversation": "web-1"})] * 2
    wrong = [("POST", "/forget", body) for body in (b"x", {}, [], {"conversation": 7})]
    right, again, *refused = call(app, *asked, *wrong)
    assert (right, again) == ((200, {"deleted": 1}), (200, {"deleted": 0}))
    assert [status for status, _ in refused] == [400] * 4
    path.write_bytes(b"this is no database" * 100)
    assert call(app, asked[0])[0][0] == 503 and "could not be deleted" in caplog.text


def test_a_damaged_file_ends_no_sweep(tmp_path, caplog):
    settings = settings_for(tmp_path)
    ratings(settings).parent.mkdir(parents=True, exist_ok=True)
    ratings(settings).write_bytes(b"this is no database" * 100)
    sweep_ratings(settings)
    assert "Old ratings could not be deleted" in caplog.text
    with pytest.raises(sqlite3.Error):
        forget_feedback(ratings(settings), "web-1")
