"""What a rate comes to: per cent of a value, an amount for each kilogram, litre or piece, with a least and a most."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from knowledge_base.rules.customs_value import Portion
from knowledge_base.rules.duty_goods import DutyPart
from knowledge_base.rules.measures import factor
from knowledge_base.rules.results import Rate


@dataclass(frozen=True)
class Charge:
    """An amount that is not rounded yet, the rate that made it, and the reason (`why`) when it is not known."""

    amount: Decimal | None
    rate: Rate
    why: str | None = None


def measured(portion: Portion, measure: str) -> tuple[Decimal | None, str | None]:
    """How much of `measure` the portion is, or the code of what is missing."""
    line = portion.line

    def quantity(*units: str) -> Decimal | None:
        return line.quantity * portion.share if line.quantity is not None and line.unit in units else None

    if measure == "kg":
        if line.weight is not None:
            return line.weight * portion.share, None
        weight = quantity("kg", "g")
        return (None, "weight_unknown") if weight is None else (weight * (factor(line.unit or "", "kg") or 1), None)
    if measure in ("L", "L pure alcohol"):
        litres = quantity("L")
        if litres is None or measure == "L":
            return litres, None if litres is not None else "quantity_unknown"
        return (None, "strength_unknown") if line.strength is None else (litres * line.strength / 100, None)
    # Of goods that a tariff counts in pairs, people count the pairs and call each a piece.
    found = quantity("each", "pair") if measure == "pair" else quantity(measure)
    return found, None if found is not None else "quantity_unknown"


def charge(part: DutyPart, portion: Portion, value: Decimal | None) -> Charge:
    """What `part` of a duty comes to on a portion of customs `value`."""
    found = _plain(part, portion, value)
    for bound, choose in ((part.min, max), (part.max, min)):
        if bound is None:
            continue
        other = _plain(bound, portion, value)
        if found.amount is None or other.amount is None:
            return found if found.amount is None else Charge(None, found.rate, other.why)
        if choose(found.amount, other.amount) != found.amount:
            found = other
    return found


def _plain(part: DutyPart, portion: Portion, value: Decimal | None) -> Charge:
    if part.percent is not None:
        rate = Rate(part.percent)
        if not part.percent:
            return Charge(Decimal(0), rate)  # nothing of a value that nobody knows is nothing
        return Charge(None, rate, portion.why) if value is None else Charge(value * part.percent / 100, rate)
    assert part.amount is not None and part.per is not None
    rate = Rate(part.amount, part.currency, part.per, part.quantity)
    if not part.amount:
        return Charge(Decimal(0), rate)
    found, why = measured(portion, part.per)
    amount = None if found is None else part.amount * found / part.quantity
    return Charge(amount, rate, why)
