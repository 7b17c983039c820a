"""Vectors of which most lie in an earlier release's file: read, compared and written as if all lay in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.ranking import unit
from knowledge_base.index.rows import Rows, inner_products, load_rows, renewed_rows, save_rows


def vectors(seed: int, count: int) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, 8)))


BEFORE = vectors(1, 20)
FIRST, SECOND = vectors(2, 2), vectors(3, 1)
# Twice renewed: some left, some came, one that had come the first time left again, and the order changed.
ONCE = renewed_rows(BEFORE, np.array([*range(5), -1, *range(9, 20), -1]), FIRST)
TWICE = renewed_rows(ONCE, np.array([17, *range(5), -1, *range(6, 17)]), SECOND)
EXPECTED = np.concatenate([FIRST[1:], BEFORE[:5], SECOND, BEFORE[9:]])


@pytest.mark.parametrize(
    "numbers", [3, -1, slice(4, 9), np.array([0, 6, 17]), [6, 0], np.arange(18) % 3 == 0, slice(None)], ids=str
)
def test_they_are_read_as_one_array_is(numbers: object) -> None:
    assert isinstance(TWICE, Rows) and TWICE.shape == EXPECTED.shape and len(TWICE) == len(EXPECTED)
    np.testing.assert_array_equal(TWICE[numbers], EXPECTED[numbers])


def test_they_are_compared_as_one_array_is() -> None:
    asked = vectors(4, 1)[0]
    np.testing.assert_allclose(TWICE @ asked, EXPECTED @ asked, atol=1e-6)
    numbers = np.array([[0, 6, -1], [17, -1, -1], [1, 2, 3]])
    expected = np.where(numbers < 0, np.nan, (EXPECTED @ asked)[numbers])
    for rows in (TWICE, EXPECTED):
        np.testing.assert_allclose(inner_products(rows, numbers, asked), expected, atol=1e-6)


def test_nothing_of_an_earlier_file_is_written_again(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "alone")]
    for folder in folders:
        folder.mkdir()
    first, second, alone = folders
    save_rows(BEFORE, first)
    save_rows(renewed_rows(load_rows(first), np.array([-1, *range(1, 20)]), FIRST[:1]), second, first)
    assert (second / "questions.npy").samefile(first / "questions.npy")
    opened = load_rows(second)
    np.testing.assert_array_equal(opened, np.concatenate([FIRST[:1], BEFORE[1:]]))
    save_rows(opened, alone)  # of which nobody knows where it came from
    assert isinstance(load_rows(alone), np.ndarray)
    np.testing.assert_array_equal(load_rows(alone), opened)
    np.testing.assert_array_equal(load_rows(first), BEFORE)


def test_a_bank_that_had_nothing_gets_its_first() -> None:
    rows = renewed_rows(np.empty((0, 8), dtype=np.float32), np.array([-1, -1]), FIRST)
    np.testing.assert_array_equal(rows[:], FIRST)
    assert rows.shape == (2, 8) and inner_products(rows, np.array([[1, -1]]), FIRST[1])[0, 0] == pytest.approx(1.0)
