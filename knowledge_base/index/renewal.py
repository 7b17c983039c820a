"""A bank of which little has changed, from the one before: its space is kept, and only what is new is placed in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from knowledge_base.index.ranking import Bank, nearest_index, rows_by_entry, sums_by_entry, unit
from knowledge_base.index.rows import Rows, renewed_rows

# Of so many of the texts that something was learned from, others may have come or gone before it is learned anew.
MOST_RENEWED = 0.02


def is_little(renewed: int, texts: int) -> bool:
    """Are `renewed` of so many `texts` too few to learn everything anew?"""
    return renewed <= MOST_RENEWED * texts


def match_rows(old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    """(len(new),) the number of each text among the `old` ones, -1 for one that is not among them."""
    known = {text: row for row, text in enumerate(old)}
    return np.fromiter((known.get(text, -1) for text in new), dtype=np.int64, count=len(new))


def renew(bank: Bank, kept: np.ndarray, fresh: np.ndarray, owner: np.ndarray, answers: np.ndarray) -> Bank:
    """`bank` for other questions: those of `kept` (q,) that are not -1 are its own by number, the rest are `fresh`, in their order.

    fresh: (n, d) and answers: (entries, d) unit vectors of the encoder; owner: (q,) the entry of each question. Mean and whitening stay.
    """
    size = len(answers)
    with threadpool_limits(limits=1):  # on a busy machine spinning threads make seconds of milliseconds
        questions = renewed_rows(bank.questions, kept, bank.place(fresh))
        placed = bank.place(answers)
        centres = _centres(bank, kept, questions, owner, size)
        near = nearest_index(centres, placed)
    return Bank(bank.mean, bank.transform, questions, owner, placed, centres, rows_by_entry(owner, size), near)


def _centres(bank: Bank, kept: np.ndarray, questions: np.ndarray | Rows, owner: np.ndarray, size: int) -> np.ndarray:
    """The centres (size, d); only those are worked out of which a question came or went."""
    before = np.where(kept < 0, -1, bank.question_entry[np.maximum(kept, 0)])
    first, last = np.full(size, bank.size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    np.minimum.at(first, owner, before)
    np.maximum.at(last, owner, before)
    same = (first == last) & (last >= 0)
    counts, counts_before = np.bincount(owner, minlength=size), np.bincount(bank.question_entry, minlength=bank.size)
    same[same] = counts[same] == counts_before[last[same]]
    centres = np.empty((size, questions.shape[1]), dtype=np.float32)
    centres[same] = bank.centres[last[same]]
    if not same.all():
        changed = ~same[owner]
        centres[~same] = unit(sums_by_entry(questions[changed], owner[changed], size).astype(np.float32))[~same]
    return centres
