"""What a question states against the figure that answers it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.model import Figure
from knowledge_base.premise import believed_directly, believes, compare, says_no, without_yes
from knowledge_base.quantities import find_quantities

DAY = date(2026, 11, 22)


def figure(name: str, label: str, value: object, unit: str | None = None, **more: object) -> Figure:
    given = {
        "id": f"qm.{name}",
        "label": label,
        "unit": unit,
        "valid": [{"value": value}],
        "source": "s",
        "status": "verified",
    }
    return Figure.model_validate(given | more)


FIGURES = {
    item.id: item
    for item in [
        figure("alcohol.beer", "Beer free of duty per adult", 42, "L", at_limit="within"),
        figure("alcohol.still_wine", "Still wine free of duty per adult", 18, "L", at_limit="within"),
        figure("alcohol.spirits", "Spirits and other strong drinks", 4, "L", at_limit="within"),
        figure("drink.litres", "Alcoholic drink that an adult may bring", 4, "L", at_limit="within"),
        figure("drink.cartons", "Cartons of beer that may be brought instead", 2, "each", at_limit="within"),
        figure("tobacco.cigarettes", "Cigarettes", 200, "each", at_limit="within"),
        figure("tobacco.cigars", "Cigars", 50, "each", at_limit="within"),
        figure("tobacco.loose", "Loose tobacco", 250, "g", at_limit="within"),
        figure("cash.threshold", "Cash to declare", 10000, currency="GBP", at_limit="over"),
        figure("goods.allowance", "Other goods in all", 390, currency="GBP", at_limit="within"),
        figure("claim.within", "Days for a claim", 30, "day"),
        figure("vape.none", "Liquid without a known limit", "unknown", "ml"),
    ]
}
ALCOHOL = "Yes: {qm.alcohol.beer} of beer and {qm.alcohol.still_wine} of wine.\n\nOr {qm.alcohol.spirits} of spirits."
DRINK = "Yes: up to {qm.drink.litres}.\n\nOr {qm.drink.cartons} cartons of beer."
TOBACCO = "Up to {qm.tobacco.cigarettes} cigarettes.\n\n- {qm.tobacco.cigars} cigars, or\n- {qm.tobacco.loose}."
CASH = "Declare {qm.cash.threshold} or more."
GOODS = "Up to {qm.goods.allowance}."
CLAIM = "Claim within {qm.claim.within}."


def compared(text: str, answer: str, language: str = "en", before: str = "") -> tuple[str | None, bool, str] | None:
    found = compare(text, answer, FIGURES, DAY, language, before)
    return found and (found.figure and found.figure.id.removeprefix("qm."), found.believed, found.order)


@pytest.mark.parametrize(
    ("text", "answer", "language", "figure_id", "order"),
    [
        ("it's 90 litres of beer right?", ALCOHOL, "en", "alcohol.beer", "different"),
        ("it's 42 litres of beer right?", ALCOHOL, "en", "alcohol.beer", "at"),
        ("it's 90 litres right?", ALCOHOL, "en", None, "different"),
        ("it is 4000 ml right?", DRINK, "en", "drink.litres", "at"),
        ("limit is 10k right", CASH, "en", "cash.threshold", "at"),
        ("i thought 400 cigarettes", TOBACCO, "en", "tobacco.cigarettes", "different"),
        ("كنت أظن 400 سيجارة", TOBACCO, "ar", "tobacco.cigarettes", "different"),
        ("creía que eran 400 cigarrillos", TOBACCO, "es", "tobacco.cigarettes", "different"),
        ("c'est 400 cigarettes, non ?", TOBACCO, "fr", "tobacco.cigarettes", "different"),
        ("я думал 400 сигарет", TOBACCO, "ru", "tobacco.cigarettes", "different"),
        ("400 सिगरेट है ना?", TOBACCO, "hi", "tobacco.cigarettes", "different"),
        ("400 سگریٹ ہے نا؟", TOBACCO, "ur", "tobacco.cigarettes", "different"),
        ("听说可以带400支香烟", TOBACCO, "zh", "tobacco.cigarettes", "different"),
        ("i heard 60 cigars", TOBACCO, "en", "tobacco.cigars", "different"),
        ("it's 14 days, right?", CLAIM, "en", "claim.within", "different"),
    ],
)
def test_what_is_believed(text: str, answer: str, language: str, figure_id: str | None, order: str) -> None:
    assert compared(text, answer, language) == (figure_id, True, order)


@pytest.mark.parametrize(
    ("text", "answer", "language", "figure_id", "order"),
    [
        ("i have 5 litres of wine, is it ok", DRINK, "en", "drink.litres", "over"),
        ("i have 4 litres of wine, is it ok", DRINK, "en", "drink.litres", "at"),
        ("can i bring 2 litres of vodka", ALCOHOL, "en", "alcohol.spirits", "under"),
        ("can i bring 60 cigars", TOBACCO, "en", "tobacco.cigars", "over"),
        ("i have £15,000 cash", CASH, "en", "cash.threshold", "over"),
        ("phone worth 500 pounds", GOODS, "en", "goods.allowance", "over"),
        ("tengo 300 cigarrillos", TOBACCO, "es", "tobacco.cigarettes", "over"),
        ("у меня 20 литров вина", ALCOHOL, "ru", "alcohol.still_wine", "over"),
        ("معي 300 سيجارة", TOBACCO, "ar", "tobacco.cigarettes", "over"),
        ("我有300支香烟", TOBACCO, "zh", "tobacco.cigarettes", "over"),
    ],
)
def test_what_is_carried(text: str, answer: str, language: str, figure_id: str, order: str) -> None:
    assert compared(text, answer, language) == (figure_id, False, order)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("i have 3 litres of beer", DRINK),  # beer goes by cartons there
        ("my wife and i have 6 litres of wine", DRINK),  # together they may bring more
        ("i have 5 bottles of wine", DRINK),  # a bottle is no measure
        ("i have 15000 dollars", CASH),  # no rate
        ("i have 2 litres of vodka and 3 litres of wine", DRINK),  # which one?
        ("i am 17, can i bring wine", ALCOHOL),
        ("the £135 thing", GOODS),  # a rule's amount
        ("they want a 6 pound handling fee", GOODS),
        ("can i bring 40", TOBACCO),  # 40 of what
        ("how much wine", DRINK),
        ("it's 18 years old right?", ALCOHOL),
        ("i have 20 ml", "{qm.vape.none} of liquid"),  # nobody knows
        ("it's 4 litres right?", ALCOHOL),  # right for one of three
    ],
)
def test_what_is_not_sure_is_not_judged(text: str, answer: str) -> None:
    assert compared(text, answer) is None


def test_a_follow_up_takes_unit_and_goods_from_the_question_before() -> None:
    assert compared("what about 240?", TOBACCO, before="how many cigarettes can i bring") == (
        "tobacco.cigarettes",
        False,
        "over",
    )
    assert compared("what about 60?", TOBACCO, before="can i bring 40 cigars") == ("tobacco.cigars", False, "over")
    assert compared("it's 90 litres right?", ALCOHOL, before="how much beer") == ("alcohol.beer", True, "different")
    assert compared("what about 40?", ALCOHOL, before="how much alcohol") is None


def test_a_bare_number_is_money_where_cash_was_asked_about_and_only_when_it_is_large() -> None:
    assert compared("what about 40k", CASH, before="how much cash can i take out") == ("cash.threshold", False, "over")
    assert compared("and 900?", CASH, before="how much cash can i take out") == ("cash.threshold", False, "under")
    assert compared("and 2?", CASH, before="how much cash can i take out") is None
    assert compared("and 500?", GOODS, before="can i bring a phone for 300 pounds") == ("goods.allowance", False, "over")
    assert compared("and 2?", GOODS, before="can i bring a phone for 300 pounds") is None


def test_a_supposition_is_no_belief_in_an_amount() -> None:
    def directly(text: str) -> bool:
        return believed_directly(text, find_quantities(text)[0])

    assert directly("somebody swears it's 400 ciggies per head") and directly("i heard you can bring 400 cigarettes")
    assert not directly("i heard if i bring 10 litres i go to jail") and not directly(
        "i read that over 4 litres is taken away"
    )
    assert not directly("400 cigarettes")


def test_believing_is_told_from_carrying() -> None:
    assert believes("it's 90 litres, right?") and believes("90 litros, ¿no?") and believes("90升吧")
    assert not believes("i have 90 litres, right?") and not believes("can i bring 90 litres")


@pytest.mark.parametrize(
    ("answer", "language", "left"),
    [
        ("Yes: up to {x}.", "en", "Up to {x}."), ("Yes, if you are 17.", "en", "If you are 17."), ("Yesterday.", "en", "Yesterday."),
        ("نعم: يحق", "ar", "يحق"), ("Sí: hasta", "es", "Hasta"), ("Oui : en venant", "fr", "En venant"), ("जी हाँ, आप", "hi", "आप"),
        ("Да: можно", "ru", "Можно"), ("جی ہاں: ہر", "ur", "ہر"), ("是的，可以", "zh", "可以"), ("No: never", "en", "No: never"), ("", "en", ""),
    ],
)  # fmt: skip
def test_an_answer_without_its_yes(answer: str, language: str, left: str) -> None:
    assert without_yes(answer, language) == left


def test_an_answer_that_says_no() -> None:
    assert says_no("No, you cannot", "en") and says_no("لا: لا يمكن", "ar") and not says_no("Nothing is free", "en")
