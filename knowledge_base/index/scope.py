"""Is this a question for customs guidance at all? A learned gate on the vector of the question.

Trained, when a release is built, on the release's own questions against labelled examples of what is not answered:
`knowledge_base/scope/*.yml`, by reason of declining. It works on the vector, so it carries over to other languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge_base.errors import PackError
from knowledge_base.packs import read_yaml

IN_SCOPE = "in_scope"
OUT_OF_SCOPE = "out_of_scope"
EMERGENCY = "emergency"
REASONS = (OUT_OF_SCOPE, "personal_case", "unlawful", "abuse", EMERGENCY)


def read_examples(folder: Path) -> list[tuple[str, str]]:
    """(text, label) of every example; the label is `in_scope` or a reason of declining.

    Raises `PackError` naming file and label when a label is not known.
    """
    examples: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        for label, texts in read_yaml(path).items():
            if label not in (IN_SCOPE, *REASONS):
                raise PackError(f"{path}: label {label!r} is not one of {', '.join((IN_SCOPE, *REASONS))}.")
            examples += [(str(text), label) for text in texts]
    return examples


@dataclass(frozen=True)
class Gate:
    """A multinomial logistic regression: weights (labels, d), bias (labels,)."""

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray

    def probabilities(self, vector: np.ndarray) -> dict[str, float]:
        """Probability of each label for one question's unit vector (d,)."""
        z = self.weights @ vector + self.bias
        z = np.exp(z - z.max())
        return dict(zip(self.labels, (z / z.sum()).tolist()))

    def to_arrays(self) -> dict[str, np.ndarray]:
        return {"labels": np.array(self.labels), "weights": self.weights, "bias": self.bias}

    @classmethod
    def from_arrays(cls, arrays: Any) -> Gate:
        return cls(tuple(str(label) for label in arrays["labels"]), arrays["weights"], arrays["bias"])


def fit(vectors: np.ndarray, labels: list[str]) -> Gate:
    """Fit the gate on (n, d) unit vectors. With fewer than two labels everything is in scope."""
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        return Gate((IN_SCOPE,), np.zeros((1, vectors.shape[1] if vectors.ndim == 2 else 1)), np.zeros(1))
    # e5 vectors lie close together: a weak penalty lets the small differences count. Balanced, as the bank outnumbers the examples.
    model = LogisticRegression(C=30.0, max_iter=2000, class_weight="balanced").fit(vectors, labels)
    weights, bias = model.coef_, model.intercept_
    if len(names) == 2:  # scikit-learn keeps one row for two classes
        weights, bias = np.vstack([-weights[0] / 2, weights[0] / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return Gate(tuple(model.classes_), weights.astype(np.float32), bias.astype(np.float32))
