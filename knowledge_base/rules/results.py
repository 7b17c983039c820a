"""What a sum says: rows with their base, rate and legal basis. No wording; the actions put it into words of eight languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from knowledge_base.rules.basket import Money


@dataclass(frozen=True)
class Rate:
    """`value` per cent of the base, or `value` of `currency` for each `per_quantity` of `per_unit` ("L", "kg", "each", "L pure alcohol")."""

    value: Decimal
    currency: str | None = None
    per_unit: str | None = None
    per_quantity: Decimal = Decimal(1)


@dataclass(frozen=True)
class Row:
    """One row of a sum.

    `kind` says what it is (`customs_value`, `duty`, `additional_duty`, `excise`, `vat`, `fee`, `flat_rate`, `exchange` ...), `goods`
    the ids of the lines that it is about. `amount` is None when it is not known, and `why` then is the code of the reason: such
    a row stays in the sum, and the sum has no total. `figures` are the ids of the figures it rests on, `sources` of sources.
    """

    kind: str
    amount: Money | None
    base: Money | None = None
    rate: Rate | None = None
    goods: tuple[str, ...] = ()
    code: str | None = None  # a tariff heading, a kind of excise: what the row is about, beside its kind
    why: str | None = None
    figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True)
class Finding:
    """Something to tell, by code; `values` fill its sentence. `figures` and `sources` are ids."""

    code: str
    values: dict[str, str | int | Decimal | Money] = field(default_factory=dict)
    goods: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sum:
    """Rows of one currency and their total; None as soon as one row is not known."""

    rows: tuple[Row, ...]
    currency: str

    @property
    def total(self) -> Money | None:
        """The sum of the amounts that are to be paid: all rows but customs values and exchanges."""
        due = [row for row in self.rows if row.kind not in {"customs_value", "exchange"}]
        if any(row.amount is None for row in due):
            return None
        return Money(amount=sum((row.amount.amount for row in due if row.amount), Decimal(0)), currency=self.currency)
