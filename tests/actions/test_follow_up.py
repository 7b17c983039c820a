"""What is left of a message without its places, little words and greetings."""

from __future__ import annotations

import pytest

from actions.follow_up import is_small_talk, leans_on_last, left_over, names_code, only_names_places
from knowledge_base.places import find_places


@pytest.mark.parametrize(
    "text",
    [
        "dubai", "and to london?", "what about Paris", "im going to dubai", "y a Londres?", "et pour Paris ?", "а в Лондон?",
        "что насчёт Дубая", "وإلى لندن؟", "ماذا عن دبي؟", "और दुबई?", "اور دبئی؟", "那伦敦呢？", "I mean the UK",
    ],
)  # fmt: skip
def test_messages_that_only_name_a_place(text: str) -> None:
    places = find_places(text)
    assert places, "the place is found"
    assert only_names_places(text, places), left_over(text, places)


@pytest.mark.parametrize(
    "text",
    [
        "cash to dubai",
        "كم النقد إلى دبي",
        "сколько вина в Лондон",
        "去伦敦带多少现金",
        "दुबई में सोना",
        "wine?",
        "",
        "duty dubai",
        "دبي ذهب",
    ],
)
def test_messages_that_say_more(text: str) -> None:
    assert not only_names_places(text, find_places(text))


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Thank you so much!!",
        "hello there sir",
        "gracias",
        "merci beaucoup",
        "спасибо большое",
        "شكراً جزيلاً",
        "धन्यवाद जी",
        "شکریہ",
        "谢谢你",
        "ok",
        "🙂",
    ],
)
def test_nothing_is_left_of_small_talk(text: str) -> None:
    assert not left_over(text, small_talk=True)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("thanks, and cigars?", ["cigars"]),
        ("hola, vino", ["vino"]),
        ("مرحبا سجائر", ["سجائر"]),
        ("привет, сигареты", ["сигареты"]),
        ("你好，香烟", ["香烟"]),
        ("नमस्ते सोना", ["सोना"]),
    ],
)
def test_a_question_is_left_of_a_greeting_with_one(text: str, left: list[str]) -> None:
    assert left_over(text, small_talk=True) == left


@pytest.mark.parametrize(
    "text",
    [
        "and if i bring more?",
        "what about my wife",
        "y si llevo más?",
        "et si j'en ai plus",
        "а если больше?",
        "وماذا لو أكثر",
        "और अगर ज़्यादा?",
        "اور اگر زیادہ؟",
        "如果超过呢",
        "ok and cigars",
    ],
)
def test_messages_that_lean_on_the_last_one(text: str) -> None:
    assert leans_on_last(text)


@pytest.mark.parametrize(
    "text",
    [
        "how much wine",
        "android phone",
        "years of use",
        "and " + "so on " * 20,
        "",
        "etiquettes",
        "историческая монета",
        "那" * 30,
        "yerba mate",
    ],
)
def test_messages_that_stand_alone(text: str) -> None:
    assert not leans_on_last(text)


@pytest.mark.parametrize("text", ["hi", "ok thanks", "🙂", "?!", "谢谢", "Salam!", ""])
def test_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text", ["and that?", "what about me", "thanks, and cigars?", "cigars", "那个呢", "谢谢，香烟呢"]
)
def test_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize("text", ["C88", "BOR286", "CF-28", "CN 22", "form 19", "8517.13", "hs code 8517.13.00", "what is form 4457"])
def test_the_name_of_a_form_or_heading(text: str) -> None:
    assert names_code(text)


@pytest.mark.parametrize(
    "text", ["40k", "and 40?", "what about 500", "in 2027", "2.5 litres", "y 500", "since 3 july 2026", "12,000", "and cigars?", ""]
)
def test_an_amount_or_a_day_is_no_code(text: str) -> None:
    assert not names_code(text)


def test_a_question_that_only_names_a_code_beside_its_story_is_none() -> None:
    assert not names_code("i bought shoes and wine, which the officer wrote on a C88")


def test_where_in_french_is_no_or() -> None:
    assert not leans_on_last("où est mon colis") and not leans_on_last("ou est mon colis")
    assert leans_on_last("ou des cigares ?")
