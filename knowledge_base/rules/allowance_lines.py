"""The lines of a basket as allowances count them: kind, amount in the kind's own unit, value in the administration's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from knowledge_base.goods.tree import tree
from knowledge_base.rules.allowance_data import AllowanceRules
from knowledge_base.rules.basket import Good, Money
from knowledge_base.rules.customs_value import rounded
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.measures import decimal, factor
from knowledge_base.rules.results import Finding, Rate, Row

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

    def __init__(self, facts: Mapping[str, Any], rules: AllowanceRules, exchange: Exchange | None, day: date) -> None:
        self._facts, self._exchange, self._day = facts, exchange, day
        self._currency, self._rounding = rules.currency, rules.rounding
        self.findings: list[Finding] = []
        self.rows: list[Row] = []  # the prices that were exchanged

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
        if good.quantity is None or self._below_zero(good, good.quantity):
            return None
        # A bare number counts pieces; whether "2" of a drink is litres nobody can tell.
        times = factor(good.unit or "each", unit)
        if times is None:
            self.findings.append(
                Finding("unit_does_not_fit", {"unit": good.unit or "each", "wanted": unit}, (good.id,))
            )
            return None
        return Fraction(good.quantity) if times == 1 else Fraction(good.quantity) * Fraction(times)

    def _below_zero(self, good: Good, amount: Decimal) -> bool:
        if amount < 0:
            self.findings.append(Finding("amount_below_zero", {"amount": amount}, (good.id,)))
        return amount < 0

    def _value(self, good: Good) -> Fraction | None:
        if good.value is None or self._below_zero(good, good.value.amount):
            return None
        if good.value.currency == self._currency:
            return Fraction(good.value.amount)
        rate = self._exchange.rate(good.value.currency, self._currency, self._day) if self._exchange else None
        if rate is None:
            values = {"from": good.value.currency, "to": self._currency}
            self.findings.append(Finding("exchange_rate_missing", values, (good.id,)))
            return None
        amount = Fraction(good.value.amount) * Fraction(rate.value)
        shown = Money(amount=rounded(decimal(amount) or Decimal(0), self._rounding), currency=self._currency)
        self.rows.append(
            Row(
                "exchange",
                shown,
                good.value,
                Rate(rate.value, self._currency),
                (good.id,),
                rate.kind,
                None,
                rate.figures,
                rate.sources,
                rate.day,
            )  # fmt: skip
        )
        return amount


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _pieces(good: Good) -> int:
    """Single things that the value is made of: only goods counted in whole pieces have more than one."""
    whole = good.unit in (None, "each") and good.quantity is not None and good.quantity == int(good.quantity)
    return max(1, int(good.quantity)) if whole and good.quantity is not None else 1
