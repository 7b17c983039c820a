"""Deletion on request and by age, in our own store and in Rasa's SQL store, through the real engine."""

import asyncio
import socket
import sqlite3
import time
from contextlib import closing

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from customs.settings import ROOT
from dialogue import kept
from dialogue.tracker_store import SessionStore
from tests.dialogue.conftest import Engine
from tests.dialogue.postgresql import postgresql  # noqa: F401 - a fixture

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
SECRET = "zzsecretzz"
DAY = 86_400.0


@pytest.fixture(params=["own", "sql", "postgresql"])
def store(request, tmp_path):
    if request.param == "own":
        made = SessionStore(DOMAIN, host=str(tmp_path / "conversations.db"))
        yield made
        made.close()
    elif request.param == "sql":
        yield SQLTrackerStore(DOMAIN, host=f"sqlite:///{tmp_path}/events.db")
    else:
        made = SQLTrackerStore(DOMAIN, host=request.getfixturevalue("postgresql"))
        with made.session_scope() as session:
            session.query(made.SQLEvent).delete()
            session.commit()
        yield made
        made.engine.dispose()


def said(sender, days_ago, text="hello"):
    moment = time.time() - days_ago * DAY
    return DialogueStateTracker.from_events(sender, [UserUttered(text, timestamp=moment)], DOMAIN.slots)


def run(coroutine):
    return asyncio.run(coroutine)


def senders(store):
    return set(run(store.keys()))


def test_one_conversation_is_deleted(store):
    for name in ("a", "b"):
        run(store.save(said(name, 0)))
    assert run(kept.delete(store, "a")) is True and run(kept.delete(store, "a")) is False
    assert senders(store) == {"b"} and kept.can_delete(store)


def test_old_conversations_are_deleted_and_one_that_went_on_is_not(store):
    for name, days in (("old", 31), ("went on", 31), ("new", 1)):
        run(store.save(said(name, days)))
    tracker = run(store.retrieve("went on"))
    tracker.update(UserUttered("again"))
    run(store.save(tracker))
    assert kept.forget_before(store, time.time() - 30 * DAY) == 1
    assert senders(store) == {"went on", "new"}


def test_other_stores_say_that_they_cannot(caplog):
    store = InMemoryTrackerStore(DOMAIN)
    with pytest.raises(kept.CannotDeleteError, match="InMemoryTrackerStore") as raised:
        run(kept.delete(store, "a"))
    assert raised.value.for_good and kept.forget_before(store, time.time()) == 0
    run(kept.sweep_hourly(store, 30))
    assert "deletes no conversations by age" in caplog.text


def test_a_sweep_that_fails_is_logged_and_tried_again(tmp_path, caplog, monkeypatch):
    store = SessionStore(DOMAIN, host=str(tmp_path / "conversations.db"))
    run(store.save(said("old", 31)))
    monkeypatch.setattr(kept, "SWEEP_EVERY_S", 0.05)
    working, tries = store.forget_before, []

    def fails_once(moment):
        tries.append(moment)
        if len(tries) == 1:
            raise sqlite3.OperationalError("disk I/O error")
        return working(moment)

    store.forget_before = fails_once

    async def sweep():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(kept.sweep_hourly(store, 30), 0.5)

    run(sweep())
    assert "could not be deleted" in caplog.text and senders(store) == set()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_engine_with_the_stock_sql_store(model, actions, tmp_path, monkeypatch):
    path = tmp_path / "events.db"
    SQLTrackerStore(DOMAIN, host=f"sqlite:///{path}")  # makes the table
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('old', 'user', 1000, '{}')")
    engine = Engine(model, actions.port, tmp_path, free_port(), environment={
        "CUSTOMS_TRACKER_STORE": "sql", "CUSTOMS_TRACKER_URL": f"sqlite:///{path}", "CUSTOMS_CONVERSATION_DAYS": "7",
    }).start()  # fmt: skip
    try:
        engine.say("gone", f"is {SECRET} taxed")
        with closing(sqlite3.connect(path)) as db:
            assert {name for (name,) in db.execute("SELECT sender_id FROM events")} == {"gone"}, "swept at the start"
        address = "/webhooks/rest/conversations/gone"
        actions.forget_status = 503  # the ratings cannot be deleted: nothing is said to be
        status, told = engine.request(address, method="DELETE")
        assert status == 503 and "ratings" in told
        actions.forget_status = 200
        assert engine.request(address, method="DELETE") == (200, {"deleted": True})
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM events").fetchone() == (0,)
    finally:
        actions.forget_status = 200
        engine.stop()
