"""A chart of columns as SVG, drawn here: no script, and every column is a link to what it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.asked.reports import OUTCOMES

# Told apart in grey as well: light and dark take turns. The table beside the chart says the same in numbers.
COLOURS = dict(zip(OUTCOMES, ("#1f6f8b", "#8fd0e3", "#c9a227", "#a8321f", "#c4b5d9", "#2b2b2b")))
WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 960, 260, 48, 34, 10
_STEPS_OF_AXIS = 4
_MOST_LABELS = 12
_LEAST_HEIGHT = 2.0


@dataclass(frozen=True)
class Part:
    """A piece of a column, in the chart's own units; `label` says in words what it counts."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    label: str
    url: str


@dataclass(frozen=True)
class Chart:
    """What the template draws."""

    parts: list[Part]
    ticks: list[tuple[float, int]]  # height on the page and value
    labels: list[tuple[float, str]]  # place on the page and step
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BELOW


def stacked(
    rows: Sequence[dict[str, Any]],
    names: dict[str, Any],
    address: Callable[[str, str], str],
    day: Callable[..., str] = lambda step, short=False: step,
) -> Chart:
    """`rows` (a `step` and the number of each outcome) as columns; `address(step, outcome)` is where a piece leads, `day(step)` how it is said."""
    top = nice_top(max((sum(row[outcome] for outcome in OUTCOMES) for row in rows), default=0))
    room, tall = (WIDTH - LEFT) / max(len(rows), 1), HEIGHT - BELOW - ABOVE
    width = max(2.0, room * 0.7)
    parts = []
    for number, row in enumerate(rows):
        y, x = float(HEIGHT - BELOW), LEFT + number * room + (room - width) / 2
        for outcome in OUTCOMES:
            if row[outcome]:
                height = max(
                    _LEAST_HEIGHT, row[outcome] / top * tall
                )  # one question among thousands can be pressed, too
                y -= height
                label = f"{day(row['step'])}: {names[outcome]} {row[outcome]}"
                parts.append(
                    Part(
                        round(x, 1),
                        round(y, 1),
                        round(width, 1),
                        round(height, 1),
                        COLOURS[outcome],
                        label,
                        address(row["step"], outcome),
                    )
                )
    ticks = [
        (HEIGHT - BELOW - tall * part / _STEPS_OF_AXIS, top * part // _STEPS_OF_AXIS)
        for part in range(_STEPS_OF_AXIS + 1)
    ]
    every = max(1, -(-len(rows) // _MOST_LABELS))
    labels = [
        (round(LEFT + (number + 0.5) * room, 1), day(row["step"], short=True))
        for number, row in enumerate(rows)
        if number % every == 0
    ]
    return Chart(parts, ticks, labels)


def nice_top(most: int) -> int:
    """The end of the axis: a round number of at least `most` that four steps divide."""
    unit = _STEPS_OF_AXIS
    while unit < most:
        for factor in (1, 2, 2.5, 5):
            if unit * factor >= most:
                return int(-(-unit * factor // _STEPS_OF_AXIS) * _STEPS_OF_AXIS)
        unit *= 10
    return unit
