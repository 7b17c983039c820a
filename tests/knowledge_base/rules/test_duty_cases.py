"""Import duty and tax against cases worked out by hand from the pages that they name (duty_cases.yml)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.packs import read_pack
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.duty_result import DutyOption, DutyResult
from knowledge_base.rules.exchange import ExchangeRate
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Row

DAY = date(2026, 11, 22)
FILE = yaml.safe_load(Path(__file__).with_name("duty_cases.yml").read_text(encoding="utf-8"))
CONTENT = Path(__file__).parents[3] / "knowledge_base" / "content"
WAYS = ("standard", "preference", "flat_rate")
CHARGES = {"duty", "additional_duty", "excise", "vat", "vat_at_sale", "fee"}


class Table:
    """The rates of exchange that the file gives; every other pair has none."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        value = FILE["exchange"].get(f"{base} {quote}")
        return ExchangeRate(base, quote, Decimal(str(value)), day, "ecb_day") if value else None


@cache
def pack(administration: str):
    return read_pack(CONTENT / administration)


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


def line(number: int, data: dict[str, Any]) -> ConsignmentLine:
    numbers = {name: Decimal(str(data[name])) for name in ("quantity", "weight", "strength") if name in data}
    return ConsignmentLine(id=f"g{number}", **(data | numbers | {"value": money(data["value"])}))


def reckon(case: dict[str, Any]) -> DutyResult:
    mine = pack(case["administration"])
    rules, day = mine.rules["duties"], case.get("day", DAY)
    usual = {"freight": f"0 {rules.currency}", "destination": "DE" if case["administration"] == "eu" else None}
    facts = usual | FILE["ways"][case["way"]] | case.get("facts", {})
    facts |= {name: money(facts[name]) for name in ("freight", "insurance") if facts.get(name)}
    lines = tuple(line(number, data) for number, data in enumerate(case["goods"], 1))
    return estimate_duty(rules, FigureBook(mine.figures, day), Table(), Consignment(lines=lines, day=day, **facts))


def seen(rows: list[Row]) -> list[Decimal | str | None]:
    return [row.why if row.amount is None else row.amount.amount for row in rows]


def number(value: float | str) -> Decimal | str:
    return value if isinstance(value, str) else Decimal(str(value))


def compare(option: DutyOption, wanted: dict[str, Any]) -> None:
    """Every kind of row that the case names, and nothing due of the kinds that it does not name."""
    wanted = dict(wanted)
    total, on_arrival = wanted.pop("total"), wanted.pop("on_arrival", None)
    kinds = {"customs_value" if kind == "value" else kind: amounts for kind, amounts in wanted.items()}
    for kind in sorted(CHARGES | kinds.keys()):
        amounts = seen([row for row in option.sum.rows if row.kind == kind])
        expected = kinds.get(kind, 0)
        if isinstance(expected, list):
            assert amounts == [number(each) for each in expected], kind
        else:
            assert all(isinstance(each, Decimal) for each in amounts), (kind, amounts)
            assert sum(amounts, Decimal(0)) == number(expected), (kind, amounts)
    if total == "unknown":
        assert option.total is None
    else:
        assert option.total is not None and option.total.amount == number(total)
    if on_arrival is not None:
        assert option.on_arrival is not None and option.on_arrival.amount == number(on_arrival)


@pytest.mark.parametrize("case", FILE["cases"], ids=[case["id"] for case in FILE["cases"]])
def test_case(case):
    result = reckon(case)
    expect = dict(case["expect"])
    assert result.needs == tuple(expect.pop("needs", ()))
    codes = {finding.code for finding in result.findings}
    assert set(expect.pop("found", ())) <= codes
    assert not set(expect.pop("found_not", ())) & codes
    assert [option.code for option in result.options] == list(expect)
    for option in result.options:
        compare(option, expect[option.code])


def test_cases_name_what_is_looked_at():
    """A misspelt key would look at nothing."""
    for case in FILE["cases"]:
        assert case["why"] and case["way"] in FILE["ways"], case["id"]
        for way, wanted in case["expect"].items():
            if way in WAYS:
                assert wanted.keys() <= CHARGES | {"exchange", "value", "total", "on_arrival"}, case["id"]
            else:
                assert way in {"needs", "found", "found_not"}, case["id"]


def test_there_are_cases_enough_of_every_administration():
    ids = [case["id"] for case in FILE["cases"]]
    assert len(ids) == len(set(ids))
    counts = Counter(case["administration"] for case in FILE["cases"])
    assert sum(counts.values()) >= 124 and all(counts[name] >= 31 for name in ("ae", "eu", "gb", "us"))
