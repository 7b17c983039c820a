"""A short message is read as the answer to what was asked; a long or other one is not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.goods.understanding import understand
from knowledge_base.packs import read_yaml
from knowledge_base.rules.basket import Basket, Good, Traveller

_CASES = [
    (language, *case)
    for language, cases in read_yaml(Path(__file__).with_name("answers.yml")).items()
    for case in cases
]
_BASKET = Basket(
    goods=(
        Good(id="g1", kind="spirits", quantity=Decimal("1.4"), unit="L", said="2 bottles of vodka", assumed=("bottle=0.7 L",)),
        Good(id="g2", kind="other", quantity=Decimal(1), unit="each", said="a watch", description="watch"),
        Good(id="g3", kind="wine", said="wine"),
    ),
    traveller=Traveller(arriving_in="GB"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "asked", "text", "expected"), _CASES, ids=[f"{c[0]} {c[1]}: {c[2]}" for c in _CASES]
)
def test_the_answer_is_read(language: str, asked: str, text: str, expected: Any) -> None:
    read = understand(text, language, _BASKET, currency="GBP", expecting=asked)
    line, _, name = asked.rpartition(".")
    where = next(good for good in read.basket.goods if good.id == line) if line else read.basket.traveller
    found = getattr(where, name)
    if name == "value":
        assert f"{found.amount} {found.currency}" == expected
    else:
        assert found == (Decimal(expected) if isinstance(expected, str) and name == "quantity" else expected)
    assert [good.id for good in read.basket.goods] == ["g1", "g2", "g3"]
    assert not read.says_nothing


def test_another_amount_is_no_answer() -> None:
    read = understand("3 litres of gin", "en", _BASKET, currency="GBP", expecting="g2.value")
    assert read.basket.goods[1].value is None
    assert [good.quantity for good in read.basket.goods if good.kind == "spirits"] == [Decimal("1.4"), Decimal(3)]


@pytest.mark.parametrize("text", ["no idea", "why do you ask", "what is a green card"])
def test_what_is_no_answer_tells_no_value(text: str) -> None:
    read = understand(text, "en", _BASKET, currency="GBP", expecting="g2.value")
    assert read.basket.goods == _BASKET.goods


def test_a_correction_goes_before_the_answer() -> None:
    read = understand("actually 3 bottles", "en", _BASKET, currency="GBP", expecting="age")
    assert read.basket.traveller.age is None
    assert read.basket.goods[0].quantity == Decimal("2.1")
