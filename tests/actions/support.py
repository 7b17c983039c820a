"""What the tests of the actions share: a quick encoder, a release of two made-up administrations, and a conversation without Rasa."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions.server import action_classes
from bot.turn import check_payload
from customs.blocks import check_block, check_outcome
from customs.settings import ROOT, Settings
from knowledge_base.index.release import build_release
from knowledge_base.index.scope import read_examples
from knowledge_base.packs import read_pack

FIXTURES = ROOT / "tests" / "fixtures"
DAY = date(2026, 11, 21)
CUSTOM_KEYS = {
    "outcome", "reason", "language", "direction", "administration", "entry", "release", "sources", "blocks", "request_id",
}  # fmt: skip


class WordEncoder:
    """A text is the sum of its words, each an axis found by the word's first letters: the same vector on every machine, at once.

    Little words count little; other languages than English are words too.
    """

    dimension = 512
    gate_dimension = dimension
    id = "words@1"
    _LITTLE = frozenset("a an the i is it my of to in for on at and or can how what do be with if are you me".split())

    def encode_query(self, texts: list[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word[:5].encode()) % self.dimension] += 0.2 if word in self._LITTLE else 1.0
            vectors[row, 0] += 0.05
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_document = encode_query

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.encode_query(texts)


def settings_for(var_dir: Path, **more: str) -> Settings:
    """Settings that know nothing of the environment."""
    environ = {"CUSTOMS_VAR_DIR": str(var_dir), "CUSTOMS_ADMINISTRATIONS": "qm,qn", "CUSTOMS_RELEASE_POLL_S": "0.05"}
    environ["CUSTOMS_ACTION_DEADLINE_S"] = "60"  # a busy machine is no reason to fail
    return Settings(environ | {f"CUSTOMS_{name.upper()}": value for name, value in more.items()})


def build_fixture(
    var_dir: Path, administrations: tuple[str, ...] = ("qm", "qn"), day: date = DAY, content: Path = FIXTURES / "packs"
) -> Path:
    """Build a release of the made-up packs, or of those in `content`, and switch it in; returns its folder."""
    packs = [read_pack(content / name) for name in administrations]
    return build_release(packs, read_examples(FIXTURES / "scope"), WordEncoder(), var_dir, day)


def rules() -> dict[str, str]:
    """Intent → action, as data/rules/ has it."""
    found = {}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in YAML(typ="safe").load(path)["rules"]:
            steps = rule["steps"]
            found[next(step["intent"] for step in steps if "intent" in step)] = next(
                step["action"] for step in steps if "action" in step
            )
    return found


def domain() -> dict[str, Any]:
    """The content of domain.yml."""
    return YAML(typ="safe").load(ROOT / "domain.yml")


class Answer:
    """One reply: `custom`, `text`, `buttons` as title → payload, and the `events` that came with it."""

    def __init__(self, message: dict[str, Any], events: list[dict[str, Any]]) -> None:
        self.custom, self.text, self.events = message["custom"], message["text"], events
        self.buttons = {button["title"]: button["payload"] for button in message["buttons"] or []}

    def __getattr__(self, name: str) -> Any:
        return self.custom[name]

    @property
    def verdict(self) -> tuple[str, str | None]:
        return self.custom["outcome"], self.custom["reason"]

    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    def block(self, kind: str) -> list[dict[str, Any]]:
        return [block for block in self.custom["blocks"] if block["type"] == kind]


class Conversation:
    """Talks to the actions as Rasa would: rules choose the action, events set the slots. Every reply is held to the contract."""

    _rules = rules()
    _slots = frozenset(domain()["slots"]) | {"requested_slot"}
    _forms = frozenset(domain()["forms"])
    _actions = {kind().name(): kind() for kind in action_classes()}

    def __init__(self, sender: str = "test-1", **hints: str) -> None:
        self.sender = sender
        self.hints = {"channel": "test", "request_id": "REQUEST-0123456789", "date": DAY.isoformat()} | hints
        self.slots: dict[str, Any] = {}
        self.form: str | None = None

    def say(self, text: str, intent: str = "ask_question", entities: Any = (), **hints: str) -> Answer:
        """Type `text`, classified as `intent`."""
        message = {
            "text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": list(entities),
            "metadata": self.hints | hints,
        }  # fmt: skip
        # A running form gets every message, whatever it is taken for.
        return self.send(message, f"validate_{self.form}" if self.form else self._rules[intent])

    def press(self, payload: str, **hints: str) -> Answer:
        """Press a button; its payload must be one that the channels let pass."""
        assert check_payload(payload).startswith("/")
        intent, values = re.fullmatch(r"/(\w+)(\{.*\})?", payload).groups()
        entities = [{"entity": name, "value": value} for name, value in json.loads(values or "{}").items()]
        return self.say(payload, intent, entities, **hints)

    def send(self, message: Any, action: str) -> Answer:
        """Run `action` on a message as Rasa would send it."""
        tracker = Tracker(self.sender, dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(self._actions[action].run(dispatcher, tracker, {}))
        assert len(dispatcher.messages) == 1, "exactly one message a turn"
        answer = Answer(dispatcher.messages[0], events)
        self._check(answer)
        for event in events:
            if event["event"] == "restart":
                self.slots, self.form = {}, None
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return answer

    def _check(self, answer: Answer) -> None:
        assert set(answer.custom) - {"entries", "asker_language"} == CUSTOM_KEYS
        assert answer.custom.get("asker_language") != answer.custom["language"]
        if "entries" in answer.custom:
            assert len(answer.custom["entries"]) > 1 and answer.custom["entries"][0] == answer.custom["entry"]
        check_outcome(answer.outcome, answer.reason)
        json.dumps(answer.custom)
        assert answer.text.strip(), "the text is readable alone"
        for block in answer.blocks:
            check_block(block)
        for payload in answer.buttons.values():
            check_payload(payload)
        in_blocks = [button for block in answer.block("buttons") for button in block["items"]]
        assert {button["title"]: button["payload"] for button in in_blocks} == answer.buttons
        for event in answer.events:
            assert event["event"] in {"slot", "restart", "active_loop", "followup"}
            if event["event"] == "active_loop":
                assert event["name"] is None or event["name"] in self._forms
            if event["event"] == "slot":
                assert event["name"] in self._slots, f"domain.yml has no slot {event['name']}"
