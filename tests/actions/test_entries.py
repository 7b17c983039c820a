"""Entries by link and button: ids as links carry them, days on which they do not hold, translations."""

from __future__ import annotations

import pytest

from actions.base import Service
from tests.actions.support import Conversation


@pytest.mark.parametrize("entry", ["qm.alcohol.allowance", "qm_alcohol_allowance"])
@pytest.mark.parametrize("intent", ["start", "choose_entry"])
def test_a_link_shows_its_entry(talk: Conversation, intent: str, entry: str) -> None:
    answer = talk.press(f'/{intent}{{"entry":"{entry}"}}')
    assert (answer.outcome, answer.entry) == ("answered", "qm.alcohol.allowance")
    assert talk.slots["last_answer"]["question"] == "How much wine can I bring into Meridia?"


def test_underscores_that_belong_to_the_name_are_kept(talk: Conversation) -> None:
    assert talk.press('/start{"entry":"qm_gift_parcel_limit"}').entry == "qm.gift.parcel_limit"


@pytest.mark.parametrize("entry", ["qm.alcohol.rum", "qm_x", "zz.alcohol.allowance", "x", "..", "ae_alcohol_allowance"])
@pytest.mark.parametrize("intent", ["start", "choose_entry"])
def test_a_link_to_nothing_is_told_so_and_leads_on(talk: Conversation, intent: str, entry: str) -> None:
    answer = talk.press(f'/{intent}{{"entry":"{entry}"}}')
    assert answer.verdict == ("declined", "no_guidance")
    assert "no longer there" in answer.text
    assert answer.buttons
    assert answer.entry is None


def test_choose_entry_without_an_entry(talk: Conversation) -> None:
    assert talk.say("/choose_entry", "choose_entry").verdict == ("declined", "no_guidance")


def test_a_link_may_name_an_administration(talk: Conversation) -> None:
    answer = talk.press('/start{"entry":"qn"}')
    assert answer.outcome == "smalltalk"
    assert talk.slots["administration"] == "qn"


def test_an_entry_does_not_answer_before_its_day(talk: Conversation) -> None:
    answer = talk.press('/choose_entry{"entry":"qm.parcels.register"}')
    assert answer.verdict == ("declined", "no_guidance")
    assert "1 January 2027" in answer.text
    assert talk.say("courier firm licence", administration="qm").entry != "qm.parcels.register"


def test_it_answers_on_its_day(talk: Conversation) -> None:
    assert talk.press('/choose_entry{"entry":"qm.parcels.register"}', date="2027-01-01").entry == "qm.parcels.register"
    answer = talk.say("courier registration number", administration="qm", date="2027-02-01")
    assert answer.entry == "qm.parcels.register"


def test_an_entry_does_not_answer_after_its_day(talk: Conversation) -> None:
    answer = talk.press('/choose_entry{"entry":"qm.parcels.sticker"}')
    assert answer.verdict == ("declined", "no_guidance")
    assert "out of date" in answer.text
    assert talk.say("where do i get the green sticker", administration="qm").entry != "qm.parcels.sticker"
    old = talk.say("where do i get the green sticker", administration="qm", date="2025-12-31")
    assert old.entry == "qm.parcels.sticker"


def test_the_figure_of_the_day_answers(talk: Conversation) -> None:
    assert "40" in talk.say("gift parcel value", administration="qm", date="2026-12-31").text
    assert "60" in talk.say("gift parcel value", administration="qm", date="2027-01-01").text


def test_a_day_for_which_a_figure_has_no_value_is_declined(talk: Conversation) -> None:
    answer = talk.say("how many vapes can i bring", administration="qm", date="2020-01-01")
    assert answer.verdict == ("declined", "no_guidance")
    assert talk.press('/choose_entry{"entry":"qm.vape.allowance"}', date="2020-01-01").verdict == answer.verdict


def test_a_translated_answer(talk: Conversation) -> None:
    answer = talk.say("كمية النبيذ المسموحة للمسافر", administration="qm")
    assert (answer.entry, answer.language, answer.direction) == ("qm.alcohol.allowance", "ar", "rtl")
    assert "نعم" in answer.text
    assert "تم التحقق في 20 نوفمبر 2026" in answer.text
    assert not answer.block("notice")
    assert "ماذا لو تجاوزت الحد؟" in answer.buttons
    assert answer.block("buttons")[0]["label"] == "أسئلة ذات صلة"


def test_an_answer_without_a_translation_is_english_with_a_word_in_the_language_of_the_asker(
    talk: Conversation,
) -> None:
    answer = talk.press('/choose_entry{"entry":"qm.vape.allowance"}', language="ar")
    assert (answer.language, answer.direction) == ("en", "ltr")
    assert answer.block("notice")[0]["text"] == "لا توجد ترجمة لهذه الإجابة بعد، وهذا نصّها بالإنجليزية."
    assert "You may bring 2 vapes." in answer.text
    assert "تم التحقق في 20 نوفمبر 2026" in answer.text


def test_clicking_on_in_arabic_goes_on_in_arabic(talk: Conversation) -> None:
    answer = talk.say("كمية النبيذ المسموحة للمسافر", administration="qm")
    answer = talk.press(answer.buttons["ماذا لو تجاوزت الحد؟"])
    assert (answer.entry, answer.language) == ("qm.alcohol.over", "ar")
    # An untranslated answer in between does not turn the conversation English.
    talk.press('/choose_entry{"entry":"qm.vape.allowance"}')
    assert talk.press('/choose_entry{"entry":"qm.alcohol.allowance"}').language == "ar"


def test_an_id_of_another_release_is_no_longer_there(talk: Conversation) -> None:
    talk.slots["last_answer"] = {"entry": "qm.gone.entry", "question": "gone?"}
    assert talk.say("and cash?", administration="qm").entry == "qm.cash.declare"
    assert Service.knowledge.release_id
