"""Feedback is kept for staff: rating, reason, comment, against what was asked and answered."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from actions.base import Service
from actions.feedback import REASONS, store_feedback
from customs.asked import AskedTurn, Recorder, Store
from customs.asked.people import People
from tests.actions.support import Conversation, settings_for


@pytest.fixture
def kept(talk: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Reads the rows that were stored."""
    monkeypatch.setattr(Service, "settings", settings_for(tmp_path / "new"))

    def rows() -> list[dict]:
        with closing(sqlite3.connect(tmp_path / "new" / "feedback.db")) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute("SELECT * FROM feedback ORDER BY rowid")]

    return rows


def test_thumbs_up(talk: Conversation, kept) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.press('/give_feedback{"rating":"up"}')
    assert answer.verdict == ("smalltalk", None)
    assert not answer.buttons
    (row,) = kept()
    assert row.pop("at").startswith("20")
    assert row == {
        "conversation": "test-1", "rating": "up", "reason": None, "entry": "qm.alcohol.allowance",
        "release": Service.knowledge.release_id, "question": "how much wine can i bring to meridia", "comment": None,
    }  # fmt: skip


def test_thumbs_down_asks_why_and_keeps_the_reason(talk: Conversation, kept) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.press('/give_feedback{"rating":"down"}')
    assert len(answer.buttons) == len(REASONS)
    talk.press(answer.buttons["It is out of date"])
    assert [(row["rating"], row["reason"]) for row in kept()] == [("down", None), ("down", "outdated")]


def test_feedback_on_a_declined_question_names_the_question(talk: Conversation, kept) -> None:
    talk.say("kangaroo", administration="qm")
    talk.press('/give_feedback{"rating":"down","reason":"no_answer"}')
    (row,) = kept()
    assert (row["entry"], row["question"], row["reason"]) == (None, "kangaroo", "no_answer")


def test_a_comment_is_kept_as_text(talk: Conversation, kept) -> None:
    comment = "'); DROP TABLE feedback; -- 🙂 <b>wrong</b>"
    talk.say(comment, "give_feedback")
    talk.say("still there?", "give_feedback")
    assert [row["comment"] for row in kept()] == [comment, "still there?"]
    assert kept()[0]["rating"] == "comment"


def test_a_comment_loses_personal_data_before_it_is_kept_and_goes_to_the_staffs_queue(
    talk: Conversation, kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path, days=90)
    monkeypatch.setattr(Service, "recorder", recorder)
    person = People(tmp_path / "asked_keys").person("test-1", time.time())
    store = Store(tmp_path / "asked.db")
    store.add([AskedTurn("r1", time.time() - 5, person, "web", "how much wine", False, "answered")])
    talk.say("my name is Jane Roe, how much wine can i bring to meridia")
    talk.say("wrong, it is 4 litres, mail jane.roe@example.com", "give_feedback")
    recorder.flush()
    said = "wrong, it is 4 litres, mail [email]"
    assert [(row["question"], row["comment"]) for row in kept()] == [
        ("my name is [name], how much wine can i bring to meridia", said)
    ]
    assert (store.turn("r1").comment, store.turn("r1").waiting) == (said, "commented")
    store.close()
    recorder.close()


def test_what_an_earlier_version_kept_loses_its_personal_data(tmp_path: Path) -> None:
    path = tmp_path / "feedback.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE feedback (at TEXT, conversation TEXT, rating TEXT, reason TEXT, entry TEXT, release TEXT, question TEXT, comment TEXT)"
        )
        db.execute(
            "INSERT INTO feedback VALUES ('2026', 'web-1', 'comment', NULL, NULL, NULL, 'call +44 7700 900123', 'I am jane@example.com')"
        )
    store_feedback(path, ("web-2", "up", None, None, None, "wine", None))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT question, comment FROM feedback").fetchall() == [
            ("call [phone]", "I am [email]"),
            ("wine", None),
        ]
    assert b"7700" not in path.read_bytes()


def test_feedback_without_a_rating_asks_for_one(talk: Conversation, kept) -> None:
    answer = talk.say("/give_feedback", "give_feedback")
    assert answer.buttons == {
        "It helped": '/give_feedback{"rating":"up"}', "It did not help": '/give_feedback{"rating":"down"}',
    }  # fmt: skip
    sideways = talk.say("/give_feedback", "give_feedback", [{"entity": "rating", "value": "sideways"}])
    assert sideways.buttons == answer.buttons


def test_an_unknown_reason_is_not_kept(talk: Conversation, kept) -> None:
    talk.say(
        "/give_feedback",
        "give_feedback",
        [{"entity": "rating", "value": "down"}, {"entity": "reason", "value": "ugly"}],
    )
    assert kept()[0]["reason"] is None


def test_feedback_is_kept_while_there_is_no_release(talk: Conversation, kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service.knowledge, "served", None)
    assert talk.press('/give_feedback{"rating":"up"}').outcome == "smalltalk"
    assert len(kept()) == 1


def test_feedback_from_many_at_once(tmp_path: Path) -> None:
    path = tmp_path / "feedback.db"
    row = ("c", "up", None, None, None, None, None)
    threads = [threading.Thread(target=lambda: [store_feedback(path, row) for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM feedback").fetchone() == (40,)
