"""From vectors to ranked entries: the one place where scores are put together.

Used when a question is searched and when a release is calibrated, so that both see the same numbers. How the parts and weights were
chosen: docs/decisions/0006-search-verdict.md; what they bring: docs/quality.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

# An entry's score: its nearest questions, its answer, the centre of all its questions, and words in common.
QUESTION_WEIGHT = 0.7
ANSWER_WEIGHT = 0.3
CENTRE_WEIGHT = 0.8
LEXICAL_WEIGHT = 0.03
# A code that only one entry holds puts that entry first.
CODE_WEIGHT = 0.3
# The mean of so many nearest questions: one lucky phrasing of a wrong entry counts less than several of the right one.
NEAREST = 3
# How strongly the spread of ways to ask the same question is evened out: 0 fully, large not at all.
SHRINKAGE = 3.0
# Score differences of this size matter; the lead of the best entry is measured in it.
_TEMPERATURE = 0.08

FEATURES = ("margin", "lead", "agreement")
EXCLUDED = -np.inf


@dataclass(frozen=True)
class Similarities:
    """Of one asked question: to the bank's questions (questions,), to answers and centres (entries,); float32, -1 to 1."""

    questions: np.ndarray
    answers: np.ndarray
    centres: np.ndarray


class Bank:
    """The questions and answers of one administration, in a space where ways of asking count less than what is asked.

    The vectors of an encoder lie close together, and the questions of one entry differ along directions that have nothing to do with
    the subject: length, voice, whether a country is named. Those directions are measured on the bank itself and evened out.
    """

    def __init__(self, questions: np.ndarray, question_entry: np.ndarray, answers: np.ndarray) -> None:
        """questions: (q, d) unit vectors; question_entry: (q,) entry number of each; answers: (e, d) unit vectors."""
        self.question_entry = np.asarray(question_entry, dtype=np.int64)
        self.size = len(answers)
        dimension = questions.shape[1] if len(questions) else answers.shape[1]
        self._mean = questions.mean(axis=0) if len(questions) else np.zeros(dimension, dtype=np.float32)
        # On a busy machine spinning threads make seconds of these milliseconds.
        with threadpool_limits(limits=1):
            self._transform = _evening_out(questions, self.question_entry, self.size)
        self.questions = self.place(questions)
        self.answers = self.place(answers)
        self.sums = np.zeros((self.size, self.questions.shape[1]), dtype=np.float32)
        np.add.at(self.sums, self.question_entry, self.questions)
        self.centres = _unit(self.sums)
        self._index = faiss.IndexFlatIP(self.questions.shape[1])
        self._index.add(self.questions)
        self.rows = rows_by_entry(self.question_entry, self.size)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors (n, d) of the encoder in the bank's space, of length 1."""
        return _unit((np.asarray(vectors, dtype=np.float32) - self._mean) @ self._transform)

    def compare(self, vector: np.ndarray) -> Similarities:
        """Similarities of one question's unit vector (d,) to everything in the bank."""
        asked = self.place(vector.reshape(1, -1))
        to_questions = np.empty(len(self.questions), dtype=np.float32)
        if len(self.questions):
            found, rows = self._index.search(asked, len(self.questions))
            to_questions[rows[0]] = found[0]
        return Similarities(to_questions, self.answers @ asked[0], self.centres @ asked[0])


@dataclass(frozen=True)
class Ranking:
    """Entries of one administration by score; all arrays are (entries,) float32. A score of -inf: the entry is excluded."""

    score: np.ndarray
    nearest: np.ndarray
    answer: np.ndarray
    centre: np.ndarray
    lexical: np.ndarray

    def order(self) -> np.ndarray:
        """Numbers of the entries that are not excluded, best first."""
        order = np.argsort(-self.score, kind="stable")
        return order[np.isfinite(self.score[order])]

    def features(self, entry: int) -> np.ndarray:
        """What the calibration looks at for one entry: (len(FEATURES),) float32.

        margin: by how much it beats the best of the others. lead: its share among all, if scores were votes. agreement: the share of
        question, answer and centre that each by itself would put this entry on top.
        """
        allowed = np.isfinite(self.score)
        others = self.score[allowed & (np.arange(len(self.score)) != entry)]
        margin = self.score[entry] - others.max() if len(others) else 1.0
        lead = 1.0 / np.exp((self.score[allowed] - self.score[entry]) / _TEMPERATURE).sum()
        parts = [np.where(allowed, part, EXCLUDED) for part in (self.nearest, self.answer, self.centre)]
        agreement = np.mean([part[entry] >= part.max() for part in parts])
        return np.array([margin, lead, agreement], dtype=np.float32)


def rank(
    similarities: Similarities,
    rows: np.ndarray,
    lexical: np.ndarray,
    allowed: np.ndarray | None = None,
    codes: np.ndarray | None = None,
) -> Ranking:
    """Rank entries.

    rows: (entries, most) question numbers of each entry, -1 where there are fewer. lexical: (entries,) between 0 and 1.
    allowed: (entries,) bool, which may be found at all; None: all. codes: (entries,) between 0 and 1, as `Codes.share` gives them.
    """
    # An entry without questions is as far away as can be; one with fewer than NEAREST counts those that it has.
    padded = np.append(similarities.questions, np.float32(np.nan))[rows]
    most = min(NEAREST, padded.shape[1])
    best = -np.sort(-padded, axis=1)[:, :most]  # NaN sorts to the end
    counts = np.maximum((~np.isnan(best)).sum(axis=1), 1)
    nearest = np.where(np.isnan(best[:, 0]), -1.0, np.nansum(best, axis=1) / counts).astype(np.float32)
    score = (
        QUESTION_WEIGHT * nearest
        + ANSWER_WEIGHT * similarities.answers
        + CENTRE_WEIGHT * similarities.centres
        + LEXICAL_WEIGHT * lexical
    ).astype(np.float32)
    if codes is not None:
        score = score + CODE_WEIGHT * codes
    if allowed is not None:
        score = np.where(allowed, score, EXCLUDED).astype(np.float32)
    return Ranking(score, nearest, similarities.answers, similarities.centres, lexical)


def rows_by_entry(question_entry: np.ndarray, entries: int) -> np.ndarray:
    """(entries, most) the question numbers of each entry, filled up with -1."""
    lists = [np.flatnonzero(question_entry == entry) for entry in range(entries)]
    rows = np.full((entries, max((len(numbers) for numbers in lists), default=0) or 1), -1, dtype=np.int64)
    for entry, numbers in enumerate(lists):
        rows[entry, : len(numbers)] = numbers
    return rows


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _evening_out(questions: np.ndarray, question_entry: np.ndarray, entries: int) -> np.ndarray:
    """The (d, d) whitening of the scatter of questions around their entry's mean, shrunk so that a small bank changes little."""
    dimension = questions.shape[1]
    if not len(questions):
        return np.eye(dimension, dtype=np.float32)
    sums = np.zeros((entries, dimension))
    np.add.at(sums, question_entry, questions)
    counts = np.maximum(np.bincount(question_entry, minlength=entries), 1)
    scatter = questions - (sums / counts[:, None])[question_entry]
    values, directions = np.linalg.eigh(scatter.T @ scatter / len(questions))
    typical = values.mean()
    if typical < 1e-12:  # one question an entry: nothing to learn from
        return np.eye(dimension, dtype=np.float32)
    scale = (np.maximum(values, 0.0) + SHRINKAGE * typical) ** -0.5
    return (directions * scale @ directions.T).astype(np.float32)
