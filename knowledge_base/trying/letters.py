"""The classifier over letters with the wordings of a few entries changed: their columns are learned anew, the others stay.

Each entry's column is a classifier of its own against all others, so one is learned without the rest in a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from knowledge_base.index.letters import Letters, _counts
from knowledge_base.index.plain_names import explain


class LettersOf:
    """The served classifier of one administration, and the letter groups of its wordings, counted once."""

    def __init__(self, letters: Letters, texts: list[str]) -> None:
        self._letters = letters
        self._texts = texts
        self._served: sparse.csr_matrix | None = None

    def changed(
        self, kept: np.ndarray, fresh: list[str], owner: np.ndarray, size: int, entries: Iterable[int]
    ) -> Letters:
        """The classifier for other wordings: those of `kept` (q,) that are not -1 are the served ones by number, the rest are `fresh`, in
        their order; `owner` (q,) names the entry of each of `size`, and only the columns of `entries` are learned.
        """
        if self._served is None:
            self._served = self._rows(self._texts)
        rows = self._served[np.maximum(kept, 0)]
        if fresh:
            place = np.cumsum(kept < 0) - 1
            rows = sparse.vstack([self._served, self._rows(fresh)]).tocsr()[
                np.where(kept < 0, self._served.shape[0] + place, kept)
            ]
        groups, before = self._letters.weights.shape
        weights = np.zeros((groups, size), dtype=np.float16)
        weights[:, :before] = self._letters.weights
        intercept = np.full(size, -1.0, dtype=np.float32)
        intercept[:before] = self._letters.intercept
        for entry in entries:
            own = owner == entry
            if own.any() and not own.all():
                model = LinearSVC(C=0.3, max_iter=300, random_state=0).fit(rows, own)
                weights[:, entry], intercept[entry] = model.coef_[0], model.intercept_[0]
        return Letters(weights, intercept, self._letters.rarity)

    def _rows(self, texts: list[str]) -> sparse.csr_matrix:
        """(texts, groups): as the classifier weighs them, rows of length 1."""
        return normalize(_counts([explain(text) for text in texts]).multiply(self._letters.rarity).tocsr())
