"""Sums of duty for tests: the rules of the real packs over goods of our own, so that no test hangs on the rate of a real good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from customs.settings import ROOT
from knowledge_base.packs import read_pack
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import GoodsRate
from knowledge_base.rules.duty_result import DutyResult
from knowledge_base.rules.exchange import ExchangeRate
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Row

DAY = date(2026, 11, 22)
PACKS = {name: read_pack(ROOT / "knowledge_base" / "content" / name) for name in ("gb", "eu", "us", "ae")}
RATES = {
    ("USD", "GBP"): "0.8",
    ("EUR", "GBP"): "0.9",
    ("USD", "EUR"): "0.9",
    ("GBP", "USD"): "1.25",
    ("USD", "AED"): "3.6725",
}


def _goods(currency: str) -> tuple[GoodsRate, ...]:
    def good(name: str, code: str, duty: list[dict[str, Any]] | None, **more: Any) -> GoodsRate:
        known = {"source": "a-test", "as_of": "2026-11-01", "status": "verified", "additional": []}
        return GoodsRate.model_validate({"good": name, "code": code, "duty": duty, **known, **more})

    each = {"currency": currency, "per": "each"}
    return (
        good("shirt", "6205 20 00", [{"percent": 12}], additional=["s301_low"] if currency == "USD" else []),
        good("blouse", "6206 30 00", [{"percent": 12}]),
        good("camera", "8525 89 00", [{"percent": 0}]),
        good("book", "4901 99 00", [{"percent": 0}], tax="zero"),
        good("nuts", "0802 12 00", [{"amount": 10, "currency": currency, "per": "kg", "quantity": 100}], tax="zero"),
        good("watch", "9102 11 00", [{"percent": 4.5, "min": {"amount": 0.3, **each}, "max": {"amount": 0.8, **each}}]),
        good("whisky", "2208 30 00", [{"percent": 0}], group="alcohol", excise="spirits"),
        good("red_wine", "2204 21 00", [{"amount": 20, "currency": currency, "per": "L", "quantity": 100}], group="alcohol", excise="still_wine"),
        good("smokes", "2402 20 00", [{"percent": 50}], group="tobacco", excise="cigarettes"),
        good("scent", "3303 00 00", [{"percent": 0}], group="perfume"),
        good("unread", "9503 00 00", None, status="unverified", additional=None),
        good("unlisted", "9504 50 00", [{"percent": 0}], additional=None),
    )  # fmt: skip


class Fixed:
    """Exchange rates that are plainly none of a real day; every other pair has none."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        value = RATES.get((base, quote))
        return ExchangeRate(base, quote, Decimal(value), day, "ecb_day", sources=("a-test",)) if value else None


def rules(administration: str) -> DutyRules:
    """The rules of a pack with the goods of the tests in place of its own."""
    real = PACKS[administration].rules["duties"]
    goods = tuple(
        good if good.excise in real.excise else good.model_copy(update={"excise": None})
        for good in _goods(real.currency)
    )
    return real.with_goods(goods)


RULES = {name: rules(name) for name in PACKS}


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


def line(text: str, number: int = 1, **facts: Any) -> ConsignmentLine:
    """`shirt 100 GBP`: a good, or - for none, and its price."""
    good, _, price = text.partition(" ")
    facts = {
        name: Decimal(str(value)) if name in ("quantity", "weight", "strength") else value
        for name, value in facts.items()
    }
    return ConsignmentLine(
        id=f"g{number}", good=None if good == "-" else good, value=money(price) if price else None, **facts
    )


def order(*lines: ConsignmentLine, **facts: Any) -> Consignment:
    """What a person ordered from a shop that took no tax, sent free by post from a country of no agreement."""
    usual: dict[str, Any] = {
        "channel": "post", "sender": "business", "importer": "person", "gift": False, "sent_from": "VN",
        "freight": "0 GBP", "seller_registered": False, "destination": None,
    }  # fmt: skip
    facts = usual | facts
    for name in ("freight", "insurance"):
        facts[name] = money(facts[name]) if isinstance(facts.get(name), str) else facts.get(name)
    numbered = tuple(each.model_copy(update={"id": f"g{number}"}) for number, each in enumerate(lines, 1))
    return Consignment(lines=numbered, **facts)


def present(*lines: ConsignmentLine, **facts: Any) -> Consignment:
    """What one private person sends another as a present."""
    return order(*lines, **({"sender": "private", "gift": True} | facts))


def duty(administration: str, consignment: Consignment, day: date = DAY, destination: str | None = "DE") -> DutyResult:
    """The result of the real rules; `destination` is that of EU consignments that have none."""
    if administration == "eu" and consignment.destination is None:
        consignment = consignment.model_copy(update={"destination": destination})
    book = FigureBook(PACKS[administration].figures, day)
    return estimate_duty(RULES[administration], book, Fixed(), consignment)


def rows(result: DutyResult, kind: str, option: int = 0) -> list[Row]:
    return [row for row in result.options[option].sum.rows if row.kind == kind]


def amount(result: DutyResult, kind: str, option: int = 0) -> Decimal | None:
    """The sum of the rows of a kind; None when one is not known."""
    found = [row.amount for row in rows(result, kind, option)]
    return None if None in found else sum((each.amount for each in found if each), Decimal(0))


def codes(result: DutyResult) -> list[str]:
    return [finding.code for finding in result.findings]
