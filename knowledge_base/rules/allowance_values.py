"""What a fact that nobody said can be, as far as the rules tell its values apart. The usual value comes first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

from knowledge_base.model import country_groups
from knowledge_base.rules.allowance_data import AllowanceRules
from knowledge_base.rules.allowance_when import UNITS, Test, belongs
from knowledge_base.rules.basket import Means
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import in_unit

# Next to nothing, and more than any allowance: a sum that is the same with both does not depend on the amount.
_EXTREMES = (Decimal("0.01"), Decimal(10) ** 7)
# A country that no rule names: the first of these that is outside all of them.
_ELSEWHERE = ("JP", "BR", "ZA", "NZ", "PE", "KE")


def possible_values(rules: AllowanceRules, book: FigureBook, name: str) -> Sequence[Any]:
    """Every value of `name` that the rules name, on both sides of each border; one value, or none, when it is not to be asked."""
    good, _, fact = name.rpartition(".")
    if good:
        return _of_good(rules, book, fact)
    rule = rules.facts.get(name)  # type: ignore[call-overload]
    usual = rule.usual if rule else None
    if rule and not rule.asked:
        return (usual,)
    values = _candidates(_tests(rules, name), book, name)
    if usual is not None and values:
        values = [usual, *(value for value in values if value != usual)]
    return tuple(values)


def telling_values(rules: AllowanceRules, book: FigureBook, name: str) -> Sequence[Any]:
    """The possible values less those that the rules do not tell from an earlier one: enough to try what a fact changes."""
    values, tests = possible_values(rules, book, name), _tests(rules, name)
    sorts: dict[tuple[bool, ...], Any] = {}
    for value in values if tests else ():
        sorts.setdefault(tuple(test.holds(name, value, book) for test in tests), value)
    return tuple(sorts.values()) if sorts else values


def usual_values(rules: AllowanceRules, book: FigureBook, name: str) -> Sequence[Any]:
    """The one value at which a fact is taken while nobody asked; none for facts of goods: these stay unknown."""
    if "." in name:
        return ()
    rule = rules.facts.get(name)  # type: ignore[call-overload]
    return (rule.usual,) if rule and rule.usual is not None else possible_values(rules, book, name)[:1]


def _tests(rules: AllowanceRules, name: str) -> list[Test]:
    tests = list(rules.tests.get(name, ()))  # type: ignore[call-overload]
    return tests + ([Test(at_least=figure) for figure in sorted(rules.ages())] if name == "age" else [])


def _of_good(rules: AllowanceRules, book: FigureBook, fact: str) -> Sequence[Any]:
    if fact != "strength":
        return _EXTREMES
    borders = {
        limit.stronger_than for allowance in rules.allowances for pool in allowance.pools for limit in pool.limits
    }
    numbers = sorted(number for name in borders if name and (number := in_unit(book, name, "percent")) is not None)
    return (*numbers, numbers[-1] + 1) if numbers else ()


def _candidates(tests: list[Test], book: FigureBook, name: str) -> list[Any]:
    if name in UNITS:
        borders = {test.at_least or test.below for test in tests}
        numbers = {
            number for border in borders if border and (number := in_unit(book, border, UNITS[name])) is not None
        }
        return sorted({value for number in numbers for value in (number, number - 1)}, reverse=True)
    if any(test.truth is not None for test in tests):
        return [False, True]
    names = list(dict.fromkeys(each for test in tests for each in (*test.among, *test.excluded)))
    if not names:
        return []
    if name in ("arriving_from", "arriving_in"):
        groups = country_groups()
        places = [_one_of(group, names) if group in groups else group for group in names]
        # Where one arrives is a place of this administration; where one comes from can be anywhere.
        other = (
            [next(place for place in _ELSEWHERE if not belongs(place, tuple(names)))] if name == "arriving_from" else []
        )
        return [*dict.fromkeys([*places, *other])]
    return [*names, *(way for way in get_args(Means) if name == "by" and way not in names)]


def _one_of(group: str, names: list[str]) -> str:
    """A country of the group that no name of the rules picks out."""
    return next((country for country in country_groups()[group] if country not in names), group)
