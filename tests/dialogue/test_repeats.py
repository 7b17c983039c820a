"""A channel that did not see the reply sends the message again; the real Rasa takes one turn of it."""

import signal
import threading

import pytest


@pytest.fixture(autouse=True)
def calm(actions):
    actions.answers, actions.slow_s = {}, 0.0


def send(engine, sender, text, name=None):
    """The bot's messages to a message that its channel calls `name`."""
    metadata = {"channel": "web", "request_id": "r"} | ({"message": name} if name else {})
    status, messages = engine.request(
        "/webhooks/rest/webhook", {"sender": sender, "message": text, "metadata": metadata}
    )
    assert status == 200
    return messages


def turns(actions, sender):
    """What the action server was asked in the conversation."""
    return [call["tracker"]["latest_message"]["text"] for call in actions.calls if call["sender_id"] == sender]


def test_a_message_that_comes_again_gets_its_reply_again_and_no_turn(engine, actions):
    actions.answers["action_small_talk"] = {
        "events": [],
        "responses": [
            {"text": "one\n\ntwo", "buttons": [{"title": "b", "payload": "/help"}], "custom": {"outcome": "smalltalk"}}
        ],
    }
    first = send(engine, "again", "hello", "7")
    assert first and send(engine, "again", "hello", "7") == first and send(engine, "again", "hello", "7") == first
    assert turns(actions, "again") == ["hello"]


def test_another_message_is_another_turn(engine, actions):
    for text, name in (
        ("hello", "7"),
        ("thanks", "7"),
        ("hello", "7"),
        ("hello", "8"),
        ("hello", None),
        ("hello", None),
    ):
        assert send(engine, "others", text, name)
    assert turns(actions, "others") == ["hello", "thanks", "hello", "hello", "hello", "hello"]
    assert send(engine, "somebody else", "hello", "8") and turns(actions, "somebody else") == ["hello"]


def test_what_failed_is_tried_anew(engine, actions):
    actions.answers["action_small_talk"] = {
        "events": [],
        "responses": [{"custom": {"outcome": "failed", "reason": "error"}}],
    }
    send(engine, "failing again", "hello", "7")
    actions.answers["action_small_talk"] = 500
    assert send(engine, "failing again", "hello", "7") == []
    actions.answers.clear()
    (reply,) = send(engine, "failing again", "hello", "7")
    assert reply["custom"]["action"] == "action_small_talk" and turns(actions, "failing again") == ["hello"] * 3


def test_a_message_that_comes_again_while_it_is_answered(engine, actions):
    actions.slow_s = 0.5
    replies = []
    both = [threading.Thread(target=lambda: replies.append(send(engine, "twice", "hello", "7"))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert replies[0] == replies[1] != [] and turns(actions, "twice") == ["hello"]


def test_a_kill_of_rasa_forgets_nothing_of_it(engine, actions):
    first = send(engine, "killed and said again", "hello", "7")
    engine.stop(signal.SIGKILL)
    engine.start()
    assert send(engine, "killed and said again", "hello", "7") == first and turns(actions, "killed and said again") == ["hello"]
