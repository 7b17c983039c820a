"""A sum adds what is due and has no total while a part of it is not known."""

from __future__ import annotations

from decimal import Decimal

from knowledge_base.rules.basket import Basket, Good, Money
from knowledge_base.rules.results import Row, Sum


def pounds(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="GBP")


def test_the_value_of_goods_is_shown_and_not_paid():
    rows = (Row("customs_value", pounds("500")), Row("duty", pounds("20")), Row("vat", pounds("104.00")))
    assert Sum(rows, "GBP").total == pounds("124.00")


def test_an_unknown_row_leaves_no_total():
    assert Sum((Row("duty", pounds("20")), Row("vat", None, why="no_rate")), "GBP").total is None


def test_a_basket_outlives_a_conversation_as_json():
    wine = Good(id="g1", kind="still_wine", quantity=Decimal("1.50"), unit="L", said="2 bottles of wine")
    basket = Basket(goods=(wine,))
    assert Basket.model_validate_json(basket.model_dump_json()) == basket
