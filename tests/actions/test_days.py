"""The day that a question names: figures and entries of that day answer, and the reply says so; what changes soon is announced."""

from __future__ import annotations

from datetime import date

import pytest

from tests.actions.support import Conversation

GIFT = "gift parcel value meridia"


def notices(answer) -> list[str]:
    return [block["text"] for block in answer.block("notice")]


def test_the_figure_of_the_day_that_is_named_answers(talk: Conversation) -> None:
    answer = talk.say(f"{GIFT} in march")
    assert "60" in answer.block("paragraph")[0]["text"]
    assert notices(answer)[0] == "This answer is for March 2027, as far as the rules are published today."


def test_without_a_day_today_answers_and_the_change_is_announced(talk: Conversation) -> None:
    answer = talk.say(GIFT)
    assert "40" in answer.block("paragraph")[0]["text"]
    (change,) = notices(answer)
    assert change.startswith("From 1 January 2027 on it is") and "60" in change and "40" in change


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("ar", "ابتداءً من"), ("es", "A partir del 1 de enero de 2027"), ("fr", "À partir du 1 janvier 2027"), ("hi", "1 जनवरी 2027 से"),
        ("ru", "С 1 января 2027"), ("ur", "1 جنوری، 2027 سے"), ("zh", "自2027年1月1日起"),
    ],
)  # fmt: skip
def test_the_change_is_announced_in_the_askers_language(talk: Conversation, language: str, begins: str) -> None:
    talk.slots = {"administration": "qm", "language": language}
    answer = talk.press('/choose_entry{"entry":"qm.gift.parcel_limit"}', language=language)
    assert any(text.startswith(begins) for text in notices(answer))


def test_a_change_that_is_far_away_is_not_announced(talk: Conversation) -> None:
    assert notices(talk.say(GIFT, date="2026-10-01")) == []
    assert notices(talk.say(GIFT, date="2027-01-01")) == []


@pytest.mark.parametrize(
    "text",
    [
        "and in march?", "what about next year", "from january", "y en enero?", "а в марте?", "وفي مارس؟", "明年呢", "if i come back in march",
        "si llego en marzo", "si j'arrive en mars", "если я приеду в марте", "إذا وصلت في مارس", "अगर मैं मार्च में आऊँ", "agar march mein aaun",
        "اگر میں مارچ میں آؤں", "law waselt fi march", "and if she lands in march",
    ],
)
def test_the_same_question_for_another_day(talk: Conversation, text: str) -> None:
    talk.say(GIFT)
    answer = talk.say(text)
    assert answer.entry == "qm.gift.parcel_limit"
    assert "60" in answer.text


def test_days_do_not_pile_up(talk: Conversation) -> None:
    talk.say(f"{GIFT} in march")
    talk.say("and in april?")
    answer = talk.say("and in december?")
    assert notices(answer)[0].startswith("This answer is for December 2026")
    assert talk.slots["last_answer"]["question"] == f"{GIFT} in (and in december?)"


def test_the_other_country_answers_for_the_same_day(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia in march")
    answer = talk.say("and to norland?")
    assert answer.entry == "qn.alcohol.allowance"
    assert notices(answer)[0].startswith("This answer is for March 2027")


def test_an_earlier_day_is_answered_for_that_day(talk: Conversation) -> None:
    answer = talk.say(f"what was the {GIFT} in february 2026")
    assert notices(answer)[0] == "This is the rule of an earlier time: February 2026. Other rules may hold today."


def test_an_earlier_day_without_a_figure_gets_todays_rule_and_is_told_so(talk: Conversation) -> None:
    answer = talk.say("how many vapes can i bring to meridia on 1 july 2025")
    assert answer.entry == "qm.vape.allowance"
    assert notices(answer)[0] == "I only have the rules of today; this is no answer for an earlier day."


def test_the_day_on_which_something_was_bought_is_no_day_to_answer_for(talk: Conversation) -> None:
    answer = talk.say(f"{GIFT}, bought in february 2026")
    assert all("February" not in text for text in notices(answer))


def test_the_month_that_it_is_says_nothing_new(talk: Conversation) -> None:
    assert notices(talk.say("how much wine can i bring to meridia in november")) == []


def test_the_turn_remembers_today(talk: Conversation) -> None:
    from actions.context import Turn

    turn = Turn("c", "", "en", "r", date(2026, 11, 21)).on_day_of("in march")
    assert (turn.day, turn.today) == (date(2027, 3, 1), date(2026, 11, 21))
    assert turn.on_day_of("no day").day == turn.on_today().day == date(2026, 11, 21)
