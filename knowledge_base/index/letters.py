"""Which entry does a wording belong to? A linear classifier over letter groups of all example questions.

The encoder knows what words mean; this knows which words, endings and slips tell one entry from its neighbours. What it brings:
docs/decisions/0006-search-verdict.md. Groups are hashed, so that no vocabulary has to be kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

_GROUPS = 2**15
_FOLDS = 3
# Above it a text counts in the fit of an entry that it does not belong to; nearer to -1 it would move the entry by next to nothing.
_NEAR = -0.6
# Of a larger bank the table would take hundreds of megabytes, and the fit minutes.
MOST_ENTRIES = 1000
# Words of packs and questions whose groups are remembered, some twenty megabytes.
_MOST_WORDS = 60_000
_known_groups: dict[str, np.ndarray] = {}
_VECTORIZER = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=_GROUPS, alternate_sign=False, norm=None, lowercase=True
)


@dataclass(frozen=True)
class Letters:
    """weights: (groups, entries), intercept: (entries,), rarity: (groups,) the weight of each group's presence; float16 and float32."""

    weights: np.ndarray
    intercept: np.ndarray
    rarity: np.ndarray

    @classmethod
    def fit(cls, texts: list[str], owner: np.ndarray, entries: int) -> Letters | None:
        """Learn from `texts`, of which `owner` (texts,) names the entries; None when there is nothing to tell apart, or too much."""
        if not can_tell_apart(owner, entries):
            return None
        rows, rarity = _rows(texts)
        return cls._of(_model(rows, owner), rarity, entries)

    @classmethod
    def _of(cls, model: LinearSVC, rarity: TfidfTransformer, entries: int) -> Letters:
        weights = np.zeros((_GROUPS, entries), dtype=np.float16)
        # An entry that the model has not seen is no candidate of its.
        intercept = np.full(entries, -1.0, dtype=np.float32)
        if len(model.classes_) == 2:
            one, other = model.classes_
            weights[:, other], weights[:, one] = model.coef_[0], -model.coef_[0]
            intercept[other], intercept[one] = model.intercept_[0], -model.intercept_[0]
        else:
            weights[:, model.classes_] = model.coef_.T
            intercept[model.classes_] = model.intercept_
        return cls(weights, intercept, rarity.idf_.astype(np.float32))

    def renewed(
        self, rows: sparse.csr_matrix, owner: np.ndarray, columns: np.ndarray, entries: Iterable[int]
    ) -> Letters:
        """The same for other texts, of which `weighed` made `rows` and `owner` (texts,) names the entries: only `entries` are learned.

        columns: (entries,) the number that each entry had before, -1 for a new one. An entry's column tells it from all others and
        depends on no other column, so what is kept of the rest only knows nothing of the texts that came. Rarity stays.
        """
        new = columns < 0
        weights, intercept = self.weights[:, np.maximum(columns, 0)], self.intercept[np.maximum(columns, 0)]
        weights[:, new], intercept[new] = 0.0, -1.0
        for entry in entries:
            own = owner == entry
            if own.any() and not own.all():
                model = _model(rows, own)
                weights[:, entry], intercept[entry] = model.coef_[0], model.intercept_[0]
            else:
                weights[:, entry], intercept[entry] = 0.0, -1.0
        return Letters(weights, intercept, self.rarity)

    def near(self, rows: sparse.csr_matrix) -> set[int]:
        """The entries to which a text of `rows`, of which `weighed` made them, comes near: their columns have to know of it.

        A text that an entry's column puts below -1 anyway would leave it exactly as it is.
        """
        if not rows.shape[0]:
            return set()
        groups = np.unique(rows.indices)  # some hundred of thousands
        decided = rows[:, groups] @ self.weights[groups].astype(np.float32) + self.intercept
        return set(np.flatnonzero((decided > _NEAR).any(axis=0)).tolist())

    def weighed(self, texts: list[str]) -> sparse.csr_matrix:
        """(texts, groups): the letter groups of each text as the classifier weighs them, rows of length 1."""
        groups = letter_groups(texts).multiply(self.rarity).tocsr()
        return normalize(groups) if texts else groups

    def decide(self, text: str) -> np.ndarray:
        """(entries,) float32: above 0 for the entries to which the wording belongs; about -1 for the others."""
        # The groups stay within words, and most words of a question have been met before.
        words = text.lower().split()
        if not words:
            return np.array(self.intercept)
        groups, counts = np.unique(np.concatenate(_groups_of(words)), return_counts=True)
        values = (1.0 + np.log(counts)) * self.rarity[groups]
        values = (values / np.linalg.norm(values)).astype(np.float32)
        return values @ self.weights[groups].astype(np.float32) + self.intercept

    def save(self, folder: Path) -> None:
        """Write the table into the new `folder`."""
        folder.mkdir(parents=True)
        for name in ("weights", "intercept", "rarity"):
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Letters | None:
        """Open what `save` wrote, None if nothing was. The weights stay in the file: a question needs a few hundred of its rows."""
        if not folder.exists():
            return None
        weights = np.asarray(np.load(folder / "weights.npy", mmap_mode="r"))
        return cls(weights, np.load(folder / "intercept.npy"), np.load(folder / "rarity.npy"))


def out_of_fold(
    texts: list[str], owner: np.ndarray, entries: int, asked: np.ndarray, go_on: Callable[[], None] = lambda: None
) -> np.ndarray | None:
    """(len(asked), entries) float32: decisions on the texts numbered `asked` by classifiers that did not learn from them, or None.

    `go_on` is called before each of them is learned.
    """
    if not can_tell_apart(owner, entries):
        return None
    rows, rarity = _rows(texts)
    # Each entry's questions go round the folds, so that every classifier knows every entry that has more than one.
    place = np.zeros(len(owner), dtype=np.int64)
    for entry in np.unique(owner):
        mine = np.flatnonzero(owner == entry)
        place[mine] = np.arange(len(mine)) % _FOLDS
    found = np.full((len(asked), entries), -1.0, dtype=np.float32)
    for fold in range(_FOLDS):
        go_on()
        learn, judge = place != fold, np.flatnonzero(place[asked] == fold)
        if len(judge) and len(np.unique(owner[learn])) > 1:
            letters = Letters._of(_model(rows[learn], owner[learn]), rarity, entries)
            decided = rows[asked[judge]] @ letters.weights.astype(np.float32) + letters.intercept
            found[judge] = decided
    return found


def can_tell_apart(owner: np.ndarray, entries: int) -> bool:
    """Are there entries to tell apart, and not too many?"""
    return 2 <= len(np.unique(owner)) and entries <= MOST_ENTRIES


def letter_groups(texts: list[str]) -> sparse.csr_matrix:
    """(texts, groups): how much each letter group is there in each text, as 1 + log of its count."""
    # The groups stay within words, and a bank has few different ones: each is taken apart once.
    words: dict[str, int] = {}
    told = [[words.setdefault(word, len(words)) for word in text.lower().split()] for text in texts]
    ends = np.cumsum([0, *map(len, told)])
    numbers = np.fromiter((number for text in told for number in text), dtype=np.int32, count=ends[-1])
    if not words:
        return sparse.csr_matrix((len(texts), _GROUPS))
    each = sparse.csr_matrix((np.ones(len(numbers)), numbers, ends), shape=(len(texts), len(words)))
    groups = _groups_of(list(words))
    ends = np.cumsum([0, *map(len, groups)])
    of_words = sparse.csr_matrix((np.ones(ends[-1]), np.concatenate(groups), ends), shape=(len(words), _GROUPS))
    counts = (each @ of_words).tocsr()
    counts.sort_indices()
    counts.data = 1.0 + np.log(counts.data)
    return counts


def _rows(texts: list[str]) -> tuple[sparse.csr_matrix, TfidfTransformer]:
    """What is learned from: rows of length 1, and what weighed them."""
    counts = letter_groups(texts)
    rarity = TfidfTransformer().fit(counts)
    return rarity.transform(counts), rarity


def _model(rows: sparse.csr_matrix, owner: np.ndarray) -> LinearSVC:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LinearSVC(C=0.3, max_iter=300, random_state=0).fit(rows, owner)


def _groups_of(words: list[str]) -> list[np.ndarray]:
    """The numbers of the letter groups of each word, once for each time that they are there. They are remembered."""
    global _known_groups
    known = _known_groups
    missing = [word for word in dict.fromkeys(words) if word not in known]
    if missing:
        if len(known) + len(missing) > _MOST_WORDS:  # another thread may still read the old ones
            known = _known_groups = {}
            missing = list(dict.fromkeys(words))
        counts = _VECTORIZER.transform(missing)
        times = counts.data.astype(np.intp)
        ends = np.concatenate([[0], np.cumsum(times)])[counts.indptr]
        known.update(zip(missing, np.split(np.repeat(counts.indices, times), ends[1:-1])))
    return [known[word] for word in words]
