"""When something goes wrong the asker gets an honest reply in the own language, and the log says in which conversation."""

from __future__ import annotations

import logging
import time
from types import SimpleNamespace

import pytest

from actions.base import Service
from actions.reply import Reply
from customs.blocks import paragraph
from tests.actions.support import Conversation, settings_for

ACTIONS = sorted(Conversation._actions)


def spoil(monkeypatch: pytest.MonkeyPatch, search) -> None:
    served = Service.knowledge.served
    knowledge = SimpleNamespace(
        served=SimpleNamespace(release=served.release, places=served.places, searcher=SimpleNamespace(search=search)),
        problem=None,
    )
    monkeypatch.setattr(Service, "knowledge", knowledge)


def test_an_exception_becomes_an_honest_reply(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def search(question):
        raise ZeroDivisionError("spoilt")

    spoil(monkeypatch, search)
    answer = talk.say("كمية النبيذ المسموحة للمسافر", administration="qm")
    assert answer.verdict == ("failed", "error")
    assert answer.text == "حدث خطأ من جانبنا. من فضلك اسأل مرة أخرى."
    assert not [event for event in answer.events if event["name"] != "language"]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "test-1" in record.getMessage() and "REQUEST-0123456789" in record.getMessage()
    assert record.exc_info


def test_a_reply_that_breaks_the_contract_is_not_sent(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    action = Conversation._actions["action_help"]
    monkeypatch.setattr(action, "reply", lambda turn, tracker: Reply("delighted", [paragraph("!")]), raising=False)
    assert talk.press("/help").verdict == ("failed", "error")


def test_the_deadline(talk: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    search = Service.knowledge.searcher.search
    release_id = Service.knowledge.release_id

    def slow(question):
        time.sleep(0.5)
        return search(question)

    spoil(monkeypatch, slow)
    monkeypatch.setattr(Service, "settings", settings_for(Service.settings.var_dir, action_deadline_s="0.1"))
    answer = talk.say("how much wine can i bring to meridia")
    assert answer.verdict == ("failed", "timeout")
    assert "last_answer" not in talk.slots
    assert any("test-1" in record.getMessage() and "deadline" in record.getMessage() for record in caplog.records)
    assert answer.release == release_id


def test_the_deadline_does_not_hold_up_others(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop goes on while an action works: none blocks it."""
    import asyncio

    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    search = Service.knowledge.searcher.search

    def slow(question):
        time.sleep(0.3)
        return search(question)

    spoil(monkeypatch, slow)
    ticks = 0

    async def both() -> None:
        nonlocal ticks
        message = {"text": "wine allowance meridia", "metadata": {}, "entities": []}
        tracker = Tracker("c", {}, message, [], False, None, {}, "action_listen")
        task = asyncio.create_task(
            Conversation._actions["action_answer_question"].run(CollectingDispatcher(), tracker, {})
        )
        while not task.done():
            await asyncio.sleep(0.01)
            ticks += 1

    asyncio.run(both())
    assert ticks > 5


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_release_every_action_replies(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Service, "knowledge", SimpleNamespace(served=None, problem="There is no release in x."))
    answer = talk.send(
        {"text": "norland", "metadata": talk.hints, "entities": [{"entity": "rating", "value": "up"}]}, action
    )
    assert answer.release is None
    # These do without guidance.
    if action in {"action_restart", "action_change_language", "action_give_feedback"}:
        assert answer.outcome == "smalltalk"
    elif action == "action_small_talk":
        assert answer.outcome in {"smalltalk", "failed"}
    else:
        assert answer.verdict == ("failed", "no_release")
        assert "There is no release in x." in caplog.text


MESSAGES = [
    None, {}, {"text": None}, {"text": 7}, {"text": "wine", "metadata": None}, {"text": "wine", "metadata": "x"},
    {"text": "wine", "metadata": {"language": 5, "administration": ["qm"], "date": 20261121, "request_id": None}},
    {"text": "wine", "intent": None, "entities": None}, {"text": "wine", "entities": ["x", {}, {"entity": "entry"}]},
    {"text": "/choose_entry", "entities": [{"entity": "entry", "value": {"a": 1}}]}, {"text": "/"}, {"text": "//start"},
    {"text": "x" * 100_000},
]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("message", MESSAGES, ids=str)
def test_no_message_makes_an_action_raise(talk: Conversation, action: str, message: object) -> None:
    assert talk.send(message, action).verdict != ("failed", "error")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("slots", [
    {"language": "tlh", "administration": "atlantis", "last_answer": "x", "pending_question": 5, "audience": "cat"},
    {"language": None, "last_answer": {"entry": 5, "question": None}}, {"last_answer": {"entry": "qm.gone", "question": "wine"}},
    {"pending_question": ""}, {"administration": "qm", "pending_question": "/ask_human"},
], ids=str)  # fmt: skip
def test_no_slot_makes_an_action_raise(talk: Conversation, action: str, slots: dict) -> None:
    for text in ("norland", "and more?", "/x"):
        talk.slots = dict(slots)
        assert talk.send({"text": text, "metadata": {}, "entities": []}, action).verdict != ("failed", "error")


def test_every_turn_is_logged_with_its_conversation(talk: Conversation, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "actions"):
        talk.say("how much wine can i bring to meridia")
    line = next(record.getMessage() for record in caplog.records if record.getMessage().startswith("turn "))
    for part in ("conversation=test-1", "request=REQUEST-0123456789", "outcome=answered", "entry=qm.alcohol.allowance"):
        assert part in line
    assert "how much wine" not in line, "what people ask is not for the log"
