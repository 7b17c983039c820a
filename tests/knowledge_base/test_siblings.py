"""Telling the first few entries apart, on vectors that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.index import ranking, siblings
from knowledge_base.index.calibration import leave_one_out
from knowledge_base.index.ranking import APART_WEIGHT, TOLD_APART, Bank, rank
from knowledge_base.index.siblings import MOST_QUESTIONS, tell_apart


def unit(rows) -> np.ndarray:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=-1, keepdims=True)


# Axes: the subject, which both have in common; sailing in, sailing out; a harbour that only the first was ever asked with.
ARRIVAL = unit([[1, 0.4, 0, 0.6], [1, 0.4, 0, 0.5], [1, 0.4, 0, 0.7]])
DEPARTURE = unit([[1, 0, 0.4, 0], [1, 0, 0.5, 0], [1, 0, 0.3, 0]])


def test_what_two_have_in_common_says_nothing() -> None:
    in_common = tell_apart([ARRIVAL, DEPARTURE], unit([1, 0.2, 0.2, 0.3]))
    out = tell_apart([ARRIVAL, DEPARTURE], unit([1, 0, 0.8, 0]))
    assert abs(in_common[0]) < 0.15 and out[1] > 0.4 > in_common[0] > out[0]
    assert in_common.sum() == pytest.approx(0, abs=1e-6) and out.sum() == pytest.approx(0, abs=1e-6)


def test_it_is_the_regression_solved_for_all_coefficients_at_once() -> None:
    chance = np.random.default_rng(4)
    ways, asked = [unit(chance.normal(size=(n, 6))) for n in (5, 9, 2)], unit(chance.normal(size=6))
    known, owner = np.concatenate(ways), np.repeat([0, 1, 2], [5, 9, 2])
    weight = (16 / 3 / np.array([5, 9, 2]))[owner][:, None]  # of a row, so that every entry counts the same
    belongs = np.eye(3)[owner] - 1 / 3
    coefficients = np.linalg.solve(
        known.T @ (weight * known) + siblings.RIDGE * np.eye(6), known.T @ (weight * belongs)
    )
    assert tell_apart(ways, asked) == pytest.approx(asked @ coefficients, abs=1e-4)


def test_many_ways_of_asking_do_not_outweigh_few() -> None:
    asked = unit([1, 0.2, 0.2, 0.3])
    once, often = (tell_apart([np.repeat(ARRIVAL, times, axis=0), DEPARTURE], asked) for times in (1, 20))
    assert often[0] == pytest.approx(once[0], abs=0.05)


def test_of_very_many_the_nearest_are_learned_from() -> None:
    far = unit(np.tile([1.0, 0, -1, 0], (MOST_QUESTIONS, 1)))
    near = np.repeat(ARRIVAL, MOST_QUESTIONS, axis=0)[:: len(ARRIVAL)]
    asked = unit([1, 0.4, 0, 0.6])
    alone = tell_apart([near, DEPARTURE], asked)
    among = tell_apart([np.concatenate([far, near]), DEPARTURE], asked)
    assert among == pytest.approx(alone, abs=1e-5)


def test_an_entry_without_ways_of_asking_leaves_all_as_they_are() -> None:
    nothing = np.zeros((0, 4), dtype=np.float32)
    assert tell_apart([ARRIVAL, nothing, DEPARTURE], ARRIVAL[0]).tolist() == [0, 0, 0]
    assert tell_apart([ARRIVAL], ARRIVAL[0]).tolist() == [0]


def bank() -> tuple[Bank, np.ndarray]:
    """Five entries of four questions each around subjects that overlap, and their owners."""
    chance = np.random.default_rng(2)
    owner = np.repeat(np.arange(5), 4)
    subjects = chance.normal(size=(5, 12)) + 2 * np.ones(12)
    return Bank.build(unit(subjects[owner] + chance.normal(0, 0.8, (20, 12))), owner, unit(subjects)), owner


def test_the_first_few_change_places_and_no_other_comes_first() -> None:
    built, _ = bank()
    nothing = np.zeros(built.size, dtype=np.float32)
    changed = 0
    for asked in unit(np.random.default_rng(5).normal(size=(60, 12))):
        similarities = built.compare_placed(asked)
        before = rank(similarities, nothing)
        after = rank(similarities, nothing, apart=lambda entries: built.tell_apart(asked, entries))  # noqa: B023 - used at once
        first, others = before.order()[:TOLD_APART], before.order()[TOLD_APART:]
        assert after.score[first] == pytest.approx(before.score[first] + APART_WEIGHT * after.apart[first], abs=1e-6)
        assert not after.apart[others].any() and (after.score[others] == before.score[others]).all()
        assert after.order()[0] in first
        changed += after.order()[0] != before.order()[0]
    assert changed, "else nothing was tried"


def test_an_excluded_entry_is_not_among_those_told_apart() -> None:
    built, _ = bank()
    asked, told = built.questions[0], []

    def apart(entries: np.ndarray) -> np.ndarray:
        told.extend(entries.tolist())
        return np.zeros(len(entries), dtype=np.float32)

    allowed = np.array([False, True, False, True, False])
    rank(built.compare_placed(asked), np.zeros(5, dtype=np.float32), allowed, apart=apart)
    assert sorted(told) == [1, 3]


def test_a_calibration_asks_without_the_question_itself(monkeypatch) -> None:
    built, owner = bank()
    seen: list[tuple[int, ...]] = []
    real = ranking.tell_apart

    def noting(ways, asked):
        seen.append(tuple(len(each) for each in ways))
        assert not any((each == asked).all(axis=1).any() for each in ways), "its own vector tells nothing"
        return real(ways, asked)

    monkeypatch.setattr(ranking, "tell_apart", noting)
    leave_one_out(built, lambda number: np.zeros(5, dtype=np.float32))
    assert len(seen) == 2 * len(owner) and sum(3 in counts for counts in seen) >= len(owner) // 2
