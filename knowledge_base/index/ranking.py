"""From vectors to ranked entries: the one place where scores are put together.

Used when a question is searched and when a release is calibrated, so that both see the same numbers. How the parts and weights were
chosen: docs/decisions/0006-search-verdict.md; what they bring: docs/quality.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

from knowledge_base.index.rows import Rows, inner_products, load_rows, save_rows
from knowledge_base.index.siblings import tell_apart

# An entry's score: its nearest questions, its answer, the centre of all its questions, and words in common.
QUESTION_WEIGHT = 0.7
ANSWER_WEIGHT = 0.3
CENTRE_WEIGHT = 0.8
LEXICAL_WEIGHT = 0.03
# To which entry the wording belongs, as `Letters` decides: about -1 for most entries, above 0 for one.
LETTERS_WEIGHT = 0.3
# A code that only one entry holds puts that entry first.
CODE_WEIGHT = 0.15
# The first so many are told apart by what their ways of asking do not have in common, which counts so much; it cannot bring another to the top.
TOLD_APART = 3
APART_WEIGHT = 0.3
# The mean of so many nearest questions: one lucky phrasing of a wrong entry counts less than several of the right one.
NEAREST = 3
# How strongly the spread of ways to ask the same question is evened out: 0 fully, large not at all.
SHRINKAGE = 3.0
_SCATTER_QUESTIONS = 40_000
# Score differences of this size matter; the lead of the best entry is measured in it.
_TEMPERATURE = 0.08

# Of more entries than the first number only as many as the second, the nearest by centre and answer, are compared in full: the others do not
# come near the top. docs/search-speed.md says how often they would have.
FULL_UNTIL = 128
SHORTLIST = 96
# From so many entries on the shortlist comes from a graph instead of from a comparison with all; docs/search-speed.md has the crossover.
GRAPH_FROM = 30_000
_LINKS, _EF_BUILD, _EF_SEARCH = 32, 80, 512

FEATURES = ("margin", "lead", "agreement")
EXCLUDED = -np.inf


@dataclass(frozen=True)
class Similarities:
    """Of one asked question to the entries (n,) that were compared, by number: -1 to 1, float32.

    questions: (n, most) to the ways of asking of each, NaN where there are fewer; answers, centres: (n,).
    """

    entries: np.ndarray
    questions: np.ndarray
    answers: np.ndarray
    centres: np.ndarray


@dataclass(frozen=True)
class Bank:
    """The questions and answers of one administration, in a space where ways of asking count less than what is asked.

    The vectors of an encoder lie close together, and the questions of one entry differ along directions that have nothing to do with
    the subject: length, voice, whether a country is named. Those directions are measured on the bank itself and evened out.

    questions: (q, d) and answers, centres: (e, d) unit vectors in that space; rows: (e, most) numbers of each entry's questions, -1
    where there are fewer; near: an index of what leads to the shortlist, one vector an entry.
    """

    mean: np.ndarray
    transform: np.ndarray
    questions: np.ndarray | Rows
    question_entry: np.ndarray
    answers: np.ndarray
    centres: np.ndarray
    rows: np.ndarray
    near: faiss.Index

    @classmethod
    def build(cls, questions: np.ndarray, question_entry: np.ndarray, answers: np.ndarray) -> Bank:
        """questions: (q, d) unit vectors; question_entry: (q,) entry number of each; answers: (e, d) unit vectors."""
        owner, size = np.asarray(question_entry, dtype=np.int64), len(answers)
        dimension = questions.shape[1] if len(questions) else answers.shape[1]
        mean = questions.mean(axis=0) if len(questions) else np.zeros(dimension, dtype=np.float32)
        # On a busy machine spinning threads make seconds of these milliseconds.
        with threadpool_limits(limits=1):
            transform = _evening_out(questions, owner, size)
            placed = unit((np.asarray(questions, dtype=np.float32) - mean) @ transform)
            placed_answers = unit((np.asarray(answers, dtype=np.float32) - mean) @ transform)
            centres = unit(sums_by_entry(placed, owner, size).astype(np.float32))
            near = nearest_index(centres, placed_answers)
        return cls(mean, transform, placed, owner, placed_answers, centres, rows_by_entry(owner, size), near)

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.answers)

    def save(self, folder: Path, served: Path | None = None) -> None:
        """Write the bank into the new `folder`. `served` is the folder of the one that it was renewed from, which lends its vectors."""
        folder.mkdir(parents=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        save_rows(self.questions, folder, served)
        faiss.write_index(self.near, str(folder / "near.faiss"))

    @classmethod
    def load(cls, folder: Path) -> Bank:
        """Open what `save` wrote. The arrays stay in their files (see `load_rows`)."""
        near = faiss.read_index(str(folder / "near.faiss"))
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
        return cls(near=near, questions=load_rows(folder), **arrays)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors (n, d) of the encoder in the bank's space, of length 1."""
        return unit((np.asarray(vectors, dtype=np.float32) - self.mean) @ self.transform)

    def compare(
        self, vector: np.ndarray, allowed: np.ndarray | None = None, also: np.ndarray | None = None
    ) -> Similarities:
        """Similarities of one question's unit vector (d,) to the entries `allowed` (entries,) bool, of a large bank to the nearest.

        also: (entries,) those above 0 are compared however far they are, if they are allowed.
        """
        return self.compare_placed(self.place(vector.reshape(1, -1))[0], allowed, also)

    def compare_placed(
        self, asked: np.ndarray, allowed: np.ndarray | None = None, also: np.ndarray | None = None
    ) -> Similarities:
        """The same for a vector (d,) in the bank's space."""
        entries = self._shortlist(asked, allowed)
        if also is not None and len(entries) < self.size and (more := np.flatnonzero(also)).size:
            entries = np.union1d(entries, more if allowed is None else more[allowed[more]])
        rows = self.rows[entries]
        if len(entries) == self.size:
            questions = np.append(self.questions @ asked, np.float32(np.nan))[rows]
        else:
            questions = inner_products(self.questions, rows, asked)
        return Similarities(entries, questions, self.answers[entries] @ asked, self.centres[entries] @ asked)

    def tell_apart(self, asked: np.ndarray, entries: np.ndarray, without: int | None = None) -> np.ndarray:
        """By how much `asked` (d,), in the bank's space, is rather for each of the few `entries` (n,) than for the others: (n,), in all 0.

        without: the number of a question that does not count.
        """
        rows = [self.rows[entry] for entry in entries]
        return tell_apart([self.questions[row[(row >= 0) & (row != without)]] for row in rows], asked)

    def _shortlist(self, asked: np.ndarray, allowed: np.ndarray | None) -> np.ndarray:
        if self.size <= FULL_UNTIL:
            return np.arange(self.size) if allowed is None else np.flatnonzero(allowed)
        selector = None
        if allowed is not None and not allowed.all():
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if isinstance(self.near, faiss.IndexHNSW):
            parameters = faiss.SearchParametersHNSW(sel=selector, efSearch=_EF_SEARCH)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        found = self.near.search(asked.reshape(1, -1), SHORTLIST, params=parameters)[1][0]
        return np.sort(found[found >= 0])


_ARRAYS = ("mean", "transform", "question_entry", "answers", "centres", "rows")


@dataclass(frozen=True)
class Ranking:
    """The entries (n,) that were compared, by number, and their scores (n,) float32. A score of -inf: the entry is excluded.

    apart: (n,) what told the first few apart, 0 for the others.
    """

    entries: np.ndarray
    score: np.ndarray
    nearest: np.ndarray
    answer: np.ndarray
    centre: np.ndarray
    lexical: np.ndarray
    apart: np.ndarray

    def order(self) -> np.ndarray:
        """Places in `entries` of those that are not excluded, best first."""
        return _best_first(self.score)

    def features(self, entry: int) -> np.ndarray:
        """What the calibration looks at for the entry at one place: (len(FEATURES),) float32.

        margin: by how much it beats the best of the others. lead: its share among all, if scores were votes. agreement: the share of
        question, answer and centre that each by itself would put this entry on top.
        """
        scores, best, best_of_others, best_parts = self._sums
        own = self.score[entry]
        others = best_of_others if own == best else best
        margin = own - others if np.isfinite(others) else 1.0
        lead = 1.0 / np.exp((scores - own) / _TEMPERATURE).sum()
        agreement = sum(part[entry] >= most for part, most in zip(self._parts, best_parts)) / len(best_parts)
        return np.array([margin, lead, agreement], dtype=np.float32)

    @property
    def _parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.nearest, self.answer, self.centre

    @cached_property
    def _sums(self) -> tuple[np.ndarray, float, float, tuple[float, ...]]:
        """What the features of every entry need: the scores of those not excluded, the best two of them, the best of each part."""
        allowed = np.isfinite(self.score)
        scores = self.score[allowed]
        best, second = np.partition(scores, -2)[:-3:-1] if len(scores) > 1 else (scores.max(initial=EXCLUDED), EXCLUDED)
        return scores, best, second, tuple(part[allowed].max(initial=EXCLUDED) for part in self._parts)


def rank(
    similarities: Similarities,
    lexical: np.ndarray,
    allowed: np.ndarray | None = None,
    codes: np.ndarray | None = None,
    letters: np.ndarray | None = None,
    apart: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Ranking:
    """Rank the entries that were compared; the arrays are of the whole administration.

    lexical: (entries,) between 0 and 1. allowed: (entries,) bool, which may be found at all; None: all. codes: (entries,) between 0
    and 1, as `Codes.share` gives them. letters: (entries,) as `Letters.decide` gives them. apart: tells the first few apart, given their
    numbers, as `Bank.tell_apart` does.
    """
    # An entry without questions is as far away as can be; one with fewer than NEAREST counts those that it has.
    most = min(NEAREST, similarities.questions.shape[1])
    best = -np.sort(-similarities.questions, axis=1)[:, :most]  # NaN sorts to the end
    counts = np.maximum((~np.isnan(best)).sum(axis=1), 1)
    nearest = np.where(np.isnan(best[:, 0]), -1.0, np.nansum(best, axis=1) / counts).astype(np.float32)
    lexical = lexical[similarities.entries]
    score = (
        QUESTION_WEIGHT * nearest
        + ANSWER_WEIGHT * similarities.answers
        + CENTRE_WEIGHT * similarities.centres
        + LEXICAL_WEIGHT * lexical
    ).astype(np.float32)
    if codes is not None:
        score = score + CODE_WEIGHT * codes[similarities.entries]
    if letters is not None:
        score = score + LETTERS_WEIGHT * letters[similarities.entries]
    if allowed is not None:
        score = np.where(allowed[similarities.entries], score, EXCLUDED).astype(np.float32)
    told = np.zeros(len(score), dtype=np.float32)
    if apart is not None:
        first = _best_first(score)[:TOLD_APART]
        told[first] = apart(similarities.entries[first])
        score = score + APART_WEIGHT * told
    return Ranking(similarities.entries, score, nearest, similarities.answers, similarities.centres, lexical, told)


def _best_first(score: np.ndarray) -> np.ndarray:
    order = np.argsort(-score, kind="stable")
    return order[np.isfinite(score[order])]


def rows_by_entry(question_entry: np.ndarray, entries: int) -> np.ndarray:
    """(entries, most) the question numbers of each entry, filled up with -1."""
    counts = np.bincount(question_entry, minlength=entries)
    rows = np.full((entries, int(counts.max(initial=0)) or 1), -1, dtype=np.int64)
    order = np.argsort(question_entry, kind="stable")
    owner = question_entry[order]
    rows[owner, np.arange(len(order)) - (np.cumsum(counts) - counts)[owner]] = order
    return rows


def sums_by_entry(vectors: np.ndarray, owner: np.ndarray, entries: int) -> np.ndarray:
    """(entries, d) the sum of each entry's vectors, in 64-bit floats; zeros for an entry without any."""
    sums = np.zeros((entries, vectors.shape[1]))
    if len(vectors):
        order = np.argsort(owner, kind="stable")
        present, starts = np.unique(owner[order], return_index=True)
        ordered = vectors if (order[1:] > order[:-1]).all() else vectors[order]  # a copy of a large bank costs a second
        sums[present] = np.add.reduceat(ordered, starts, axis=0, dtype=np.float64)
    return sums


def nearest_index(centres: np.ndarray, answers: np.ndarray) -> faiss.Index:
    """An inner-product index of what leads to the shortlist: every entry compared, or a graph when there are many."""
    vectors = (QUESTION_WEIGHT + CENTRE_WEIGHT) * centres + ANSWER_WEIGHT * answers
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if len(vectors) < GRAPH_FROM:
        index = faiss.IndexFlatIP(vectors.shape[1])
    else:
        index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _EF_BUILD
    index.add(vectors)
    return index


def unit(vectors: np.ndarray) -> np.ndarray:
    """`vectors` with rows of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _evening_out(questions: np.ndarray, question_entry: np.ndarray, entries: int) -> np.ndarray:
    """The (d, d) whitening of the scatter of questions around their entry's mean, shrunk so that a small bank changes little."""
    dimension = questions.shape[1]
    if not len(questions):
        return np.eye(dimension, dtype=np.float32)
    # The scatter of some forty thousand questions is known well enough; the entries are taken whole, at even steps.
    sample = question_entry % -(-len(questions) // _SCATTER_QUESTIONS) == 0
    questions, question_entry = questions[sample], question_entry[sample]
    counts = np.maximum(np.bincount(question_entry, minlength=entries), 1)
    means = (sums_by_entry(questions, question_entry, entries) / counts[:, None]).astype(np.float32)
    scatter = questions - means[question_entry]
    values, directions = np.linalg.eigh((scatter.T @ scatter / max(len(questions), 1)).astype(np.float64))
    typical = values.mean()
    if typical < 1e-12:  # one question an entry: nothing to learn from
        return np.eye(dimension, dtype=np.float32)
    scale = (np.maximum(values, 0.0) + SHRINKAGE * typical) ** -0.5
    return (directions * scale @ directions.T).astype(np.float32)
