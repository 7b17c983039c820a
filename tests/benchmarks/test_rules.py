"""The benchmark of the sums runs, settles its baskets, and says what is over the goal."""

from __future__ import annotations

import re

from benchmarks import rules


def test_it_measures_every_administration() -> None:
    measured = rules.measure(rounds=3)
    assert set(measured["administrations"]) == set(rules.FACTS)
    assert all(0 < times["baseline"] < times["sum"] for times in measured["administrations"].values())
    shown = rules.report(measured)
    assert "baseline: pydantic reads the same basket from JSON" in shown
    assert len(re.findall(r"^(?:gb|eu|us|ae) ", shown, re.MULTILINE)) == 4


def test_a_slow_sum_is_marked() -> None:
    times = {"sum": 2.0, "baseline": 0.1, "ratio": 20.0, "nothing_known": 3.0}
    measured = {"machine": "m", "load": 0.0, "rounds": 3, "goal_ms": 1.0, "administrations": {"gb": times}}
    assert "over the goal of 1.0 ms" in rules.report(measured)
    assert "over the goal" not in rules.report(measured | {"goal_ms": 2.0})
