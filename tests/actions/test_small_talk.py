"""Greetings, thanks, help and restart; and the questions that hide in them."""

from __future__ import annotations

import pytest

from actions.small_talk import _WORDS
from tests.actions.support import Conversation


@pytest.mark.parametrize("intent", sorted(_WORDS))
def test_small_talk_gets_its_words(talk: Conversation, intent: str) -> None:
    answer = talk.say("ok", intent)
    assert answer.verdict == ("smalltalk", None)
    assert answer.text.startswith(_WORDS[intent])


@pytest.mark.parametrize("text", ["hi", "hello there", "salam", "شكراً", "🙂", "?!", "谢谢"])
def test_small_talk_that_was_taken_for_a_question_is_welcomed(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert answer.verdict == ("smalltalk", None)
    assert len(answer.buttons) == 2


def test_a_greeting_shows_where_to_begin(talk: Conversation) -> None:
    assert set(talk.say("hi", "greet").buttons) == {"Meridia", "Norland"}
    answer = talk.say("hi", "greet", administration="qm")
    assert answer.block("buttons")[0]["label"] == "People often ask"
    assert list(answer.buttons) == [
        "How much wine can I bring into Meridia?", "When must I declare cash?", "What may a gift parcel be worth?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intent", "entry"),
    [
        ("hi, how much wine can i bring to meridia", "greet", "qm.alcohol.allowance"),
        ("thanks, and cash?", "thank", "qm.cash.declare"),
        ("ok bye, but can i bring my dog", "goodbye", "qm.pets.dog"),
        ("yes, vape allowance", "affirm", "qm.vape.allowance"),
        ("no i mean cash", "deny", "qm.cash.declare"),
    ],
)
def test_a_question_inside_small_talk_is_answered(talk: Conversation, text: str, intent: str, entry: str) -> None:
    assert talk.say(text, intent, administration="qm").entry == entry


@pytest.mark.parametrize(
    "text",
    ["hello my dear friend the quiet one", "good morning to all of you", "🙂", "Salam aleikum", "hello from meridia"],
)
def test_long_small_talk_is_small_talk(talk: Conversation, text: str) -> None:
    assert talk.say(text, "greet").outcome == "smalltalk"


def test_small_talk_does_not_forget_the_question_that_waits(talk: Conversation) -> None:
    talk.say("how much wine can i bring")
    talk.say("hello", "greet")
    assert talk.say("norland", "inform").entry == "qn.alcohol.allowance"


def test_a_payload_is_no_text_to_search(talk: Conversation) -> None:
    assert talk.press("/start").outcome == "smalltalk"
    assert talk.press("/help").outcome == "smalltalk"


def test_help_says_what_is_covered(talk: Conversation) -> None:
    answer = talk.press("/help")
    assert "Meridia, Norland" in answer.text
    assert [block["type"] for block in answer.blocks] == ["paragraph", "list", "buttons"]


def test_restart_forgets_all_but_the_language(talk: Conversation) -> None:
    talk.say("كمية النبيذ المسموحة للمسافر", administration="qm")
    assert talk.slots["administration"] == "qm"
    answer = talk.press("/restart")
    assert answer.events[0]["event"] == "restart"
    assert talk.slots == {"language": "ar"}
    assert (answer.language, answer.outcome) == ("ar", "smalltalk")
    assert talk.say("wine", language="en").verdict == ("asked_back", "which_administration")
