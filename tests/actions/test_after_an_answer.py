"""Short messages after an answer: what the search finds for them is read together with what was answered last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.base import Service
from actions.follow_up import asks_about_answer
from actions.knowledge import Served
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.search import ANSWER_AT, Verdict
from tests.actions.support import Conversation

WINE = "how much wine can i bring to meridia"
SURE, GATE = ANSWER_AT * 1.1, {"in_scope": 0.3, "abuse": 0.7}


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


def found(*entries: tuple[str, float]) -> tuple[Any, Verdict, dict[str, float]]:
    return entries, Verdict("answer"), {"in_scope": 1.0}


def test_other_goods_that_two_searches_find_are_answered_although_the_gate_doubts(talk: Conversation, finds) -> None:
    finds("and cash?", ("qm.cash.declare", SURE))
    finds.known[f"{WINE}. and cash?"] = found(("qm.alcohol.allowance", 0.7), ("qm.cash.declare", SURE))
    assert talk.say("and cash?").entry == "qm.cash.declare"
    assert talk.slots["last_answer"]["question"] == "When must I declare cash?", "what is asked again says it all"


def test_other_goods_that_are_found_less_surely_are_offered(talk: Conversation, finds) -> None:
    finds("and cash?", ("qm.cash.declare", SURE))
    answer = talk.say("and cash?")
    assert answer.verdict == ("asked_back", "which_entry")
    assert list(answer.buttons) == ["When must I declare cash?"]
    assert talk.slots["pending_question"] == f"{WINE}. and cash?"


def test_what_the_topic_and_the_text_find_is_answered(talk: Conversation, finds) -> None:
    finds("what if i have more", ("qm.alcohol.over", SURE))
    finds.known["what if i have more alcohol"] = found(("qm.alcohol.over", 0.7), ("qm.cash.declare", 0.1))
    finds.known[f"{WINE}. what if i have more"] = found(("qm.alcohol.allowance", 0.7))
    assert talk.say("what if i have more").entry == "qm.alcohol.over"


def test_what_only_one_search_finds_is_offered_beside_the_last_answer(talk: Conversation, finds) -> None:
    finds("and that?")
    finds.known["and that? alcohol"] = found(("qm.vape.allowance", 0.6), ("qm.alcohol.over", 0.3))
    finds.known[f"{WINE}. and that?"] = found(("qm.alcohol.allowance", 0.9), ("qm.cash.declare", 0.6))
    answer = talk.say("and that?")
    assert answer.verdict == ("asked_back", "which_entry")
    # Cash is another topic, but the last answer is related to it.
    assert list(answer.buttons) == [
        "How many vapes can I bring?", "When must I declare cash?", "How much wine can I bring into Meridia?",
    ]  # fmt: skip


def test_what_only_the_topic_finds_is_not_answered_outright(talk: Conversation, finds) -> None:
    finds("how much does it cost")
    finds.known["how much does it cost alcohol"] = found(("qm.alcohol.over", 0.95))
    finds.known[f"{WINE}. how much does it cost"] = found(("qm.alcohol.allowance", 0.5), ("qm.cash.declare", 0.2))
    assert talk.say("how much does it cost").verdict == ("asked_back", "which_entry")


def test_when_everything_points_to_the_last_answer_it_is_shown_again(talk: Conversation, finds) -> None:
    finds("and then?")
    finds.known["and then? alcohol"] = found(("qm.alcohol.allowance", 0.5))
    finds.known[f"{WINE}. and then?"] = found(("qm.alcohol.allowance", 0.9))
    assert talk.say("and then?").entry == "qm.alcohol.allowance"


@pytest.mark.parametrize(("share", "verdict"), [(0.3, "declined"), (0.6, "asked_back")])
def test_without_a_sign_of_going_on_the_topic_must_make_much_of_it(
    talk: Conversation, finds, share: float, verdict: str
) -> None:
    finds("can i park my car", scope={"in_scope": 0.3, "abuse": 0.7})
    finds.known["can i park my car alcohol"] = found(("qm.alcohol.over", share))
    finds.known[f"{WINE}. can i park my car"] = found(("qm.alcohol.allowance", 0.9), ("qm.alcohol.over", 0.1))
    assert talk.say("can i park my car").outcome == verdict


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


def test_danger_is_never_taken_for_a_question_about_the_answer(talk: Conversation, finds) -> None:
    assert asks_about_answer("really, ambulance!") == "source", "by its words it would be one"
    finds("really, ambulance!", reason=EMERGENCY, scope={"in_scope": 0.05, EMERGENCY: 0.9})
    assert talk.say("really, ambulance!").outcome == "handed_over"


DANGER = {"in_scope": 0.1, EMERGENCY: 0.9}


def test_danger_is_never_read_as_a_follow_up(talk: Conversation, finds) -> None:
    finds("and my friend collapsed", ("qm.cash.declare", SURE), reason=EMERGENCY, scope=DANGER)
    finds.known["and my friend collapsed alcohol"] = found(("qm.cash.declare", 0.9))
    finds.known[f"{WINE}. and my friend collapsed"] = found(("qm.cash.declare", 0.9))
    assert talk.say("and my friend collapsed").outcome == "handed_over"


def test_another_subject_that_only_the_topic_leads_back_from_is_declined(talk: Conversation, finds) -> None:
    finds("how do i get to the square", reason="out_of_scope", scope={"in_scope": 0.01, "out_of_scope": 0.99})
    finds.known["how do i get to the square alcohol"] = found(("qm.alcohol.over", 0.9))
    finds.known[f"{WINE}. how do i get to the square"] = found(("qm.alcohol.over", 0.9))
    assert talk.say("how do i get to the square").verdict == ("declined", "out_of_scope")


def test_the_last_answer_is_not_repeated_for_a_message_without_a_sign(talk: Conversation, finds) -> None:
    finds("how do parcels travel", reason="no_guidance", scope={"in_scope": 1.0})
    finds.known["how do parcels travel alcohol"] = found(("qm.alcohol.allowance", 0.9))
    finds.known[f"{WINE}. how do parcels travel"] = found(("qm.alcohol.allowance", 0.9))
    assert talk.say("how do parcels travel").verdict == ("declined", "no_guidance")


@pytest.mark.parametrize("text", ["C88", "form 19", "hs code 8517.13"])
def test_a_code_is_looked_up_and_no_follow_up(talk: Conversation, finds, text: str) -> None:
    finds(text, reason="no_guidance", scope={"in_scope": 1.0})
    finds.known[f"{text} alcohol"] = found(("qm.alcohol.over", 0.9))
    finds.known[f"{WINE}. {text}"] = found(("qm.alcohol.over", 0.9))
    assert talk.say(text).verdict == ("declined", "no_guidance")


def test_a_bare_number_is_a_form_where_an_entry_answers_to_it(talk: Conversation, finds) -> None:
    finds("7501")
    finds.known["7501"] = (
        [("qm.cash.declare", 0.9)], Verdict("answer", entries=(Service.knowledge.served.release.entry("qm.cash.declare"),)), {"in_scope": 1.0},
    )  # fmt: skip
    assert talk.say("7501").entry == "qm.cash.declare"


def test_other_goods_take_the_place_of_those_asked_about(talk: Conversation, finds) -> None:
    entry = Service.knowledge.served.release.entry("qm.cash.declare")
    finds("and cash?")
    finds.known["how much cash can i bring to meridia"] = [("qm.cash.declare", 0.5)], Verdict("answer", entries=(entry,)), {"in_scope": 1.0}
    assert talk.say("and cash?").entry == "qm.cash.declare"
    assert talk.slots["last_answer"]["question"] == "how much cash can i bring to meridia"


def test_a_follow_up_comes_from_where_the_question_before_did(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions import answer

    origins: list[str | None] = []
    find = answer.search
    monkeypatch.setattr(answer, "search", lambda turn, *more, **named: origins.append(turn.origin) or find(turn, *more, **named))
    talk.say("how much wine can i bring to meridia from spain")
    del origins[:]
    talk.say("and what if i have too much")
    assert set(origins) == {"ES"}
    del origins[:]
    talk.say("can i bring my dog to meridia")
    assert set(origins) == {None}, "a question of its own comes from nowhere"


def test_an_origin_completes_the_question_that_waits(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions import answer

    asked: list[str] = []
    whole = answer.answer_text
    monkeypatch.setattr(answer, "answer_text", lambda turn, text, *more: asked.append(text) or whole(turn, text, *more))
    talk.say(WINE)
    for text in ("from spain", "and from turkey?"):
        talk.say(text)
    assert asked[1:] == [f"{WINE}, from spain", f"{WINE}, and from turkey?"]


def test_a_follow_up_of_a_question_that_was_asked_back_is_asked_back_with_it(talk: Conversation, finds) -> None:
    finds("and sweets?", scope={"in_scope": 0.4, "abuse": 0.6})
    talk.slots = {"administration": "qm", "pending_question": "what may i bring"}
    finds.known["what may i bring. and sweets?"] = found(("qm.cash.declare", 0.3), ("qm.alcohol.over", 0.2))
    answer = talk.say("and sweets?")
    assert answer.verdict == ("asked_back", "which_entry") and "When must I declare cash?" in answer.buttons
    assert talk.slots["pending_question"] == "what may i bring. and sweets?"


@pytest.mark.parametrize("label", ["abuse", EMERGENCY])
def test_what_is_surely_something_else_is_no_follow_up_of_a_question_that_was_asked_back(
    talk: Conversation, finds, label: str
) -> None:
    finds("and help him", reason=label, scope={"in_scope": 0.05, label: 0.95})
    talk.slots = {"administration": "qm", "pending_question": "what may i bring"}
    finds.known["what may i bring. and help him"] = found(("qm.cash.declare", 0.3))
    assert talk.say("and help him").outcome == {"abuse": "declined", EMERGENCY: "handed_over"}[label]


def test_an_insult_with_a_question_in_it_is_declined_and_the_question_offered(talk: Conversation, finds) -> None:
    finds("stupid machine cash", ("qm.cash.declare", 0.5), scope={"in_scope": 0.1, "abuse": 0.9})
    talk.slots = {"administration": "qm"}
    answer = talk.say("stupid machine cash")
    assert answer.verdict == ("declined", "abuse") and list(answer.buttons) == ["When must I declare cash?"]
    finds("stupid machine", ("qm.cash.declare", 0.05), scope={"in_scope": 0.1, "abuse": 0.9})
    assert not talk.say("stupid machine").buttons
