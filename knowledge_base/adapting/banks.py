"""One administration's questions and answers as the search compares them, kept up to date while the encoder learns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from knowledge_base.index.ranking import ANSWER_WEIGHT, CENTRE_WEIGHT, NEAREST, QUESTION_WEIGHT, Bank

_FAR = -1.0


class LearningBank:
    """The parts of a `ranking.Bank` whose vectors follow the encoder; its space stays the one of the vectors that it began with.

    A text learned from is left out of its own entry, so that it must be found by the others.
    """

    def __init__(self, questions: np.ndarray, owner: np.ndarray, answers: np.ndarray) -> None:
        """questions (q, d), answers (entries, d): unit vectors; owner: (q,) entry of each question."""
        built = Bank.build(questions, owner, answers)
        self._mean, self._space = torch.from_numpy(built.mean), torch.from_numpy(built.transform)
        self._questions, self._answers = (
            torch.from_numpy(built.questions.copy()),
            torch.from_numpy(built.answers.copy()),
        )
        self._rows = torch.from_numpy(built.rows.copy())
        self._owner = torch.from_numpy(owner.astype(np.int64))
        self._sums = torch.zeros(len(answers), questions.shape[1]).index_add_(0, self._owner, self._questions)

    def place(self, vectors: torch.Tensor) -> torch.Tensor:
        """Vectors (n, d) of the encoder in the bank's space, of length 1."""
        return torch.nn.functional.normalize((vectors - self._mean) @ self._space, dim=1)

    def scores(self, placed: torch.Tensor, own: Sequence[int | None], entry: torch.Tensor) -> torch.Tensor:
        """(n, entries) the search's scores of `placed` (n, d) without words and letters.

        own: the number of the question that each is, or None for an answer; entry: (n,) what they belong to.
        """
        alike = torch.cat([placed @ self._questions.T, torch.full((len(placed), 1), _FAR)], dim=1)
        rows = [row for row, number in enumerate(own) if number is not None]
        numbers = [number for number in own if number is not None]
        alike[rows, numbers] = _FAR
        nearest = alike[:, self._rows].topk(min(NEAREST, self._rows.shape[1]), dim=2).values.mean(2)
        centres = placed @ torch.nn.functional.normalize(self._sums, dim=1).T
        others = self._sums[entry].clone()
        others[rows] -= self._questions[numbers]
        centres[range(len(placed)), entry] = (placed * torch.nn.functional.normalize(others, dim=1)).sum(1)
        return QUESTION_WEIGHT * nearest + CENTRE_WEIGHT * centres + ANSWER_WEIGHT * (placed @ self._answers.T)

    def follow(self, placed: torch.Tensor, own: Sequence[int | None], entry: torch.Tensor) -> None:
        """Take `placed` for what the texts are from now on."""
        for row, number in enumerate(own):
            if number is None:
                self._answers[entry[row]] = placed[row]
            else:
                self._sums[entry[row]] += placed[row] - self._questions[number]
                self._questions[number] = placed[row]
