"""Changing the country, asking for a person."""

from __future__ import annotations

from tests.actions.support import Conversation


def test_changing_the_country_by_a_button(talk: Conversation) -> None:
    answer = talk.press('/change_administration{"administration":"qn"}')
    assert answer.outcome == "smalltalk" and "Norland" in answer.text
    assert talk.say("how much wine can i bring").entry == "qn.alcohol.allowance"


def test_changing_the_country_in_words(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say("switch to norland", "change_administration")
    # It was told to change, not to ask again.
    assert answer.outcome == "smalltalk"
    assert talk.slots["administration"] == "qn"


def test_changing_the_country_asks_which(talk: Conversation) -> None:
    for answer in (
        talk.say("change country", "change_administration"),
        talk.press('/change_administration{"administration":"atlantis"}'),
        talk.say("/change_administration", "change_administration"),
    ):
        assert answer.verdict == ("asked_back", "which_administration")
        assert set(answer.buttons) == {"Meridia", "Norland"}


def test_changing_to_a_country_that_is_not_covered(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say("switch to japan", "change_administration")
    assert answer.verdict == ("declined", "other_administration")
    assert talk.slots["administration"] == "qm"
    assert talk.press(answer.buttons["Norland"]).outcome == "smalltalk"


def test_hand_over_names_the_offices(talk: Conversation) -> None:
    answer = talk.press("/ask_human", administration="qm")
    assert answer.outcome == "handed_over"
    assert "Meridian Customs" in answer.text
    assert "23456789" in answer.text, "the reference is the end of the request's id"
    assert [card["title"] for card in answer.block("card")] == ["Meridian Customs helpline", "Border vets"]
    assert answer.block("card")[1]["url"] == "https://vets.meridia.example/"


def test_hand_over_after_an_answer_names_the_office_for_its_subject_first(talk: Conversation) -> None:
    talk.say("can i bring my dog to meridia")
    assert talk.press("/ask_human").block("card")[0]["title"] == "Border vets"


def test_hand_over_of_a_trader(talk: Conversation) -> None:
    talk.say("courier registration number", administration="qm", date="2027-02-01")
    assert talk.slots["audience"] == "trader"
    answer = talk.press("/ask_human")
    assert [card["title"] for card in answer.block("card")] == ["Traders' desk", "Meridian Customs helpline"]
    assert answer.block("card")[0]["rows"] == [["Email", "traders@meridia.example"]]


def test_hand_over_in_words_with_a_place(talk: Conversation) -> None:
    assert talk.say("i want to talk to a person in norland", "ask_human").administration == "qn"


def test_hand_over_without_an_administration_asks_for_it(talk: Conversation) -> None:
    for press in (True, False):
        talk.slots.clear()
        answer = talk.press("/ask_human")
        assert answer.verdict == ("asked_back", "which_administration")
        answer = talk.press(answer.buttons["Meridia"]) if press else talk.say("meridia", "inform")
        assert answer.outcome == "handed_over"
        assert talk.slots["pending_question"] is None
        assert talk.slots["administration"] == "qm"


def test_hand_over_in_arabic(talk: Conversation) -> None:
    answer = talk.press("/ask_human", administration="qm", language="ar")
    assert "جمارك ميريديا" in answer.text
    assert answer.block("card")[0]["rows"] == [["الهاتف", "100"], ["ساعات العمل", "كل يوم"]]


def test_hand_over_where_there_is_no_office(talk: Conversation) -> None:
    answer = talk.press("/ask_human", administration="qn")
    assert answer.outcome == "handed_over"
    assert not answer.block("card")
