"""Short messages after an answer: what the search finds for them is read together with what was answered last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.base import Service
from actions.knowledge import Served
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT, Verdict
from tests.actions.support import Conversation

WINE = "how much wine can i bring to meridia"
ALONE, SURE, GATE = ASK_BACK_AT * 1.1, ANSWER_AT * 1.1, {"in_scope": 0.3, "abuse": 0.7}


@pytest.fixture
def finds(talk: Conversation, monkeypatch: pytest.MonkeyPatch):
    """Lets the search find given entries for a text: [(entry, probability)], the best first; nothing for any other text."""
    served = Service.knowledge.served
    known: dict[str, Any] = {}

    def search(question: Any) -> Any:
        entries, verdict, scope = known.get(question.text, ((), Verdict("decline", "no_guidance"), {"in_scope": 1.0}))
        candidates = [SimpleNamespace(entry=served.release.entry(name), probability=p) for name, p in entries]
        return SimpleNamespace(verdict=verdict, candidates=candidates, scope=scope)

    def set_up(text: str, *entries: tuple[str, float], reason: str = "abuse", scope: dict[str, float] = GATE) -> None:
        talk.say(WINE)
        known[text] = (entries, Verdict("decline", reason), scope)
        changed = Served(served.release, SimpleNamespace(search=search), served.places)
        monkeypatch.setattr(Service, "knowledge", SimpleNamespace(served=changed, problem=None))

    set_up.known = known
    return set_up


def test_what_is_found_surely_answers_although_the_gate_doubts(talk: Conversation, finds) -> None:
    finds("and cash?", ("qm.cash.declare", SURE))
    assert talk.say("and cash?").entry == "qm.cash.declare"


def test_what_is_found_less_surely_is_offered_with_the_subject_of_the_last_answer_first(
    talk: Conversation, finds
) -> None:
    finds("and more?", ("qm.cash.declare", ALONE), ("qm.alcohol.over", ALONE))
    answer = talk.say("and more?")
    assert answer.verdict == ("asked_back", "which_entry")
    assert list(answer.buttons) == ["What happens if I bring more alcohol than allowed?", "When must I declare cash?"]


def test_what_lies_beside_the_last_answer_is_offered(talk: Conversation, finds) -> None:
    finds("and that?")
    joined = [("qm.alcohol.allowance", 0.9), ("qm.cash.declare", 0.05), ("qm.vape.allowance", 0.01)]
    verdict = Verdict("answer")
    finds.known["How much wine can I bring into Meridia? and that?"] = (joined, verdict, {"in_scope": 1.0})
    answer = talk.say("and that?")
    assert answer.verdict == ("asked_back", "which_entry")
    # Neither the answer that was given already nor another subject.
    assert list(answer.buttons) == ["How many vapes can I bring?"]


def test_a_gate_that_is_sure_is_believed(talk: Conversation, finds) -> None:
    finds("and lol", ("qm.cash.declare", SURE), scope={"in_scope": 0.05, "abuse": 0.95})
    assert talk.say("and lol").verdict == ("declined", "abuse")


def test_a_message_that_stands_alone_is_judged_alone(talk: Conversation, finds) -> None:
    finds("cash is king", ("qm.cash.declare", SURE))
    assert talk.say("cash is king").verdict == ("declined", "abuse")


def test_without_an_answer_before_there_is_nothing_to_lean_on(talk: Conversation, finds) -> None:
    finds("and cash?", ("qm.cash.declare", SURE))
    talk.slots = {"administration": "qm"}
    assert talk.say("and cash?").verdict == ("declined", "abuse")


def test_an_answer_for_another_administration_is_not_leant_on(talk: Conversation, finds) -> None:
    finds("and the kangaroo in norland?", ("qn.cash.declare", SURE))
    assert talk.say("and the kangaroo in norland?").verdict == ("declined", "abuse")
