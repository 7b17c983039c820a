"""Exchange rates: which table holds on a day, and that a missing or stale one gives none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from currency_converter import CurrencyConverter

from knowledge_base.rules.exchange import ECB, OLDEST, Peg, Rates, last_day

DOLLAR = Peg("USD", "AED", D("3.6725"), "ae.value.dollar")
SHIPPED = CurrencyConverter(decimal=True)


def test_one_currency_needs_no_table():
    assert Rates(()).rate("GBP", "GBP", date(1970, 1, 1)).value == 1


def test_a_rate_says_its_day_and_its_source():
    rate = Rates(("ecb_day",)).rate("USD", "EUR", date(2026, 10, 28))
    assert (rate.day, rate.sources, rate.official) == (date(2026, 10, 28), (ECB,), False)
    assert rate.value == 1 / SHIPPED.convert(1, "EUR", "USD", date(2026, 10, 28))


def test_a_weekend_has_the_rate_of_the_friday_and_says_so():
    assert Rates(("ecb_day",)).rate("USD", "GBP", date(2026, 10, 25)).day == date(2026, 10, 23)


@pytest.mark.parametrize(
    ("day", "wednesday"),
    [
        ("2026-11-01", "2026-10-21"),
        ("2026-11-30", "2026-10-21"),
        ("2026-10-01", "2026-09-23"),
        ("2026-01-15", "2025-12-24"),
    ],
)
def test_the_rate_of_the_second_last_wednesday_holds_the_whole_next_month(day, wednesday):
    rate = Rates(("ecb_month",)).rate("USD", "EUR", date.fromisoformat(day))
    assert (rate.day.isoformat(), rate.official) == (wednesday, True)


def test_a_month_that_the_shipped_table_does_not_reach_falls_to_the_last_day():
    day = last_day() + timedelta(days=40)
    rate = Rates(("ecb_month", "ecb_day")).rate("USD", "EUR", day)
    assert (rate.kind, rate.day, rate.official) == ("ecb_day", last_day(), False)


def test_a_table_that_nobody_renewed_gives_none():
    assert Rates(("ecb_day",)).rate("USD", "EUR", last_day() + OLDEST) is not None
    assert Rates(("ecb_day",)).rate("USD", "EUR", last_day() + OLDEST + timedelta(days=1)) is None


@pytest.mark.parametrize("currency", ["PKR", "XXX", "RUB"])
def test_a_currency_without_a_rate_gives_none(currency):
    assert Rates(("ecb_month", "ecb_day")).rate(currency, "EUR", date(2026, 11, 22)) is None


def test_before_there_was_a_euro_there_is_none():
    assert Rates(("ecb_day",)).rate("USD", "GBP", date(1998, 12, 31)) is None


def test_a_fixed_rate_needs_no_table():
    rates = Rates((), (DOLLAR,))
    assert rates.rate("USD", "AED", date(2026, 11, 22)).value == D("3.6725")
    back = rates.rate("AED", "USD", date(2026, 11, 22))
    assert (round(back.value * 100, 4), back.figures) == (D("27.2294"), ("ae.value.dollar",))


def test_a_fixed_rate_widens_the_table():
    day = date(2026, 10, 28)
    rate = Rates(("ecb_day",), (DOLLAR,)).rate("EUR", "AED", day)
    assert rate.value == SHIPPED.convert(1, "EUR", "USD", day) * D("3.6725")
    assert (rate.figures, rate.sources) == (("ae.value.dollar",), (ECB,))


def test_there_and_back_is_the_same():
    rates = Rates(("ecb_day",), (DOLLAR,))
    for one, other in (("USD", "GBP"), ("AED", "EUR"), ("CHF", "JPY")):
        day = date(2026, 10, 28)
        assert round(rates.rate(one, other, day).value * rates.rate(other, one, day).value, 20) == 1
