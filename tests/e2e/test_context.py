"""Whole talks through the chat API to the real processes: follow-ups, several questions, wrong amounts, days."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import words

# Each talk: administration, then what is said and what must come back. A line is (text, entry or outcome, what the reply says).
TALKS: dict[str, tuple[str | None, list[tuple[str, str, str]]]] = {
    "a visitor to the uk corrects himself": ("gb", [
        ("how much alcohol can i bring to the uk", "gb.alcohol.allowance", "42 litres"),
        ("it's 90 litres of beer right?", "gb.alcohol.allowance", "No, not 90 litres: it is 42 litres."),
        ("what about 40 litres of beer?", "gb.alcohol.allowance", "40 litres is less than 42 litres"),
        ("and cigars?", "gb.tobacco.allowance", "50"),
        ("since when", "gb.tobacco.allowance", "last read on"),
    ]),
    "too many cigarettes to dubai": ("ae", [
        ("how many cigarettes can i bring to dubai", "ae.tobacco.allowance", "200"),
        ("i thought 400 cigarettes", "ae.tobacco.allowance", "No, not 400 cigarettes: it is 200."),
        ("what if i have more", "ae.tobacco.over", ""),
        ("and to london?", "gb.tobacco", ""),
    ]),
    "cash, asked about from all sides": ("ae", [
        ("how much cash can i bring without declaring to dubai", "ae.cash.threshold", "60,000"),
        ("how much is that in dollars", "ae.cash.threshold", "no exchange rates"),
        ("are you sure?", "ae.cash.threshold", "pages below"),
        ("it's 100000 dirhams right?", "ae.cash.threshold", "No, not 100000 dirhams"),
    ]),
    "two questions at once": ("gb", [
        ("how many cigarettes and how much cash can i bring", "gb.tobacco.allowance", "£10,000"),
        ("why", "gb.tobacco.allowance", "seldom why"),
    ]),
    "a joke between two questions": ("gb", [
        ("how much wine can i bring to the uk", "gb.alcohol.allowance", "18 litres"),
        ("tell me a joke", "declined", ""),
        ("where does that come from", "gb.alcohol.allowance", "pages below"),
    ]),
    "an arabic talk": ("ae", [
        ("كم سيجارة مسموح في مطار دبي", "ae.tobacco.allowance", "200"),
        ("كنت أظن 400 سيجارة", "ae.tobacco.allowance", "لا، ليس 400 سيجارة، بل 200."),
        ("منذ متى", "ae.tobacco.allowance", "قُرئت الصفحات"),
        ("وفي مارس؟", "ae.tobacco.allowance", "مارس 2027"),
    ]),
    "a chinese talk": ("gb", [
        ("可以带多少酒去英国", "gb.alcohol.allowance", ""),
        ("香烟呢", "gb.tobacco.allowance", ""),
        ("为什么", "gb.tobacco.allowance", "很少说明原因"),
    ]),
    "a french talk": ("eu", [
        ("combien de vin un voyageur qui vient du canada peut-il apporter en france", "eu.alcohol.allowance", "4 litres"),
        ("c'est 10 litres, non ?", "eu.alcohol.allowance", "Non, pas 10 litres"),
        ("depuis quand ?", "eu.alcohol.allowance", "lues pour la dernière fois"),
    ]),
    "a russian talk": ("eu", [
        ("сколько сигарет можно ввезти в германию", "eu.tobacco.allowance", "200"),
        ("это на человека?", "eu.tobacco.allowance", "Вот что об этом сказано"),
        ("в марте", "eu.tobacco.allowance", "март 2027"),
    ]),
    "a hindi talk": ("ae", [
        ("दुबई में कितनी शराब ला सकते हैं", "ae.alcohol.allowance", "4"),
        ("90 लीटर है ना?", "ae.alcohol.allowance", "नहीं, 90 लीटर नहीं"),
        ("कब से", "ae.alcohol.allowance", "पृष्ठ पिछली बार"),
    ]),
    "an urdu talk": ("ae", [
        ("دبئی میں کتنی سگریٹ لا سکتے ہیں", "ae.tobacco.allowance", "200"),
        ("400 ہے نا؟", "ae.tobacco.allowance", "نہیں، 400 نہیں"),
        ("فی کس؟", "ae.tobacco.allowance", "اس بارے میں معلومات"),
    ]),
    "a spanish talk": ("us", [
        ("cuánto dinero en efectivo puedo llevar a estados unidos", "us.cash.limit", ""),
        ("en euros?", "us.cash.limit", "tipos de cambio"),
        ("por qué", "us.cash.limit", "rara vez por qué"),
    ]),
    "travelling later": ("gb", [
        ("how much wine can i bring if i arrive in march", "gb.alcohol.allowance", "This answer is for March 2027"),
        ("and next year?", "gb.alcohol.allowance", "This answer is for 2027"),
    ]),
    "two destinations": (None, [
        ("to dubai then london, how many cigarettes can i bring", "ae.tobacco.allowance", "Great Britain"),
    ]),
    "out of dubai": ("ae", [
        ("taking 100000 dirhams cash out of dubai to ghana", "ae.cash.threshold", "no guidance for Ghana"),
    ]),
    "more than allowed": (None, [
        ("i have 5 litres of wine, is it ok to bring to dubai", "ae.alcohol.allowance", "1 litre too much (wine)"),
    ]),
    "a fresh question is not bent by the last one": ("gb", [
        ("how much wine can i bring to the uk", "gb.alcohol.allowance", ""),
        ("how much cash do i have to declare at heathrow", "gb.cash.declare", "£10,000"),
        ("what time is it", "declined", ""),
        ("best hotel there", "declined", ""),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
def test_a_talk(talk: Any, name: str) -> None:
    administration, lines = TALKS[name]
    conversation = talk(administration=administration)
    for text, expected, says in lines:
        reply = conversation.send(text)
        got = {"said": text, "outcome": reply["outcome"], "reason": reply["reason"], "entry": reply["entry"], "text": words(reply)[:160]}
        if "." in expected:
            assert (reply["entry"] or "").startswith(expected), got
        else:
            assert reply["outcome"] == expected, got
        assert says in words(reply), got


def test_there_are_enough_of_them() -> None:
    assert len(TALKS) >= 15
