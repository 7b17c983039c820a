"""How sure may the search be? Learned from the release itself, for its own encoder.

Every question of the bank is asked once with itself taken out of the bank: is the entry on top the right one? And once with its
whole entry taken out: whatever comes on top then is wrong, as when there is no guidance. A logistic regression on the ranking's
features tells the two apart and gives the probability that the entry on top answers the question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge_base.index.ranking import FEATURES, Bank, Similarities, rank

# Three features need no more, and a changed answer waits for it.
MAX_QUESTIONS = 600


@dataclass(frozen=True)
class Calibration:
    """Weights (features,), mean and scale of the features, bias."""

    weights: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    bias: float

    def probability(self, features: np.ndarray) -> float:
        """Probability between 0 and 1 that the entry with these features answers the question."""
        z = float(np.dot((features - self.mean) / self.scale, self.weights) + self.bias)
        return 1.0 / (1.0 + np.exp(-z))

    def to_arrays(self) -> dict[str, np.ndarray]:
        return {"weights": self.weights, "mean": self.mean, "scale": self.scale, "bias": np.array(self.bias)}

    @classmethod
    def from_arrays(cls, arrays: Any) -> Calibration:
        return cls(arrays["weights"], arrays["mean"], arrays["scale"], float(arrays["bias"]))


def sample(bank: Bank) -> np.ndarray:
    """Numbers of the bank's questions that are asked: enough to learn from, so that a build takes no longer however large the bank grows."""
    return np.arange(0, len(bank.question_entry), max(1, len(bank.question_entry) // MAX_QUESTIONS))


def leave_one_out(
    bank: Bank, lexical: Callable[[int], np.ndarray], letters: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Features and labels of the questions of `sample`, asked against the rest of one administration's bank.

    lexical: for the number of a question, the words that it has in common with each entry (entries,). letters: (len(sample), entries)
    what classifiers that did not learn from the question decide.
    Returns features (n, len(FEATURES)), labels (n,) 1 where the entry on top is right, and the share of right tops.
    """
    features: list[np.ndarray] = []
    labels: list[int] = []
    asked = right = 0
    everyone = np.ones(bank.size, dtype=bool)
    for place, number in enumerate(sample(bank)):
        decided = letters[place] if letters is not None else None
        own = int(bank.question_entry[number])
        similarities, words = _without(bank, number), lexical(number)
        if not len(similarities.entries):
            continue
        apart = partial(bank.tell_apart, np.asarray(bank.questions[number]), without=int(number))
        ranking = rank(similarities, words, letters=decided, apart=apart)
        top = int(ranking.order()[0])
        features.append(ranking.features(top))
        labels.append(int(ranking.entries[top] == own))
        asked, right = asked + 1, right + labels[-1]
        if bank.size > 1:
            everyone[own] = False
            ranking = rank(similarities, words, everyone, letters=decided, apart=apart)
            everyone[own] = True
            features.append(ranking.features(int(ranking.order()[0])))
            labels.append(0)
    return np.array(features, dtype=np.float32).reshape(-1, len(FEATURES)), np.array(labels), right / max(asked, 1)


def _without(bank: Bank, number: int) -> Similarities:
    """Question `number` of the bank asked against the bank without it."""
    own, vector = int(bank.question_entry[number]), np.asarray(bank.questions[number])
    similarities = bank.compare_placed(vector)
    place = np.searchsorted(similarities.entries, own)
    if place < len(similarities.entries) and similarities.entries[place] == own:
        rows = bank.rows[own]
        similarities.questions[place, rows == number] = np.nan  # as if it were not there
        rest = bank.questions[rows[rows >= 0]].sum(axis=0) - vector
        length = float(np.linalg.norm(rest))
        similarities.centres[place] = float(rest @ vector) / length if length > 1e-6 else -1.0
    return similarities


def fit(features: np.ndarray, labels: np.ndarray) -> Calibration:
    """Fit the regression; a bank too small to learn from gives a calibration that trusts the margin alone."""
    mean = features.mean(axis=0) if len(features) else np.zeros(len(FEATURES))
    scale = features.std(axis=0) + 1e-6 if len(features) else np.ones(len(FEATURES))
    if len(set(labels.tolist())) < 2:
        weights = np.zeros(len(FEATURES))
        weights[FEATURES.index("margin")] = 1.0
        return Calibration(weights, mean, scale, 0.0)
    model = LogisticRegression(C=1.0, max_iter=500).fit((features - mean) / scale, labels)
    return Calibration(model.coef_[0].astype(np.float64), mean, scale, float(model.intercept_[0]))
