"""Short ways to write baskets and to count them against the real packs, for the tests of allowances."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from customs.settings import ROOT
from knowledge_base.model import Pack
from knowledge_base.packs import read_pack
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.allowance_result import AllowanceResult
from knowledge_base.rules.basket import Basket, Good, Money, Traveller
from knowledge_base.rules.exchange import ExchangeRate
from knowledge_base.rules.figure_book import FigureBook

DAY = date(2026, 11, 22)
ADMINISTRATIONS = ("gb", "eu", "us", "ae")
# Facts with which nothing is left to ask but about goods.
SETTLED: dict[str, dict[str, Any]] = {
    "gb": {"age": 30, "arriving_from": "US", "arriving_in": "GB", "by": "air"},
    "eu": {"age": 30, "arriving_from": "US", "arriving_in": "FR", "by": "air"},
    "us": {"age": 30, "arriving_from": "FR", "resident": True, "away_hours": 200, "days_since_last": 90},
    "ae": {"age": 30, "arriving_in": "AE-DU"},
}


class HalfRate:
    """Every currency is worth half of every other."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        return None if base == "XAU" else ExchangeRate(base, quote, Decimal("0.5"), day, "test", sources=("a-test",))


@cache
def pack(administration: str) -> Pack:
    """The pack that is served."""
    return read_pack(ROOT / "knowledge_base" / "content" / administration)


def good(text: str, name: str = "g1", **more: Any) -> Good:
    """A line: "2 L spirits", "200 cigarettes", "1 other 500 GBP", "spirits" of which nobody said how much."""
    words = text.split()
    data: dict[str, Any] = {}
    if words[0][0].isdigit():
        data["quantity"] = Decimal(words.pop(0))
        data["unit"] = words.pop(0) if words[0] in ("L", "g") else "each"
    kind = words.pop(0)
    if words:
        data["value"] = Money(amount=Decimal(words[0]), currency=words[1])
    return Good(id=name, kind=None if kind == "?" else kind, said=text, **data, **more)


def basket(*goods: str | Good, **facts: Any) -> Basket:
    """The lines are named g1, g2 and so on unless they are goods already."""
    lines = tuple(each if isinstance(each, Good) else good(each, f"g{place}") for place, each in enumerate(goods, 1))
    return Basket(goods=lines, traveller=Traveller(**facts))


def count(
    administration: str, *goods: str | Good, exchange: Any = None, day: date = DAY, **facts: Any
) -> AllowanceResult:
    """What the goods come to, with excise by the pack's own table."""
    return count_basket(administration, basket(*goods, **facts), exchange, day)


def count_basket(administration: str, bag: Basket, exchange: Any = None, day: date = DAY) -> AllowanceResult:
    """What a basket comes to."""
    mine = pack(administration)
    return check_allowance(
        mine.rules["allowances"], FigureBook(mine.figures, day), bag, exchange, mine.rules["duties"].excise
    )


def pounds(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="GBP")
