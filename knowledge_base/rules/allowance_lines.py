"""The lines of a basket as allowances count them: kind, amount in the kind's own unit, value in the administration's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from knowledge_base.goods.tree import tree
from knowledge_base.rules.basket import Good, Money
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.measures import factor
from knowledge_base.rules.results import Finding

CHILD = "child"  # Good.carried_by of somebody who is no adult


@dataclass(frozen=True)
class Line:
    """A line that can be counted.

    `quantity` is in the unit of `kind`, `value` in the currency of the sum, `strength` in per cent; None is unknown. `pieces` is how
    many single things the value is made of.
    """

    id: str
    kind: str
    unit: str
    quantity: Fraction | None
    value: Fraction | None
    strength: Decimal | None
    pieces: int
    made_in: str | None
    bought_in: str | None
    carrier: str | None


class Reader:
    """Makes lines of goods. `facts` answers "g2.strength" and the like for what a good does not say; `day` is the day of exchange rates."""

    def __init__(self, facts: Mapping[str, Any], currency: str, exchange: Exchange | None, day: date) -> None:
        self._facts, self._currency, self._exchange, self._day = facts, currency, exchange, day
        self.findings: list[Finding] = []

    def read(self, good: Good) -> Line | None:
        """The line of `good`, None with a finding when nobody knows what it is."""
        kind = tree().get(good.kind or "")
        if kind is None:
            self.findings.append(Finding("not_a_known_kind", {"said": good.said or good.description or ""}, (good.id,)))
            return None
        if kind.usual:
            kind = tree()[kind.usual]
        return Line(
            good.id, kind.id, kind.unit, self._quantity(good, kind.unit), self._value(good),
            good.strength if good.strength is not None else kind.strength, _pieces(good),
            good.made_in, good.bought_in, good.carried_by,
        )  # fmt: skip

    def strength(self, line: Line) -> Decimal | None:
        """The strength of a drink, asked for only here: most limits do not look at it."""
        return line.strength if line.strength is not None else self._facts[f"{line.id}.strength"]

    def quantity(self, line: Line) -> Fraction | None:
        """The quantity, asked for only here: a pool of value does not look at it."""
        return line.quantity if line.quantity is not None else _fraction(self._facts[f"{line.id}.quantity"])

    def value(self, line: Line) -> Fraction | None:
        """The value, asked for only here: a pool of litres does not look at it."""
        return line.value if line.value is not None else _fraction(self._facts[f"{line.id}.value"])

    def _quantity(self, good: Good, unit: str) -> Fraction | None:
        if good.quantity is None:
            return None
        # A bare number counts pieces; whether "2" of a drink is litres nobody can tell.
        times = factor(good.unit or "each", unit)
        if times is None:
            self.findings.append(
                Finding("unit_does_not_fit", {"unit": good.unit or "each", "wanted": unit}, (good.id,))
            )
            return None
        return Fraction(good.quantity) * Fraction(times)

    def _value(self, good: Good) -> Fraction | None:
        if good.value is None:
            return None
        amount = in_currency(good.value, self._currency, self._exchange, self._day)
        if amount is None:
            values = {"from": good.value.currency, "to": self._currency}
            self.findings.append(Finding("exchange_rate_missing", values, (good.id,)))
        return amount


def in_currency(money: Money, currency: str, exchange: Exchange | None, day: date) -> Fraction | None:
    """The amount in `currency`, None when there is no rate for the day."""
    if money.currency == currency:
        return Fraction(money.amount)
    rate = exchange.rate(money.currency, currency, day) if exchange else None
    return None if rate is None else Fraction(money.amount) * Fraction(rate.value)


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _pieces(good: Good) -> int:
    """Single things that the value is made of: only goods counted in whole pieces have more than one."""
    whole = good.unit in (None, "each") and good.quantity is not None and good.quantity == int(good.quantity)
    return max(1, int(good.quantity)) if whole and good.quantity is not None else 1
