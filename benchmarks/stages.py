"""Where a turn's time goes: the noted calls of all processes laid over the turns as the asker saw them.

Turns are asked one at a time, so a call belongs to the turn in whose time it falls. Each stage is what its calls took without
the calls inside it that are stages themselves; so the stages add up to the turn.
"""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOTAL = "total"


@dataclass(frozen=True)
class Stage:
    """A line of the table: `calls` less the calls in `inside`; `part` marks a stage already counted in the line above."""

    title: str
    calls: tuple[str, ...]
    inside: tuple[str, ...] = ()
    part: bool = False


_RASA = (
    Stage("NLU", ("rasa.nlu",)),
    Stage("policies", ("rasa.policy",)),
    Stage("tracker store", ("rasa.store",)),
    Stage("slot extraction", ("rasa.slots",)),
    Stage(
        "rest of Rasa (tracker copies, events, session)",
        ("rasa.message",),
        ("rasa.nlu", "rasa.policy", "rasa.store", "rasa.slots", "rasa.action"),
    ),
    Stage("action call (request, HTTP, check of the result)", ("rasa.action",), ("actions.run",)),
)
OURS = (
    Stage("chat (HTTP, JSON, signature, limits, transcript)", (TOTAL,), ("chat.rasa",)),
    Stage("of it: transcript", ("chat.transcript",), part=True),
    Stage("HTTP chat to Rasa", ("chat.rasa",), ("rasa.message",)),
    *_RASA,
    Stage("action (language, places, wording)", ("actions.run",), ("search.encode", "search.find")),
    Stage("of it: language", ("actions.language",), part=True),
    Stage("of it: places", ("actions.places",), part=True),
    Stage("encode", ("search.encode",)),
    Stage("search and verdict", ("search.find",)),
)
STOCK = (
    Stage("HTTP channel to Rasa", (TOTAL,), ("rasa.message",)),
    *_RASA,
    Stage("action (language, places, wording)", ("actions.run",)),
)


def by_turn(turns: Iterable[Sequence[float]], calls: Iterable[tuple[str, float, float]]) -> list[dict[str, float]]:
    """For each turn (start, end, …) the milliseconds by name of call, and `total`. Calls outside every turn are left out."""
    ordered = sorted((turn[0], turn[1]) for turn in turns)
    starts = [start for start, _ in ordered]
    sums: list[dict[str, float]] = [{TOTAL: (end - start) * 1000} for start, end in ordered]
    for name, start, end in calls:
        place = bisect.bisect_right(starts, start) - 1
        if place >= 0 and end <= ordered[place][1]:
            sums[place][name] = sums[place].get(name, 0.0) + (end - start) * 1000
    return sums


def middle_half(sums: list[dict[str, float]]) -> list[dict[str, float]]:
    """The turns between the quartiles of the total: without those that something else on the machine held up."""
    ordered = sorted(sums, key=lambda turn: turn[TOTAL])
    quarter = len(ordered) // 4
    return ordered[quarter : len(ordered) - quarter]


def breakdown(stages: Sequence[Stage], sums: list[dict[str, float]]) -> dict[str, float]:
    """Mean milliseconds by title of stage, and `total`. Raises ValueError for no turns or when nothing was noted."""
    if not sums:
        raise ValueError("No turns to break down.")
    if not any(len(turn) > 1 for turn in sums):
        raise ValueError("Nothing was noted during the turns: the traced processes were not the ones asked.")

    def mean(names: tuple[str, ...]) -> float:
        return statistics.fmean(sum(turn.get(name, 0.0) for name in names) for turn in sums)

    result = {stage.title: mean(stage.calls) - mean(stage.inside) for stage in stages}
    return result | {TOTAL: mean((TOTAL,))}
