"""Which of the few entries that come nearest is meant? Decided by a regression made for each question, over their ways of asking alone.

Likeness to an entry is mostly likeness to what it has in common with its siblings. Here only what tells these few apart counts. Nothing is
learned when a release is built, so what is published counts at once. What it brings: docs/decisions/0018-siblings.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import lapack

# Of an entry with more ways of asking those nearest to the question are learned from, so that one entry cannot make a search slow.
MOST_QUESTIONS = 64
# What a large coefficient costs: 0 believes every way of asking, much more tells nothing apart.
RIDGE = 0.2


def tell_apart(ways: Sequence[np.ndarray], asked: np.ndarray) -> np.ndarray:
    """(entries,) float32, in all 0: by how much a question is rather one for each entry than for the others.

    ways: of each entry the vectors (n, d) of its ways of asking; asked: (d,) that of the question. All 0 when an entry has none.
    """
    counts = np.minimum([len(each) for each in ways], MOST_QUESTIONS)
    if len(ways) < 2 or not counts.min():
        return np.zeros(len(ways), dtype=np.float32)
    known = np.concatenate([_nearest(each, asked) for each in ways])
    owner = np.repeat(np.arange(len(ways)), counts)
    alike = known @ known.T
    # Every entry counts the same, however many ways of asking it has.
    alike[np.diag_indices_from(alike)] += RIDGE * len(ways) * counts[owner] / len(owner)
    # One right-hand side, and no checks around it: the matrix is made here, symmetric and with what makes it definite on its diagonal.
    shares, failed = lapack.sposv(alike.T, known @ asked, overwrite_a=True)[1:]
    if failed:
        return np.zeros(len(ways), dtype=np.float32)
    sums = np.add.reduceat(shares, np.cumsum(counts) - counts)
    return (sums - shares.sum() / len(ways)).astype(np.float32)


def _nearest(ways: np.ndarray, asked: np.ndarray) -> np.ndarray:
    if len(ways) <= MOST_QUESTIONS:
        return ways
    return ways[np.argpartition(ways @ asked, -MOST_QUESTIONS)[-MOST_QUESTIONS:]]
