"""A catalogue of typical sums (sample_sums.yml), reckoned with the figures before and after a change, to see which of them it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge_base.model import Pack
from knowledge_base.packs import read_yaml
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.basket import Basket, Good, Money, Traveller
from knowledge_base.rules.cash import CashCase, Held, check_cash
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.exchange import ExchangeRate
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Sum

FILE = Path(__file__).with_name("sample_sums.yml")
Kind = Literal["allowance", "duty", "cash"]
# What a sum says, each under the codes of what it is about: ("beer", "limit") → "42 L". An amount that is not known reads "unknown".
Outcome = dict[tuple[str, ...], str]


@dataclass(frozen=True)
class SampleSum:
    """One sum of the catalogue; `facts` are those of the file."""

    id: str
    administration: str
    title: str
    kind: Kind
    facts: dict[str, Any]


@dataclass(frozen=True)
class SumLine:
    """Something that a sum says otherwise than before; None: it does not say that at all."""

    about: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SumMove:
    """A sum of the catalogue that a change moves, with all that it says otherwise."""

    sum: SampleSum
    lines: tuple[SumLine, ...]


class _FixedRates:
    """The rates of the catalogue; every other pair has none."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        value = _file()["exchange"].get(f"{base} {quote}")
        return ExchangeRate(base, quote, Decimal(str(value)), day, "ecb_day") if value else None


@cache
def _file() -> dict[str, Any]:
    return read_yaml(FILE)


@cache
def catalogue() -> tuple[SampleSum, ...]:
    """All sums of the catalogue."""
    found = []
    for item in _file()["sums"]:
        (kind,) = {"allowance", "duty", "cash"} & item.keys()
        found.append(SampleSum(item["id"], item["administration"], item["title"], kind, item[kind]))
    return tuple(found)


def sum_moves(before: Pack, after: Pack, day: date) -> Iterator[SumMove]:
    """Every sum of the catalogue that comes out otherwise on `day` by the pack `after` than by `before`."""
    for sample in catalogue():
        if sample.administration != before.administration.id or _rules_of(sample.kind) not in before.rules:
            continue
        old, new = reckon(sample, before, day), reckon(sample, after, day)
        lines = [
            SumLine(about, old.get(about), new.get(about))
            for about in {**old, **new}
            if old.get(about) != new.get(about)
        ]
        if lines:
            yield SumMove(sample, tuple(lines))


def reckon(sample: SampleSum, pack: Pack, day: date) -> Outcome:
    """What the sum says by `pack` on `day`. Raises KeyError for a pack without such sums."""
    book = FigureBook(pack.figures, day)
    reckoned = {"allowance": _allowance, "duty": _duty, "cash": _cash}[sample.kind]
    return reckoned(sample.facts, pack, book, day)


def _rules_of(kind: Kind) -> str:
    return {"allowance": "allowances", "duty": "duties", "cash": "cash"}[kind]


def _allowance(facts: dict[str, Any], pack: Pack, book: FigureBook, day: date) -> Outcome:
    goods = tuple(Good(id=f"g{number}", **_with_money(each)) for number, each in enumerate(facts["goods"], 1))
    basket = Basket(goods=goods, traveller=Traveller.model_validate(facts["who"]), day=day)
    excise = pack.rules["duties"].excise if "duties" in pack.rules else None
    result = check_allowance(pack.rules["allowances"], book, basket, _FixedRates(), excise)
    said: Outcome = {("verdict",): result.verdict, ("to_pay",): _money(result.total)}
    for pool in result.pools:
        if pool.goods:
            said[pool.id, "verdict"] = pool.verdict
            for part in pool.parts:
                if part.used != 0:
                    said[(pool.id, *part.kinds[:1], "limit")] = _quantity(part.limit, part.unit)
                    said[(pool.id, *part.kinds[:1], "left")] = _quantity(part.left, part.unit)
    for each in result.sums:
        said |= _rows((), each)
    return said | {("to_tell", finding.code): "yes" for finding in result.findings}


def _duty(facts: dict[str, Any], pack: Pack, book: FigureBook, day: date) -> Outcome:
    lines = tuple(
        ConsignmentLine(id=f"g{number}", **_with_money(each)) for number, each in enumerate(facts["goods"], 1)
    )
    consignment = Consignment(lines=lines, day=day, **_with_money(facts["facts"]))
    result = estimate_duty(pack.rules["duties"], book, _FixedRates(), consignment)
    said: Outcome = {}
    for option in result.options:
        said[option.code, "to_pay"] = _money(option.total)
        said |= _rows((option.code,), option.sum)
    return said | {("to_tell", finding.code): "yes" for finding in result.findings}


def _cash(facts: dict[str, Any], pack: Pack, book: FigureBook, day: date) -> Outcome:
    held = tuple(Held(**_with_money(each)) for each in facts["held"])
    result = check_cash(pack.rules["cash"], book, CashCase(held=held, **facts["facts"]), exchange=_FixedRates())
    return {
        ("verdict",): result.verdict or "unknown",
        ("threshold",): _money(result.threshold),
        ("counted",): _money(result.counted),
    }


def _rows(about: tuple[str, ...], total: Sum) -> Outcome:
    """The rows of a sum, those of one kind on the same goods added up."""
    amounts: dict[tuple[str, ...], Decimal | None] = {}
    for row in total.rows:
        key = (*about, row.kind)
        before = amounts.get(key, Decimal(0))
        amounts[key] = None if before is None or row.amount is None else before + row.amount.amount
    return {key: "unknown" if amount is None else f"{amount:,.2f} {total.currency}" for key, amount in amounts.items()}


def _with_money(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with its amounts ("391 GBP") as money."""
    names = {"value", "money", "freight", "insurance", "most"}
    amounts = {name: text.split() for name, text in data.items() if name in names and isinstance(text, str)}
    return data | {
        name: Money(amount=Decimal(amount), currency=currency) for name, (amount, currency) in amounts.items()
    }


def _money(money: Money | None) -> str:
    return "unknown" if money is None else f"{money.amount:,.2f} {money.currency}"


def _quantity(quantity: Decimal | None, unit: str) -> str:
    return "unknown" if quantity is None else f"{round(quantity, 4).normalize():,f} {unit}"
