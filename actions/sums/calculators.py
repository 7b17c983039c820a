"""The sums that conversations know, in the order in which a message is tried for them."""

from __future__ import annotations

from actions.sums.allowance import AllowanceSum
from actions.sums.calculator import Calculator
from actions.sums.cash import CashSum
from actions.sums.duty import DutySum

CALCULATORS: tuple[Calculator, ...] = (CashSum(), DutySum(), AllowanceSum())


def of_kind(kind: str) -> Calculator:
    """The sum of that kind."""
    return next(calculator for calculator in CALCULATORS if calculator.kind == kind)
