"""Exchange rates for sums: which table holds on a day, with its date and source. A rate that is missing is None, never a guess.

The European Central Bank's table comes with the package CurrencyConverter and is as old as that package. The dirham is fixed to the dollar;
that rate is a figure. Rates are exact (Decimal) and never reach ahead: a table's last day may be used for `OLDEST` days, no longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Protocol

ECB = "ecb-reference-rates"  # the source that a pack names for the European Central Bank's table
OLDEST = timedelta(days=92)  # a table that nobody renewed for longer gives no rate
_EURO = "EUR"


@dataclass(frozen=True)
class ExchangeRate:
    """One unit of `base` is `value` units of `quote`.

    `day` is the day of the table. `kind` names the table: `same` (one currency), `ecb_month` (the rate of a day that holds for a whole
    month), `ecb_day`, `peg`. `figures` and `sources` are ids that it rests on. `official`: the rate that the administration itself uses.
    """

    base: str
    quote: str
    value: Decimal
    day: date
    kind: str
    official: bool = False
    figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Exchange(Protocol):
    """Rates as a sum asks for them."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        """The rate to use on `day`; None when there is none that may be used."""


@dataclass(frozen=True)
class Peg:
    """A currency that is fixed: one `base` is `value` of `quote`, by a figure."""

    base: str
    quote: str
    value: Decimal
    figure: str


class Rates:
    """The tables of one administration, the first that has both currencies wins: `ecb_month`, `ecb_day`. Pegs widen each of them."""

    def __init__(self, tables: tuple[str, ...] = ("ecb_day",), pegs: tuple[Peg, ...] = ()) -> None:
        self._tables = tables
        self._pegs = pegs

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        """One unit of `base` in `quote` on `day`."""
        if base == quote:
            return ExchangeRate(base, quote, Decimal(1), day, "same", official=True)
        for peg in self._pegs:
            if {base, quote} == {peg.base, peg.quote}:
                value = peg.value if base == peg.base else 1 / peg.value
                return ExchangeRate(base, quote, value, day, "peg", figures=(peg.figure,))
        for table in self._tables:
            if found := self._from_table(table, base, quote, day):
                return found
        return None

    def _from_table(self, table: str, base: str, quote: str, day: date) -> ExchangeRate | None:
        wanted = _day_of_month_rate(day) if table == "ecb_month" else day
        sides = [self._euros(currency, wanted) for currency in (base, quote)]
        if any(side is None for side in sides):
            return None
        (of_base, day_base, pegs_base), (of_quote, day_quote, pegs_quote) = sides  # type: ignore[misc]
        published = min(day_base, day_quote)
        if wanted - published > OLDEST or (table == "ecb_month" and published != wanted):
            return None  # a month's rate is the rate of one day, not of the day before
        return ExchangeRate(
            base, quote, of_quote / of_base, published, table, table == "ecb_month", (*pegs_base, *pegs_quote), (ECB,)
        )

    def _euros(self, currency: str, day: date) -> tuple[Decimal, date, tuple[str, ...]] | None:
        """How much of `currency` one euro is, on which day, by which figures."""
        if found := _ecb(currency, day):
            return (*found, ())
        for peg in self._pegs:
            if currency in (peg.base, peg.quote):
                other, times = (peg.base, peg.value) if currency == peg.quote else (peg.quote, 1 / peg.value)
                if found := _ecb(other, day):
                    return found[0] * times, found[1], (peg.figure,)
        return None


def _day_of_month_rate(day: date) -> date:
    """The second-last Wednesday of the month before `day`: its rate holds for customs in the European Union the whole month."""
    last = day.replace(day=1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 2) % 7 + 7)


@cache
def _table():
    # Reading twenty-seven years of rates takes a tenth of a second: only when a sum needs one.
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


@cache
def _ecb(currency: str, day: date) -> tuple[Decimal, date] | None:
    """How much of `currency` one euro was on `day` or on the last day before it that has a rate, and which day that was."""
    if currency == _EURO:
        return Decimal(1), min(day, last_day())
    from currency_converter import RateNotFoundError

    table = _table()
    if currency not in table.currencies:
        return None
    first, last = table.bounds[currency]
    found = min(day, last)
    while found >= first:
        try:
            return table.convert(1, _EURO, currency, found), found
        except RateNotFoundError:  # a weekend, a holiday, or a day without a rate of this currency
            found -= timedelta(days=1)
            if day - found > OLDEST:
                return None
    return None


def last_day() -> date:
    """The last day of the table that is shipped."""
    return _table().bounds[_EURO].last_date
