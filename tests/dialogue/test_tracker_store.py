"""The conversations' store: nothing lost, nothing crossed, bounded."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from customs.settings import ROOT
from dialogue.tracker_store import ConversationsFileError, SessionStore

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
EVENTS_A_TURN = 5


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "conversations.db"


@pytest.fixture
def store(path):
    made = SessionStore(DOMAIN, host=str(path))
    yield made
    made.close()


def run(coroutine):
    return asyncio.run(coroutine)


def begin(store, sender):
    tracker = run(store.get_or_create_tracker(sender, append_action_listen=False))
    if not tracker.events:
        tracker.update_with_events(
            [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)], DOMAIN
        )
    return tracker


def turn(store, sender, text, *events):
    """One turn as Rasa makes it, saved."""
    tracker = begin(store, sender)
    message = UserUttered(text, {"name": "ask_question", "confidence": 0.9}, [])
    told = BotUttered(f"answer to {text}", {"custom": {"outcome": "answered"}})
    made = [message, ActionExecuted("action_answer_question"), told, *events, ActionExecuted(ACTION_LISTEN_NAME)]
    tracker.update_with_events(made, DOMAIN)
    run(store.save(tracker))
    return tracker


def said(tracker):
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def as_dicts(tracker):
    return [event.as_dict() for event in tracker.events]


def test_an_unknown_conversation_is_none(store):
    assert run(store.retrieve("nobody")) is None
    assert run(store.exists("nobody")) is False


def test_round_trip_through_memory_and_through_the_file(store, path):
    saved = turn(store, "a", "how much wine 🍷 كم", SlotSet("language", "ar"))
    again = SessionStore(DOMAIN, host=str(path))
    for source in (store, again):
        read = run(source.retrieve("a"))
        assert as_dicts(read) == as_dicts(saved)
        assert read.get_slot("language") == "ar"
        assert read.latest_message.text == "how much wine 🍷 كم"
    again.close()


def test_two_senders_are_not_crossed(store):
    for number in range(20):
        turn(store, "a", f"a{number}", SlotSet("language", "ar"))
        turn(store, "b", f"b{number}", SlotSet("language", "zh"))
    for name, language in (("a", "ar"), ("b", "zh")):
        read = run(store.retrieve(name))
        assert {text[0] for text in said(read)} == {name}
        assert read.get_slot("language") == language
    assert set(run(store.keys())) == {"a", "b"}


def test_only_new_events_are_written(store, path):
    for number in range(3):
        turn(store, "a", f"m{number}")
    with sqlite3.connect(path) as reader:
        assert [row[0] for row in reader.execute("SELECT count(*) FROM turns")] == [3]
    assert said(run(store.retrieve("a"))) == ["m0", "m1", "m2"]


def test_a_long_conversation_is_cut_and_keeps_its_slots(store, path):
    turn(store, "a", "first", SlotSet("language", "ur"), SlotSet("last_answer", {"entry": "gb.cash", "n": 1}))
    sizes = []
    for number in range(200):
        turn(store, "a", f"m{number}", SlotSet("last_topic", f"t{number}"))
        sizes.append(len(run(store.retrieve("a")).events))
    assert max(sizes) <= store.cut_above
    assert said(run(store.retrieve("a")))[-3:] == ["m197", "m198", "m199"]
    fresh = SessionStore(DOMAIN, host=str(path))
    for source in (store, fresh):
        read = run(source.retrieve("a"))
        assert read.current_slot_values()["language"] == "ur"
        assert read.get_slot("last_answer") == {"entry": "gb.cash", "n": 1}
        assert read.get_slot("last_topic") == "t199"
        assert isinstance(read.events[1], SessionStarted)
        assert read.latest_action_name == ACTION_LISTEN_NAME
    with sqlite3.connect(path) as reader:
        ((text,),) = reader.execute("SELECT group_concat(events) FROM turns")
        assert '"text": "m199"' in text and '"text": "m3"' not in text
    fresh.close()


def test_a_cut_begins_at_a_turn(store):
    for number in range(40):
        turn(store, "a", f"m{number}")
        read = run(store.retrieve("a"))
        applied = read.applied_events()
        first = next(at for at, event in enumerate(applied) if isinstance(event, UserUttered))
        assert isinstance(applied[first - 1], ActionExecuted) and applied[first - 1].action_name == ACTION_LISTEN_NAME


def test_a_running_form_goes_on_when_it_is_cut(store, path):
    turn(store, "a", "start", SlotSet("requested_slot", "fact"), ActiveLoop("duty_form"))
    for number in range(40):
        turn(store, "a", f"m{number}")
    fresh = SessionStore(DOMAIN, host=str(path))
    for source in (store, fresh):
        read = run(source.retrieve("a"))
        assert read.active_loop_name == "duty_form" and read.get_slot("requested_slot") == "fact"
        assert read.latest_action_name == ACTION_LISTEN_NAME
        assert len(read.events) <= store.cut_above and said(read)[-1] == "m39"
    fresh.close()
    turn(store, "a", "done", ActiveLoop(None))
    for number in range(40):
        turn(store, "a", f"n{number}")
    assert run(store.retrieve("a")).active_loop is None


def test_a_pause_survives_the_cut(store):
    turn(store, "a", "human please", ConversationPaused())
    for number in range(40):
        turn(store, "a", f"m{number}")
    assert run(store.retrieve("a")).is_paused()


def test_an_earlier_session_goes_when_a_new_one_begins(store):
    turn(store, "a", "old words", SlotSet("language", "fr"))
    tracker = begin(store, "a")
    tracker.update_with_events(
        [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), SlotSet("language", "fr")], DOMAIN
    )
    run(store.save(tracker))
    turn(store, "a", "new words")
    read = run(store.retrieve("a"))
    assert said(read) == ["new words"]
    assert read.get_slot("language") == "fr"


def test_restart_resets(store):
    turn(store, "a", "words", SlotSet("language", "fr"))
    turn(store, "a", "start over", Restarted())
    assert run(store.retrieve("a")).get_slot("language") is None


def test_memory_is_bounded(path):
    store = SessionStore(DOMAIN, host=str(path), remember=5)
    for number in range(20):
        turn(store, f"s{number}", "hi")
    assert len(store._recent) == 5
    assert said(run(store.retrieve("s0"))) == ["hi"]
    turn(store, "s0", "again")
    assert said(run(store.retrieve("s0"))) == ["hi", "again"]
    assert len(store._recent) == 5
    store.close()


def test_edited_events_replace_the_kept_ones(store):
    turn(store, "a", "one")
    turn(store, "a", "two")
    tracker = run(store.retrieve("a"))
    edited = type(tracker).from_events("a", list(tracker.events)[: -EVENTS_A_TURN + 1], DOMAIN.slots)
    run(store.save(edited))
    assert said(run(store.retrieve("a"))) == ["one"]


def test_deletion_leaves_no_word_in_the_files(store, path):
    turn(store, "a", "my passport is zzsecretzz")
    turn(store, "b", "other")
    assert run(store.delete("a")) is True
    assert run(store.delete("a")) is False
    assert run(store.retrieve("a")) is None
    assert said(run(store.retrieve("b"))) == ["other"]
    store.close()
    for file in path.parent.iterdir():
        assert b"zzsecretzz" not in file.read_bytes(), file.name


def test_a_deletion_by_another_process_is_noticed(store, path):
    turn(store, "a", "hello")
    with sqlite3.connect(path) as other:
        other.execute("DELETE FROM turns WHERE sender = 'a'")
    other.close()
    assert run(store.retrieve("a")) is None


def test_old_conversations_are_forgotten(store):
    turn(store, "old", "hi")
    turn(store, "new", "hi")
    store._db.execute("UPDATE turns SET saved = 1000 WHERE sender = 'old'")
    assert store.forget_before(2000) == 1
    assert run(store.retrieve("old")) is None
    assert said(run(store.retrieve("new"))) == ["hi"]


def test_what_was_saved_outlives_a_kill(path):
    script = (
        "import asyncio, os, signal, sys; sys.path.insert(0, sys.argv[2])\n"
        "from tests.dialogue.test_tracker_store import *\n"
        "store = SessionStore(DOMAIN, host=sys.argv[1])\n"
        "turn(store, 'a', 'before the kill', SlotSet('language', 'es'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path), str(ROOT)], cwd=ROOT, timeout=120)
    assert done.returncode == -9
    store = SessionStore(DOMAIN, host=str(path))
    read = run(store.retrieve("a"))
    assert said(read) == ["before the kill"] and read.get_slot("language") == "es"
    store.close()


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    damaged = tmp_path / "conversations.db"
    damaged.write_bytes(b"this is no database" * 100)
    with pytest.raises(ConversationsFileError, match="conversations.db.*CUSTOMS_VAR_DIR"):
        SessionStore(DOMAIN, host=str(damaged))
