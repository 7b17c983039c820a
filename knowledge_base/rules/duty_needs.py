"""Which facts of a consignment are missing and matter: each is tried at the values that it can take, in a few whole consignments.

`needs.py` follows every fact that a sum reads through all of its branches, which numbers of many lines would make too many; here each
fact is tried by itself in consignments that differ as much as real ones do (a present, an order, freight).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from knowledge_base.model import country_groups
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.customs_value import Portion
from knowledge_base.rules.duty_charge import measured
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import GoodsRate
from knowledge_base.rules.duty_reliefs import name_in, pool_measure
from knowledge_base.rules.duty_result import DutyOption, DutyResult
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Row, Sum

# In the order in which a person expects to be asked.
_OF_LINE = ("good", "value", "quantity", "weight", "strength", "origin")
_CHARGED = {"duty", "additional_duty", "excise", "vat", "vat_at_sale", "fee"}
_ELSEWHERE = "ZZ"  # ISO 3166 keeps it for users: a country of no group
_LINES_TRIED = 12  # of a longer consignment the facts of the further lines are asked for when they are read

Values = dict[str, tuple[object, ...]]


def needed(
    rules: DutyRules, book: FigureBook, consignment: Consignment, sum_up: Callable[[Consignment], DutyResult]
) -> tuple[tuple[str, ...], list[DutyResult]]:
    """The missing facts that change the result, in the order to ask for them, and the results that are possible."""
    possible_values = _values(rules, book, consignment)
    if not possible_values:
        return (), []
    needs, results = [], []
    unknown = sum_up(consignment)
    for name, values in possible_values.items():
        if name.endswith(".good"):  # what it is decides all the rest
            needs.append(name)
            continue
        for number in range(3):
            world = {other: _at(tried, number) for other, tried in possible_values.items()}
            tried = [sum_up(_filled(consignment, {**world, name: value})) for value in dict.fromkeys(values)]
            results += tried
            if len({_essence(result) for result in tried}) > 1 or (name.endswith(".value") and _moved(unknown, tried)):
                needs.append(name)
                break
    return tuple(needs), results


def _moved(unknown: DutyResult, tried: list[DutyResult]) -> bool:
    """Does a charge come out otherwise as soon as a price is known? What presents cost together hangs on the price of each."""
    for option in unknown.options:
        others = [dict(_keyed(other)) for each in tried if (other := each.option(option.code))]
        for key, row in _keyed(option):
            if row.kind in _CHARGED and row.amount is not None:
                if any(key in other and other[key].amount != row.amount for other in others):
                    return True
    return False


def certain(result: DutyResult, needs: tuple[str, ...], possible: list[DutyResult]) -> DutyResult:
    """`result` with its needs; rows that come out otherwise, or not at all, once they are known lose their amount (`depends`)."""
    if not needs:
        return result
    options = []
    for option in result.options:
        others = [dict(_keyed(other)) for each in possible if (other := each.option(option.code))]
        rows = tuple(
            row if row.amount is None or all(key in other and other[key].amount == row.amount for other in others)
            else replace(row, amount=None, why="depends")
            for key, row in _keyed(option)
        )  # fmt: skip
        options.append(replace(option, sum=Sum(rows, option.sum.currency)))
    return replace(result, needs=needs, options=tuple(options))


def _keyed(option: DutyOption) -> Iterator[tuple[object, Row]]:
    """Rows with what they are about; of several rows about the same, the number tells them apart."""
    count: dict[object, int] = {}
    for row in option.sum.rows:
        about = ("vat" if row.kind == "vat_at_sale" else row.kind, row.goods)
        count[about] = count.get(about, 0) + 1
        yield (*about, count[about]), row


def _essence(result: DutyResult) -> object:
    """What makes a difference: the ways and what is charged in each, or why there are none."""
    ways = tuple(
        (option.code, tuple((row.kind, row.goods, row.amount) for row in option.sum.rows if row.kind in _CHARGED))
        for option in result.options
    )
    return ways or tuple(finding.code for finding in result.findings)


def _at(values: tuple[object, ...], number: int) -> object:
    return values[number % len(values)]


def _values(rules: DutyRules, book: FigureBook, consignment: Consignment) -> Values:
    """The values that each missing fact can take, in the order of asking; the three consignments are made of them in turn."""
    found: Values = {}
    for line in consignment.lines[:_LINES_TRIED]:
        for name, values in _line_values(rules, book, line).items():
            found[f"{line.id}.{name}"] = values
    of_all: Values = {
        "sent_from": (_ELSEWHERE, *_examples(place for relief in rules.reliefs for place in relief.when.sent_from)),
        "destination": _destinations(rules),
        "channel": ("post", "online", "freight", "courier", "traveller"),
        "importer": ("person", "person", "business"),
        "sender": ("private", "business", "business"),
        "gift": (True, False, False),
        "freight": tuple(Money(amount=Decimal(amount), currency=rules.currency) for amount in (10, 40, 0)),
        "seller_registered": (False, True, False),
    }
    if any(len(country_groups().get(place, ())) > 1 for place in rules.inside):
        of_all["sent_from"] += _examples(rules.inside)  # a shop in another state of it: nothing is imported
    for name, values in of_all.items():
        if getattr(consignment, name) is None and len(values) > 1:
            found[name] = values
    return found


def _line_values(rules: DutyRules, book: FigureBook, line: ConsignmentLine) -> Values:
    """What missing facts of a line can be, as far as the rates of its goods look at them; of goods without a name, all but measures."""
    rate = rules.rate_of(line.good)
    origins = [place for part in (*rules.additional, *rules.preferences) for place in part.origins]
    found: Values = {}
    if line.good is None:
        found["good"] = tuple(each.good for each in rules.goods[:2])
    if line.value is None:
        found["value"] = tuple(Money(amount=Decimal(value), currency=rules.currency) for value in (20, 120, 5000))
    for measure in _measures(rules, book, rate):
        unit = measure.removesuffix(" pure alcohol")
        amounts = tuple(Decimal(number) for number in (("0.02" if unit in ("kg", "L") else 1), 20, 300))
        if measured(Portion(line, None, None), unit)[0] is not None:
            pass
        elif unit == "kg":
            found["weight"] = amounts
        else:  # a quantity that was said in another unit helps as little as none
            found["quantity"] = tuple((amount, unit) for amount in amounts)
    if line.strength is None and rate and rate.excise and _goes_by_strength(rules, rate.excise):
        found["strength"] = (Decimal(12), Decimal(40))
    if line.origin is None and origins:
        found["origin"] = (_ELSEWHERE, *_examples(origins))
    return {name: found[name] for name in _OF_LINE if name in found}


def _measures(rules: DutyRules, book: FigureBook, rate: GoodsRate | None) -> set[str]:
    """What the rates of goods count: kilograms, litres, pieces."""
    if rate is None:
        return set()
    parts = [part for parts in (rate.duty or (), *rate.preference.values()) for part in parts]
    found = {each.per for part in parts for each in (part, part.min, part.max) if each is not None}
    found |= {part.per for part in rules.excise[rate.excise]} if rate.excise else set()
    for pool in (pool for relief in rules.reliefs for pool in relief.pools):
        if name := name_in(pool, rate):
            found.add(pool_measure(book, pool[name]))
    return {str(measure) for measure in found} - {"None", "value", "retail"}


def _goes_by_strength(rules: DutyRules, excise: str) -> bool:
    return any(
        part.per == "L pure alcohol" or part.at_least or part.above or part.below or part.at_most
        for part in rules.excise[excise]
    )


def _examples(places: object) -> tuple[str, ...]:
    """One country of each of `places`, and none twice."""
    return tuple(dict.fromkeys(country_groups().get(place, (place,))[0] for place in places))  # type: ignore


def _destinations(rules: DutyRules) -> tuple[str, ...]:
    """States that tax at the lowest and at the highest rate, and one between."""
    if rules.tax is None or not rules.tax.states:
        return ()
    states = sorted(rules.tax.states, key=lambda state: rules.tax.states[state].rates.get("standard", Decimal(0)))  # type: ignore
    return tuple(dict.fromkeys((states[0], states[-1], states[len(states) // 2])))


def _filled(consignment: Consignment, facts: dict[str, object]) -> Consignment:
    """`consignment` with facts that nobody said."""
    of_lines: dict[str, dict[str, object]] = {}
    of_all: dict[str, object] = {}
    for name, value in facts.items():
        line, dot, fact = name.rpartition(".")
        if fact == "quantity" and isinstance(value, tuple):
            of_lines.setdefault(line, {}).update(quantity=value[0], unit=value[1])
        elif dot:
            of_lines.setdefault(line, {})[fact] = value
        else:
            of_all[fact] = value
    lines = tuple(
        line.model_copy(update=of_lines[line.id]) if line.id in of_lines else line for line in consignment.lines
    )
    return consignment.model_copy(update={**of_all, "lines": lines})
