"""The space in which two questions are near when they mean the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.errors import KnowledgeError


class NoSpaceError(KnowledgeError):
    """There is no release to take the space from; the message says how to make one."""


@dataclass(frozen=True)
class Space:
    """An encoder's vectors, less their mean and turned so that what all customs questions share counts little.

    Sentence encoders put all questions of one field close together: of the plain vectors of two questions that have nothing to do with
    each other a fifth is nearer than those of two that mean the same.
    """

    mean: np.ndarray
    transform: np.ndarray

    @classmethod
    def of_release(cls, folder: Path) -> Space:
        """The space that the release in `folder` learned from the wordings of its answers, of the administration that has most.

        Raises `NoSpaceError` when there is no release.
        """
        banks = sorted(folder.glob("*/bank"), key=lambda bank: (bank / "questions.npy").stat().st_size)
        if not banks:
            raise NoSpaceError(f"There is no release in {folder}; publish one first (bin/customs publish).")
        return cls(np.load(banks[-1] / "mean.npy"), np.load(banks[-1] / "transform.npy"))

    def turn(self, vectors: np.ndarray) -> np.ndarray:
        """The unit `vectors` (n, d) in this space: (n, d) float32, rows of length 1."""
        turned = (np.asarray(vectors, np.float32) - self.mean) @ self.transform
        return turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
