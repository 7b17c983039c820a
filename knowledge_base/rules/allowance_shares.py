"""What a pool of quantities adds up to: which amounts count against which of its limits, and what share of the pool that is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from knowledge_base.rules.allowance_data import Pool
from knowledge_base.rules.allowance_lines import Line
from knowledge_base.rules.measures import ZERO

# Quantities by the place of the limit that they count against; UNSURE: it could be either; ELSE: not together with the rest.
Used = dict[int, list[tuple[Line, Fraction | None]]]
UNSURE, ELSE = -1, -2


def share_of(used: Used, limits: Sequence[Fraction | None]) -> tuple[Fraction | None, bool]:
    """The known share, None for more than any (nothing is free, or not together with the rest); and whether something is unknown."""
    share, unknown, nothing = ZERO, False, False
    for place, amounts in used.items():
        for _, amount in amounts:
            if place == ELSE:
                nothing = nothing or amount != 0
            elif place >= 0 and limits[place] == 0:
                nothing = nothing or amount != 0  # how much of it nobody need know
            elif place < 0 or amount is None or limits[place] is None:
                unknown = True
            else:
                share += amount / limits[place]
    return (None if nothing else share), unknown


def share_inside(used: Used, limits: Sequence[Fraction | None]) -> Fraction:
    """The share of what counts against limits, without what is over as a whole."""
    return sum(
        (
            amount / limits[place]
            for place, amounts in used.items()
            if place >= 0 and limits[place]
            for _, amount in amounts
            if amount
        ),
        ZERO,
    )


def left_of(
    pool: Pool, place: int, lines: Sequence[Line], used: Used, most: Fraction | None, share: Fraction | None, unknown: bool
) -> Fraction | None:  # fmt: skip
    """What of the kinds of one limit still fits."""
    if share is None:
        return ZERO
    if most is None or unknown:
        return None
    if pool.combine == "one_only" and lines and place not in used:
        # Another limit may be used only instead of this one, so only if it covers all that is there.
        amounts = [amount or ZERO for amounts in used.values() for _, amount in amounts]
        return (
            max(ZERO, most - sum(amounts, ZERO))
            if all(line.kind in pool.limits[place].covered for line in lines)
            else ZERO
        )
    return most if share == 0 else max(ZERO, 1 - share) * most
