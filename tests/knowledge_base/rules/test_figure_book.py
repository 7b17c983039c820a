"""What a sum may read of a figure, and what it may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.model import Figure
from knowledge_base.rules.basket import Money
from knowledge_base.rules.figure_book import FigureBook

DAY = date(2026, 11, 22)


def figure(**changes: object) -> Figure:
    data = {
        "id": "gb.goods.allowance", "label": "Other goods", "currency": "GBP", "valid": [{"value": 390}],
        "source": "page", "status": "verified",
    }  # fmt: skip
    return Figure.model_validate(data | changes)


def book(*figures: Figure) -> FigureBook:
    return FigureBook({each.id: each for each in figures}, DAY)


def test_a_verified_figure_is_money_of_its_currency():
    assert book(figure()).money("gb.goods.allowance") == Money(amount=Decimal(390), currency="GBP")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "unverified"},
        {"valid": [{"value": "unknown"}]},
        {"valid": [{"from": date(2027, 1, 1), "value": 400}]},
    ],
)
def test_what_is_not_known_on_the_day_is_none_and_never_0(changes):
    assert book(figure(**changes)).number("gb.goods.allowance") is None


def test_nothing_free_is_0_and_known():
    assert book(figure(valid=[{"value": 0}])).number("gb.goods.allowance") == 0


def test_a_figure_in_litres_is_no_money():
    with pytest.raises(ValueError, match="gb.goods.allowance is in L"):
        book(figure(currency=None, unit="L")).money("gb.goods.allowance")


def test_an_id_that_the_pack_lacks_is_an_error():
    with pytest.raises(KeyError):
        book().number("gb.goods.allowance")
