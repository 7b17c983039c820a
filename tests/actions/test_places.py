"""Places in a conversation: another country asked for, a follow-up for another place, a country that nobody covers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from actions.base import Service
from actions.knowledge import Served
from knowledge_base.search import Verdict
from tests.actions.support import Conversation

JAPAN = ("declined", "other_administration")


@pytest.mark.parametrize(
    "text", ["and to norland?", "norland", "what about southaven", "And in Norland?", "ok and for norland then", "same question for norland", "lo mismo para norland"]
)
def test_the_last_question_for_another_place(talk: Conversation, text: str) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say(text)
    assert answer.entry == "qn.alcohol.allowance"
    assert talk.slots["last_answer"]["question"] == "how much wine can i bring to meridia"


def test_a_question_with_a_place_is_a_new_question(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    assert talk.say("and cash to norland?").entry == "qn.cash.declare"


def test_a_follow_up_keeps_the_administration(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    assert talk.say("and cash?").entry == "qm.cash.declare"


@pytest.mark.parametrize(
    "text", ["how much wine can i bring to japan", "declare cash in tokyo", "can i bring my dog to Japan?"]
)
def test_another_country_never_gets_the_rules_of_ours(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert answer.verdict == JAPAN
    assert "Japan" in answer.text
    assert answer.entry is None and answer.sources == [] and answer.administration is None
    assert not answer.block("source")


def test_not_even_when_the_conversation_has_an_administration(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    for text in ("what about japan?", "japan", "and to japan", "how much wine can i bring to japan"):
        answer = talk.say(text)
        assert answer.verdict == JAPAN, text
        assert answer.administration is None
    assert talk.slots["administration"] == "qm"


def test_the_country_that_is_covered_after_all_answers_the_same_question(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say("what about japan?")
    assert talk.press(answer.buttons["Norland"]).entry == "qn.alcohol.allowance"
    answer = talk.say("declare cash in japan")
    assert talk.say("ok norland then").entry == "qn.cash.declare"


def test_goods_from_another_country_are_no_question_about_it(talk: Conversation) -> None:
    assert talk.say("how much wine from japan can i bring to meridia").entry == "qm.alcohol.allowance"


def test_a_joke_about_japan_is_no_question_about_customs(talk: Conversation) -> None:
    assert talk.say("weather forecast tomorrow in japan").verdict == ("declined", "out_of_scope")


def test_in_doubt_it_is_a_question_about_the_other_country(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Service.knowledge.served
    found = SimpleNamespace(
        verdict=Verdict("decline", "out_of_scope"), candidates=(), scope={"out_of_scope": 0.6, "in_scope": 0.4}
    )
    searcher = SimpleNamespace(search=lambda question: found)
    knowledge = SimpleNamespace(served=Served(served.release, searcher, served.places), problem=None)
    monkeypatch.setattr(Service, "knowledge", knowledge)
    assert talk.say("can i take saffron to japan").verdict == JAPAN


def test_a_region_with_other_rules_is_mentioned(talk: Conversation) -> None:
    answer = talk.say("how much wine can i bring to lagoon island")
    assert answer.entry == "qm.alcohol.allowance"
    assert "Lagoon Island" in answer.block("notice")[0]["text"]


def test_a_bare_place_at_the_beginning_sets_the_country(talk: Conversation) -> None:
    answer = talk.say("meridia", "inform")
    assert answer.outcome == "smalltalk"
    assert "Meridia" in answer.text
    assert "How much wine can I bring into Meridia?" in answer.buttons
    assert talk.slots["administration"] == "qm"


def test_a_bare_place_that_is_not_covered(talk: Conversation) -> None:
    answer = talk.say("japan", "inform")
    assert answer.verdict == JAPAN
    assert talk.press(answer.buttons["Meridia"]).outcome == "smalltalk"


def test_a_question_taken_for_a_place_is_answered(talk: Conversation) -> None:
    assert talk.say("wine allowance meridia", "inform").entry == "qm.alcohol.allowance"


@pytest.mark.parametrize(
    ("text", "language"),
    [("وإلى ميريديا؟", "ar"), ("что насчёт meridia", "ru"), ("¿y a meridia?", "es"), ("那 meridia 呢", "zh")],
)
def test_the_last_question_for_another_place_in_other_languages(talk: Conversation, text: str, language: str) -> None:
    talk.say("how much wine can i bring to norland", language=language)
    assert talk.say(text, language=language).entry == "qm.alcohol.allowance"


WINE_AND_MONEY = "how much wine can i bring, i spent 300 rupees"


def test_money_tells_whose_customs_are_meant_where_nothing_else_does(talk: Conversation) -> None:
    answer = talk.say(WINE_AND_MONEY)
    assert answer.entry == "qn.alcohol.allowance"
    assert "local currency (Norland)" in answer.text
    again = talk.press(answer.buttons["Meridia"])
    assert again.entry == "qm.alcohol.allowance"
    assert "local currency" not in again.text


def test_a_choice_between_entries_of_an_administration_taken_for_granted_says_so(talk: Conversation, monkeypatch) -> None:
    entries = Service.knowledge.served.release.shelves["qn"].entries
    unsure = SimpleNamespace(
        verdict=Verdict("ask_back", "which_entry", entries=(entries[0], entries[1])), candidates=(), scope={}, read_as=""
    )
    monkeypatch.setattr("actions.answer.search", lambda *a, **k: unsure)
    answer = talk.say(WINE_AND_MONEY)
    assert answer.verdict == ("asked_back", "which_entry")
    assert "local currency (Norland)" in answer.text and "Meridia" in answer.buttons


@pytest.mark.parametrize("text", [f"{WINE_AND_MONEY}, to meridia", f"i come from norland. to meridia {WINE_AND_MONEY}"])
def test_a_place_says_more_than_money(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert answer.entry == "qm.alcohol.allowance"
    assert "local currency" not in answer.text


def test_who_comes_from_where_the_money_is_used_is_asked_which_country(talk: Conversation) -> None:
    assert talk.say(f"i fly from norland. {WINE_AND_MONEY}").verdict == ("asked_back", "which_administration")


def test_money_does_not_leave_the_administration_of_the_conversation(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say(WINE_AND_MONEY)
    assert answer.entry == "qm.alcohol.allowance"
    assert "local currency" not in answer.text
