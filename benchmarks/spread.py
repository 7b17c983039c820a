"""Percentiles, and medians over repetitions with their spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of `values` do not exceed (nearest rank); raises ValueError for none or a wrong percent."""
    if not values:
        raise ValueError("A percentile of no values.")
    if not 0 < percent <= 100:
        raise ValueError(f"percent is {percent!r}; expected more than 0 and at most 100.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


@dataclass(frozen=True)
class Spread:
    """A figure measured several times: its median, least and greatest."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Raises ValueError (statistics.StatisticsError) for no values."""
        known = list(values)
        return cls(statistics.median(known), min(known, default=0.0), max(known, default=0.0))

    def __str__(self) -> str:
        """`24.1 (22.0–31.5)`, with as many places as the size asks for."""
        return f"{short(self.median)} ({short(self.least)}–{short(self.most)})"


def short(value: float) -> str:
    """A number as a table shows it: two places below 1, one below 100, else none."""
    places = 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    return f"{value:.{places}f}"


def ratio_of_rounds(ours: Sequence[float], peer: Sequence[float]) -> Spread:
    """`ours` / `peer`, round by round: what slows the machine for a while slows both, and drops out.

    Raises ValueError when the numbers of rounds differ.
    """
    if len(ours) != len(peer):
        raise ValueError(f"{len(ours)} rounds against {len(peer)}.")
    return Spread.of(mine / theirs for mine, theirs in zip(ours, peer))
