"""From similarities to ranked entries: the one place where scores are put together.

Used when a question is searched and when a release is calibrated, so that both see the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Shares of the best question, the answer and the words in common in an entry's score; measured in benchmarks/retrieval.py.
QUESTION_SHARE = 0.6
ANSWER_SHARE = 0.4
LEXICAL_WEIGHT = 0.02

FEATURES = ("best_question", "answer", "margin", "lexical", "support")


@dataclass(frozen=True)
class Ranking:
    """Entries of one administration by score. All arrays are (entries,) float32, but for the last two, (questions,)."""

    score: np.ndarray
    best_question: np.ndarray
    answer: np.ndarray
    lexical: np.ndarray
    question_similarity: np.ndarray
    question_entry: np.ndarray

    def order(self) -> np.ndarray:
        """Entry numbers, best first."""
        return np.argsort(-self.score, kind="stable")

    def features(self, entry: int) -> np.ndarray:
        """What the calibration looks at for one entry: (len(FEATURES),) float32."""
        others = np.delete(self.score, entry)
        margin = self.score[entry] - others.max() if len(others) else 0.05
        # The mean of its three nearest questions: one lucky phrasing weighs less than several.
        nearest = np.sort(self.question_similarity[self.question_entry == entry])[-3:]
        support = nearest.mean() if len(nearest) else 0.0
        return np.array(
            [self.best_question[entry], self.answer[entry], margin, self.lexical[entry], support], dtype=np.float32
        )


def rank(
    question_similarity: np.ndarray, question_entry: np.ndarray, answer_similarity: np.ndarray, lexical: np.ndarray
) -> Ranking:
    """Rank entries.

    question_similarity: (questions,) similarity of the asked question to each question of the bank.
    question_entry: (questions,) the entry number of each question.
    answer_similarity: (entries,) similarity to each answer. lexical: (entries,) between 0 and 1.
    """
    best = np.zeros(len(answer_similarity), dtype=np.float32)
    np.maximum.at(best, question_entry, question_similarity)
    score = QUESTION_SHARE * best + ANSWER_SHARE * answer_similarity + LEXICAL_WEIGHT * lexical
    return Ranking(score, best, answer_similarity, lexical, question_similarity, question_entry)
