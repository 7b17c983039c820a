"""Traveller allowances against cases worked out by hand from the pages that they name (allowance_cases.yml)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.packs import read_pack
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.allowance_result import AllowanceResult, PoolResult
from knowledge_base.rules.basket import Basket, Good, Money, Traveller
from knowledge_base.rules.figure_book import FigureBook

DAY = date(2026, 11, 22)
CASES = yaml.load(Path(__file__).with_name("allowance_cases.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
CONTENT = Path(__file__).parents[3] / "knowledge_base" / "content"


@cache
def pack(administration: str):
    return read_pack(CONTENT / administration)


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


def good(number: int, data: dict[str, Any]) -> Good:
    value = {"value": money(data["value"])} if "value" in data else {}
    return Good(id=f"g{number}", **(data | value))


def reckon(case: dict[str, Any]) -> tuple[AllowanceResult, dict[str, Good]]:
    mine = pack(case["administration"])
    goods = tuple(good(number, data) for number, data in enumerate(case["goods"], 1))
    basket = Basket(goods=goods, traveller=Traveller.model_validate(case["who"]), day=DAY)
    result = check_allowance(mine.rules["allowances"], FigureBook(mine.figures, DAY), basket)
    return result, {each.id: each for each in goods}


def pools_of(result: AllowanceResult, kind: str, goods: dict[str, Good]) -> list[PoolResult]:
    return [pool for pool in result.pools if any(goods[name].kind == kind for name in pool.goods)]


def quantity_over(pool: PoolResult, kind: str, goods: dict[str, Good]) -> Decimal:
    """Of `kind`, what is charged or taken in a pool that is over."""
    lines = sum((goods[name].quantity for name in pool.goods if goods[name].kind == kind), Decimal(0))
    if pool.share is None or pool.consequence in {"whole", "spoils"}:
        return lines
    assert {goods[name].kind for name in pool.goods} == {kind}, "an excess of several kinds is no quantity of one"
    return lines - lines / pool.share


def charged(result: AllowanceResult, goods: dict[str, Good], field: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for pool in result.pools:
        for kind in {goods[name].kind for name in getattr(pool, field) if goods[name].quantity is not None}:
            found[kind] = max(found.get(kind, Decimal(0)), quantity_over(pool, kind, goods))
    return found


def value_charged(result: AllowanceResult, goods: dict[str, Good]) -> Money:
    pools = [pool for pool in result.pools if pool.charged]
    (pool,) = [pool for pool in pools if not pool.parts or pool.parts[0].unit == result.currency]
    lines = sum((goods[name].value.amount for name in pool.charged), Decimal(0))
    if pool.consequence == "excess":
        (part,) = pool.parts
        lines = part.used - part.limit
    return Money(amount=lines, currency=result.currency)


def barred(result: AllowanceResult, goods: dict[str, Good]) -> set[str]:
    lines = {name for pool in result.pools if pool.verdict == "not_allowed" for name in pool.goods}
    lines |= {name for finding in result.found("prohibited") for name in finding.goods}
    return {goods[name].kind for name in lines}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    result, goods = reckon(case)
    expect = dict(case["expect"])
    if expect.pop("free", None):
        assert result.verdict in {"within", "at_limit"}
        assert result.total == Money(amount=Decimal(0), currency=result.currency)
    if (lines := expect.pop("charged", None)) is not None:
        wanted = {kind: Decimal(quantity) for kind, quantity in lines.items()}
        assert charged(result, goods, "charged") == pytest.approx(wanted, abs=Decimal("0.000001"))
        assert wanted or not any(pool.charged for pool in result.pools)
    if lines := expect.pop("seized", None):
        wanted = {kind: Decimal(quantity) for kind, quantity in lines.items()}
        assert charged(result, goods, "taken") == pytest.approx(wanted, abs=Decimal("0.000001"))
    if amount := expect.pop("charged_value", None):
        assert value_charged(result, goods) == money(amount)
    for kind, share in expect.pop("share", {}).items():
        assert max(pool.share for pool in pools_of(result, kind, goods)) == pytest.approx(
            Decimal(share), abs=Decimal("1e-9")
        )
    for kind, left in expect.pop("left", {}).items():
        parts = [part for pool in pools_of(result, kind, goods) for part in pool.parts if kind in part.kinds]
        assert [part.left for part in parts] == [Decimal(left)]
    for kind in expect.pop("over", []):
        assert "over" in {pool.verdict for pool in pools_of(result, kind, goods)}
    if (kinds := expect.pop("not_allowed", None)) is not None:
        assert barred(result, goods) == set(kinds)
    if amount := expect.pop("total", None):
        assert result.total == money(amount)
    if expect.pop("unknown_total", None):
        assert result.total is None
    if row := expect.pop("row", None):
        amounts = [each.amount for sums in result.sums for each in sums.rows if each.kind == row["kind"]]
        assert money(row["amount"]) in amounts
    for code in expect.pop("found", []):
        assert result.found(code)
    for fact in expect.pop("needs", []):
        assert fact in result.needs
    for fact in expect.pop("needs_not", []):
        assert fact not in result.needs
    assert not expect, f"the case expects something that is not looked at: {expect}"


def test_there_are_cases_enough_of_every_administration():
    assert len(CASES) >= 120
    assert {case["administration"] for case in CASES} == {"ae", "eu", "gb", "us"}
