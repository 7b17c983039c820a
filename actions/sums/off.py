"""Is a sum switched off? Whoever takes an answer back wants no sum to give it in other words."""

from __future__ import annotations

from typing import Any

from actions.context import Turn
from actions.sums.calculator import Calculator
from actions.switched_off import off_for
from knowledge_base.index.release import Shelf


def sum_off(turn: Turn, calculator: Calculator, shelf: Shelf, result: Any) -> bool:
    """Is an entry that the result rests on switched off, or a topic of the sum, or the administration?"""
    if not turn.switches.off:
        return False
    if turn.switches.topic_off(shelf.administration.id, calculator.topics):
        return True
    return any(off_for(turn, entry) for entry in calculator.rests_on(shelf, result))
