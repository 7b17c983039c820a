"""A duty on top that goes no further than a rate together with the ordinary duty: only what is missing is charged."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.figure_book import FigureBook
from tests.knowledge_base.rules.duty_sums import DAY, PACKS, RULES, Fixed, line, order, rows

RATE = "us.remedies.s301_high"


def together(duty=({"percent": 3},), book=None, origin="VN", **more):
    """The rows of a duty of at most 25 % together with `duty`, on 100 USD of goods of Viet Nam."""
    real = RULES["us"]
    (shirt,) = (good for good in real.goods if good.good == "shirt")
    told = {**shirt.model_dump(), "duty": duty, "additional": ["cap"]}
    made = {"id": "cap", "rate": RATE, "with_duty": True, "origins": ["VN"], "sources": ["a-test"]} | more
    rules = type(real).model_validate({**real.model_dump(), "additional": [made], "goods": [told]})
    sent = order(line("shirt 100 USD", origin=origin), freight="0 USD")
    return rows(estimate_duty(rules, book or FigureBook(PACKS["us"].figures, DAY), Fixed(), sent), "additional_duty")


@pytest.mark.parametrize(
    "duty, charged",
    [(0, "25.00"), (3, "22.00"), (16.5, "8.50"), (25, "0.00"), (40, "0.00")],
)
def test_only_what_is_missing_to_the_rate_is_charged(duty, charged):
    (row,) = together([{"percent": duty}])
    assert (row.amount.amount, row.rate.value) == (D(charged), D(charged))
    assert row.figures == (RATE,)


def test_the_parts_of_the_ordinary_duty_count_together():
    (row,) = together([{"percent": 3}, {"percent": 4}])
    assert row.amount.amount == D(18)


@pytest.mark.parametrize(
    "duty",
    [
        None,
        [{"amount": 1, "currency": "USD", "per": "each"}],
        [{"percent": 3}, {"amount": 1, "currency": "USD", "per": "each"}],
        [{"percent": 3, "min": {"amount": 1, "currency": "USD", "per": "each"}}],
        [{"percent": 3, "max": {"amount": 1, "currency": "USD", "per": "each"}}],
    ],
)
def test_beside_a_duty_that_is_no_plain_percentage_it_is_not_known(duty):
    (row,) = together(duty)
    assert (row.amount, row.why) == (None, "rate_unknown")


def test_without_its_figure_it_is_not_known():
    figures = PACKS["us"].figures
    unread = figures[RATE].model_copy(update={"status": "unverified"})
    (row,) = together(book=FigureBook({**figures, RATE: unread}, DAY))
    assert (row.amount, row.why) == (None, "figure_unknown")


@pytest.mark.parametrize("origin, why", [("BR", ["additional_unknown"]), ("VN", []), (None, ["origin_unknown"])])
def test_a_list_of_goods_that_nobody_read_is_not_known_for_any(origin, why):
    found = together(goods="unread", origins=["BR"], origin=origin)
    assert [(row.amount, row.why) for row in found] == [(None, each) for each in why]
