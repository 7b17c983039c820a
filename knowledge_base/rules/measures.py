"""Figures in the unit that a sum counts in. The units themselves are pint's."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

import pint

from knowledge_base.rules.figure_book import FigureBook

ZERO, ONE = Fraction(0), Fraction(1)


@cache
def _registry() -> pint.UnitRegistry:
    return pint.UnitRegistry(non_int_type=Decimal)


@cache
def factor(unit: str, wanted: str) -> Decimal | None:
    """What one `unit` is in `wanted` ("kg" in "g" is 1000); None where the one does not measure what the other does."""
    if unit == wanted:
        return Decimal(1)
    names = {"each": "count", "working_day": "day"}
    try:
        return _registry().Quantity(Decimal(1), names.get(unit, unit)).to(names.get(wanted, wanted)).magnitude
    except (pint.DimensionalityError, pint.UndefinedUnitError):
        return None


def in_unit(book: FigureBook, figure: str, wanted: str) -> Decimal | None:
    """The figure's number in the unit `wanted`, None when it is not known or measures something else."""
    value, unit = book.number(figure), book[figure].unit
    times = factor(unit, wanted) if unit else None
    return None if value is None or times is None else value * times


def decimal(number: Fraction | None) -> Decimal | None:
    """A fraction as a decimal number of 28 digits."""
    return None if number is None else Decimal(number.numerator) / Decimal(number.denominator)
