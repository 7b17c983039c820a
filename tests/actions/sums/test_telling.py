"""What replies of all sums are made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from actions.sums.telling import rate_notices, written_rate
from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Rate, Row

SPANISH = SimpleNamespace(language="es")
DAY = date(2026, 10, 30)


def row(kind: str, base: str, currency: str, rate: Rate, to: str) -> Row:
    amount = (Decimal(base) * rate.value).quantize(Decimal("0.01"))
    return Row(kind, Money(amount=amount, currency=to), Money(amount=Decimal(base), currency=currency), rate, as_of=DAY)


def test_only_an_exchange_is_told_as_one() -> None:
    rows = [
        row("duty", "500", "EUR", Rate(Decimal(0)), "EUR"),
        row("exchange", "3.10", "USD", Rate(Decimal("0.74634"), "GBP"), "GBP"),
    ]
    (told,) = rate_notices(SPANISH, rows, "gb")
    assert "1 USD = 0,7463 GBP" in told["text"], "the table's own rate, not one of rounded amounts"


def test_a_rate_is_written_like_the_amounts_beside_it() -> None:
    assert written_rate(SPANISH, Decimal("1.1168"), "us") == "1.117"
    assert written_rate(SPANISH, Decimal("1.1168"), "eu") == "1,117"
