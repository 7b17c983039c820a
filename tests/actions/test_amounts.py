"""An amount that a question states: corrected when it is believed wrongly, compared when it is carried, left alone when unsure."""

from __future__ import annotations

import re

import pytest

from tests.actions.support import Conversation


def first(answer) -> str:
    return re.sub("[\u2066-\u2069]", "", answer.blocks[0]["text"]).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "language", "correction"),
    [
        ("it's 90 litres of wine to meridia right?", "en", "No, not 90 litres: it is 3 litres."),
        ("wine allowance meridia, i thought 90 litres", "en", "No, not 90 litres: it is 3 litres."),
        ("wine allowance meridia: 90 litros, ¿verdad?", "es", "No, no son 90 litros: la cifra es 3 litros."),
        ("wine allowance meridia: c'est 90 litres, non ?", "fr", "Non, pas 90 litres : c'est 3 litres."),
        ("wine allowance meridia: 90 литров, верно?", "ru", "Нет, не 90 литров: верно 3 литра."),
        ("wine allowance meridia 90 लीटर है ना", "hi", "नहीं, 90 लीटर नहीं: सही संख्या 3 लीटर है।"),
        ("wine allowance meridia 90 لیٹر ہے نا", "ur", "نہیں، 90 لیٹر نہیں: درست عدد 3 لیٹر ہے۔"),
        ("wine allowance meridia 90 لتر صح", "ar", "لا، ليس 90 لتر، بل 3 لتر."),
        ("wine allowance meridia 90升对吗", "zh", "不，不是90升，而是3升。"),
    ],
)
def test_a_wrong_belief_is_corrected_first(talk: Conversation, text: str, language: str, correction: str) -> None:
    talk.slots["language"] = language
    answer = talk.say(text, language=language)
    assert answer.entry == "qm.alcohol.allowance"
    assert first(answer) == correction
    assert not answer.blocks[1].get("text", "").startswith(("Yes", "نعم")), "the answer's own yes would contradict"


def test_a_right_belief_is_said_to_be_right(talk: Conversation) -> None:
    answer = talk.say("the wine limit to meridia is 3 litres, right?")
    assert first(answer) == "Yes, that is right: 3 litres."


def test_a_belief_about_something_else_is_neither_right_nor_wrong(talk: Conversation) -> None:
    answer = talk.say("i heard that with 3 litres of wine they put you in jail in meridia, true?")
    assert answer.entry == "qm.alcohol.allowance"
    assert first(answer).startswith("Each adult may bring 3 litres"), "and it is not answered yes"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "i have 5 litres of wine for meridia, wine allowance ok?",
            "5 litres is more than 3 litres, the figure that counts here.",
        ),
        (
            "i have 2 litres of wine for meridia, wine allowance ok?",
            "2 litres is less than 3 litres, the figure that counts here.",
        ),
        (
            "i have 3 litres of wine for meridia, wine allowance ok?",
            "3 litres is exactly 3 litres, and that is not over it.",
        ),
    ],
)
def test_what_is_carried_is_compared(talk: Conversation, text: str, sentence: str) -> None:
    answer = talk.say(text)
    assert answer.entry == "qm.alcohol.allowance"
    assert first(answer) == sentence


def test_over_the_figure_the_answer_does_not_say_yes(talk: Conversation) -> None:
    answer = talk.say("i have 5 litres of wine for meridia, wine allowance ok?")
    assert answer.blocks[1]["text"].startswith("Each adult")
    assert talk.say("i have 2 litres of wine for meridia, wine allowance ok?").blocks[1]["text"].startswith("Yes: each")


@pytest.mark.parametrize(
    "text",
    [
        "how much wine can i bring to meridia",
        "my wife and i have 5 litres of wine for meridia, wine allowance",
        "5 bottles of wine allowance meridia",
    ],
)
def test_what_is_not_sure_is_not_judged(talk: Conversation, text: str) -> None:
    assert first(talk.say(text)).startswith("Yes: each adult")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("it's 90 litres right?", "No, not 90 litres: it is 3 litres."),
        ("what about 2?", None),
        ("and 5 litres?", "5 litres is more than 3 litres, the figure that counts here."),
    ],
)
def test_a_follow_up_with_another_amount(talk: Conversation, text: str, sentence: str | None) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say(text)
    assert answer.entry == "qm.alcohol.allowance"
    assert first(answer) == sentence if sentence else "figure that counts" not in answer.text
    assert talk.slots["last_answer"]["question"] == "how much wine can i bring to meridia", (
        "so that another country can answer it"
    )
    assert talk.say("and in norland?").entry == "qn.alcohol.allowance"


def test_an_amount_of_the_question_before_it_is_compared_too(talk: Conversation) -> None:
    talk.say("can i bring 2 litres of wine to meridia, wine allowance")
    assert first(talk.say("what about 5?")) == "5 is more than 3 litres, the figure that counts here."
