"""Whole dialogues with the sums, through the chat API and through Rasa's own REST channel, with the real processes.

`dialogues/*.yml`: name → `administration`, `language`, `talk`: turns of `say` (text) or `press` (part of a button's title, or a payload),
with what must come back: `outcome`, `reason`, `entry`, `has` and `lacks` (words of the reply), `asks` (part of a question's payload).
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from benchmarks.service import Service
from customs.blocks import check_block, check_outcome
from knowledge_base.packs import read_yaml
from tests.e2e.conftest import Talk, buttons, words

FILES = sorted((Path(__file__).with_name("dialogues")).glob("*.yml"))
DIALOGUES: dict[str, dict[str, Any]] = {
    f"{file.stem}: {name}": dialogue for file in FILES for name, dialogue in read_yaml(file).items()
}
LANGUAGES = {"en": 30, "ar": 10, "es": 10, "hi": 10}


class RasaTalk:
    """One conversation over Rasa's REST channel, as any client of Rasa has it."""

    def __init__(self, url: str, administration: str | None, language: str | None) -> None:
        self.url, self.sender = url, f"test-{uuid.uuid4().hex}"
        self.hints = {"channel": "test", "administration": administration, "language": language}

    def send(self, text: str | None = None, payload: str | None = None) -> dict[str, Any]:
        """The one reply to a message: its custom part."""
        metadata = {key: value for key, value in self.hints.items() if value} | {"request_id": uuid.uuid4().hex}
        body = {"sender": self.sender, "message": payload or text, "metadata": metadata}
        messages = requests.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60).json()
        assert len(messages) == 1, f"{len(messages)} messages for one turn: {messages}"
        assert messages[0]["text"].strip()
        return messages[0]["custom"]


def play(talk: Any, dialogue: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Go through a dialogue; what each turn came to."""
    reply: dict[str, Any] = {"blocks": []}
    came_to = []
    for turn in dialogue["talk"]:
        pressed = turn.get("press")
        if pressed is None:
            reply = talk.send(turn["say"])
        else:
            chosen = next((b for b in buttons(reply) if pressed in b["title"] or pressed == b["payload"]), None)
            assert chosen is not None, {"no button": pressed, "buttons": buttons(reply)}
            reply = talk.send(text=chosen["title"], payload=chosen["payload"])
        holds(reply, turn)
        came_to.append((reply["outcome"], reply["reason"], reply["entry"]))
    return came_to


def holds(reply: dict[str, Any], turn: dict[str, Any]) -> None:
    """Check one reply: the contract, and what the turn expects."""
    check_outcome(reply["outcome"], reply["reason"])
    for block in reply["blocks"]:
        check_block(block)
    said = words(reply)
    got = {
        "turn": turn,
        "outcome": reply["outcome"],
        "reason": reply["reason"],
        "entry": reply["entry"],
        "text": said[:600],
        "buttons": [b["title"] for b in buttons(reply)],
    }
    assert "{" not in said, got
    if "outcome" in turn:
        assert reply["outcome"] == turn["outcome"], got
    if "reason" in turn:
        assert reply["reason"] == turn["reason"], got
    if "entry" in turn:
        assert (reply["entry"] or "").startswith(turn["entry"]), got
    if "speaks" in turn:
        assert reply["language"] == turn["speaks"], got
    for part in turn.get("has", []):
        assert part in said, (part, got)
    for part in turn.get("lacks", []):
        assert part not in said, (part, got)
    if "asks" in turn:
        assert any(turn["asks"] in button["payload"] for button in buttons(reply)), (turn["asks"], buttons(reply), got)
    if reply["outcome"] == "calculated":
        assert reply["sources"], got


@pytest.mark.parametrize("name", DIALOGUES)
def test_a_dialogue_through_the_chat_api(talk: Any, name: str) -> None:
    dialogue = DIALOGUES[name]
    conversation: Talk = talk(administration=dialogue.get("administration"), language=dialogue.get("language"))
    play(conversation, dialogue)


@pytest.mark.parametrize("name", [name for name in DIALOGUES if name.startswith("corrections")])
def test_a_dialogue_through_rasa_itself(service: Service, name: str) -> None:
    dialogue = DIALOGUES[name]
    play(RasaTalk(service.rasa_url, dialogue.get("administration"), dialogue.get("language")), dialogue)


def test_a_sum_waits_through_a_long_talk(talk: Any) -> None:
    """Rasa's events are cut on the way; the form must not be lost with them, nor what it knows."""
    conversation: Talk = talk(administration="gb")
    begun = conversation.send("i have 1 litre of gin from the us by air")
    assert begun["reason"] == "which_fact", words(begun)
    for number in range(24):
        asked = conversation.send(f"can i bring a dog from spain{'?' * (number % 3 + 1)}")
        assert asked["entry"] and asked["entry"].startswith("gb.pets"), words(asked)
    done = conversation.send("i am 34")
    assert done["outcome"] == "calculated" and "within your allowance" in words(done), words(done)


def test_the_files_say_what_they_mean() -> None:
    known = {"say", "press", "outcome", "reason", "entry", "speaks", "has", "lacks", "asks"}
    for name, dialogue in DIALOGUES.items():
        assert set(dialogue) <= {"administration", "language", "talk"}, name
        for turn in dialogue["talk"]:
            # A comma that is not quoted cuts a text, and its rest becomes a key.
            assert set(turn) <= known, (name, turn)
            assert len({"say", "press"} & set(turn)) == 1, (name, turn)


def test_there_are_enough_of_them() -> None:
    assert len(DIALOGUES) >= 40
    for language, least in LANGUAGES.items():
        assert sum(dialogue.get("language", "en") == language for dialogue in DIALOGUES.values()) >= least, language
