"""The classifier over letters with the wordings of a few entries changed: their columns are learned anew, the others stay."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from knowledge_base.index.letters import Letters
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
        columns = np.arange(size)
        columns[len(self._letters.intercept) :] = -1
        return self._letters.renewed(rows, owner, columns, entries)

    def _rows(self, texts: list[str]) -> sparse.csr_matrix:
        return self._letters.weighed([explain(text) for text in texts])
