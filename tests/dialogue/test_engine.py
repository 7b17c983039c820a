"""The real Rasa, in a process of its own, against a tiny action server."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from customs.settings import ROOT


@pytest.fixture(autouse=True)
def calm(actions):
    actions.answers, actions.slow_s = {}, 0.0


def kept(engine, sender):
    """The events of a conversation as they stand on disk."""
    with sqlite3.connect(f"file:{engine.var_dir / 'conversations.db'}?mode=ro", uri=True) as file:
        rows = file.execute("SELECT events FROM turns WHERE sender = ? ORDER BY id", (sender,)).fetchall()
    return [event for (text,) in rows for event in json.loads(text)]


def action_of(messages):
    (message,) = messages
    return message["custom"]["action"]


@pytest.mark.parametrize(
    ("message", "action", "values"),
    [
        ("hello", "action_small_talk", {}),
        ("how much wine can i bring to london", "action_answer_question", {}),
        ("hi, how many cigarettes can I bring to dubai", "action_answer_question", {}),
        ("asdf qwer", "action_answer_question", {}),
        ("👍", "action_answer_question", {}),
        ("dubai", "action_inform", {}),
        ("talk to a human", "action_hand_over", {}),
        ("/start", "action_start", {}),
        ('/start{"entry":"ae.alcohol.allowance"}', "action_start", {"entry": "ae.alcohol.allowance"}),
        ('/choose_entry{"entry":"ae.cash.declare"}', "action_choose_entry", {"entry": "ae.cash.declare"}),
        ('/change_administration{"administration":"gb"}', "action_change_administration", {"administration": "gb"}),
        ('/change_language{"language":"ar"}', "action_change_language", {"language": "ar"}),
        ('/give_feedback{"rating":"down","reason":"outdated"}', "action_give_feedback", {"rating": "down", "reason": "outdated"}),
        ("/ask_human", "action_hand_over", {}),
        ("/help", "action_help", {}),
        ("/restart", "action_restart", {}),
        ("/no_such_intent", "action_answer_question", {}),
    ],
)  # fmt: skip
def test_each_message_reaches_its_action(engine, message, action, values):
    (answer,) = engine.say("rules", message)
    assert answer["custom"]["action"] == action
    assert answer["custom"]["values"] == values
    # one whole message: text with its blank line and custom part together
    assert answer["text"] == f"{action}\n\n{message[:50]}"


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x07", "\u202e", "😀" * 300, "w" * 20_000, "how much wine " * 1500, "\ud83d"]
)
def test_odd_messages_are_answered(engine, text):
    assert action_of(engine.say("odd", text)) == "action_answer_question"
    status, parsed = engine.request("/model/parse", {"text": text})
    assert status == 200 and parsed["intent"]["name"]


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff", b'{"sender":"x"}', b'{"sender":"x","message":null}', b'{"sender":7,"message":"hi"}',
            b'{"sender":"x","message":"hi","metadata":[]}']
)  # fmt: skip
def test_malformed_requests_are_400(engine, raw):
    status, _ = engine.request("/webhooks/rest/webhook", raw=raw, method="POST")
    assert status == 400
    assert action_of(engine.say("after", "hello")) == "action_small_talk"


def test_a_failing_action_is_an_empty_list_and_the_talk_goes_on(engine, actions):
    actions.answers["action_answer_question"] = 500
    assert engine.say("failing", "is gold taxed") == []
    actions.answers["action_answer_question"] = {"events": [{"event": "no_such"}], "responses": []}
    assert engine.say("failing", "is gold taxed") == []
    actions.answers = {}
    assert action_of(engine.say("failing", "is gold taxed")) == "action_answer_question"


def test_an_action_that_hangs_is_given_up(engine, actions):
    actions.slow_s = 6
    start = time.monotonic()
    assert engine.say("hanging", "is gold taxed") == []
    assert time.monotonic() - start < actions.slow_s
    actions.slow_s = 0
    assert action_of(engine.say("hanging", "is silver taxed")) == "action_answer_question"


def test_two_messages_at_once_are_both_answered_in_order(engine, actions):
    actions.slow_s = 0.5
    answers = {}

    def ask(message):
        answers[message] = engine.say("both", message)

    first = threading.Thread(target=ask, args=("is gold taxed",))
    second = threading.Thread(target=ask, args=("is silver taxed",))
    first.start()
    time.sleep(0.15)
    second.start()
    first.join()
    second.join()
    assert [answers[text][0]["custom"]["text"] for text in ("is gold taxed", "is silver taxed")] == [
        "is gold taxed",
        "is silver taxed",
    ]
    asked = [call["tracker"]["latest_message"]["text"] for call in actions.calls if call["sender_id"] == "both"]
    assert asked == ["is gold taxed", "is silver taxed"]


def test_slots_outlive_a_restart_and_sessions_are_cut(engine, actions):
    actions.answers["action_change_language"] = {
        "events": [{"event": "slot", "name": "language", "value": "ur"}], "responses": [{"text": "ok"}],
    }  # fmt: skip
    actions.answers["action_restart"] = {
        "events": [{"event": "restart"}, {"event": "slot", "name": "language", "value": "ur"}], "responses": [{"text": "ok"}],
    }  # fmt: skip
    engine.say("long", '/change_language{"language":"ur"}')
    sizes = []
    for number in range(25):
        (answer,) = engine.say("long", f"how much wine {number}")
        assert answer["custom"]["slots"]["language"] == "ur"
        sizes.append(len(kept(engine, "long")))
    assert 30 < max(sizes) < 70
    engine.say("long", "start over")
    (answer,) = engine.say("long", "is gold taxed")
    assert answer["custom"]["slots"]["language"] == "ur"
    assert len(kept(engine, "long")) < 20


def test_a_conversation_is_forgotten_on_request(engine, actions):
    engine.say("gone", "is zzsecretzz taxed")
    assert engine.request("/webhooks/rest/conversations/gone", method="DELETE") == (200, {"deleted": True})
    assert engine.request("/webhooks/rest/conversations/gone", method="DELETE") == (200, {"deleted": False})
    for file in engine.var_dir.glob("conversations.db*"):
        assert b"zzsecretzz" not in file.read_bytes()
    assert actions.forgotten[-2:] == ["gone", "gone"]  # its ratings
    engine.say("gone", "hello")
    assert "zzsecretzz" not in str(actions.calls[-1]["tracker"])
    assert "zzsecretzz" not in str(kept(engine, "gone"))


def test_a_kill_loses_nothing_that_was_answered(engine, actions):
    actions.answers["action_change_language"] = {
        "events": [{"event": "slot", "name": "language", "value": "fr"}], "responses": [{"text": "ok"}],
    }  # fmt: skip
    engine.say("killed", '/change_language{"language":"fr"}')
    engine.stop(signal.SIGKILL)
    engine.start()
    (answer,) = engine.say("killed", "is gold taxed")
    assert answer["custom"]["slots"]["language"] == "fr"
    said = [event["text"] for event in kept(engine, "killed") if event["event"] == "user"]
    assert said == ['/change_language{"language":"fr"}', "is gold taxed"]


def test_an_action_is_sent_the_events_of_its_turn(engine, actions):
    for text in ("is gold taxed", "is silver taxed"):
        engine.say("turn", text)
    (call,) = [call for call in actions.calls if call["sender_id"] == "turn"][1:]
    assert [event.get("text") for event in call["tracker"]["events"] if event["event"] == "user"] == ["is silver taxed"]
    assert call["tracker"]["latest_message"]["text"] == "is silver taxed"
    assert call["domain"] == {}


@pytest.mark.parametrize(
    ("settings", "options", "told"),
    [
        ({}, ["--model", "models/rasa-none.tar.gz"], "dialogue.train"),
        ({"CUSTOMS_RASSA_URL": "x"}, [], "CUSTOMS_RASA_URL"),
    ],
)
def test_without_what_it_needs_it_does_not_start(settings, options, told):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")} | settings
    command = [sys.executable, "-m", "dialogue.serve", "--port", "1", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
