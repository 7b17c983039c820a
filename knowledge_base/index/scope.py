"""Is this a question for customs guidance at all? A learned gate on the vector of the question.

Trained, when a release is built, on the release's own questions against labelled examples of what is not answered:
`knowledge_base/scope/*.yml`, by reason of declining. It works on the vector, so it carries over to other languages.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import block_diag
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

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


# Five small networks that began from different random weights: their mean errs less than the best of them.
_NETWORKS = 5
_HIDDEN = 96
_BATCH, _STEPS = 200, 1000
# Examples of what is not answered count more than those of what is, which outnumber them: up to so many times.
_MOST_WEIGHT = 5
# Unit vectors have small components; larger ones let so short a training tell them apart.
_SCALE = 5.0


@dataclass(frozen=True)
class Gate:
    """The mean of a few networks, each a list of layers: weights (in, out) and bias (out,), rectified between; the last one's are the labels."""

    labels: tuple[str, ...]
    networks: tuple[tuple[tuple[np.ndarray, np.ndarray], ...], ...]

    def probabilities(self, vector: np.ndarray) -> dict[str, float]:
        """Probability of each label for one question's vector (d,), as `Encodes.encode_for_gate` gives it."""
        z = np.asarray(vector, dtype=np.float32) * _SCALE
        for weights, bias in self._together[:-1]:
            z = np.maximum(z @ weights + bias, 0.0)
        weights, bias = self._together[-1]
        z = z @ weights + bias
        z = np.exp(z - z.max())
        return dict(zip(self.labels, (z / z.sum()).tolist()))

    @cached_property
    def _together(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The layers of one network that gives the mean of all: five small products a question would take longer than one."""
        if len(self.networks) == 1:
            return list(self.networks[0])
        first, *between, last = zip(*self.networks)
        together = [(np.hstack([w for w, _ in first]), np.concatenate([b for _, b in first]))]
        together += [(block_diag(*(w for w, _ in layer)), np.concatenate([b for _, b in layer])) for layer in between]
        share = np.float32(1 / len(self.networks))
        together.append((np.vstack([w for w, _ in last]) * share, sum(b for _, b in last) * share))
        return together

    def to_arrays(self) -> dict[str, np.ndarray]:
        arrays = {"labels": np.array(self.labels)}
        for number, layers in enumerate(self.networks):
            for depth, (weights, bias) in enumerate(layers):
                arrays |= {f"w{number}.{depth}": weights, f"b{number}.{depth}": bias}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Any) -> Gate:
        names = set(arrays)

        def network(number: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
            depths = range(sum(name.startswith(f"w{number}.") for name in names))
            return tuple((arrays[f"w{number}.{depth}"], arrays[f"b{number}.{depth}"]) for depth in depths)

        count = len({name.split(".")[0] for name in names if name.startswith("w")})
        return cls(tuple(str(label) for label in arrays["labels"]), tuple(network(number) for number in range(count)))


def fit(vectors: np.ndarray, labels: list[str]) -> Gate:
    """Fit the gate on (n, d) vectors; the same for the same examples. With fewer than two labels everything is in scope."""
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        width = vectors.shape[1] if vectors.ndim == 2 else 1
        return Gate((IN_SCOPE,), (((np.zeros((width, 1), dtype=np.float32), np.zeros(1, dtype=np.float32)),),))
    told = np.array(labels)
    inside = int((told == IN_SCOPE).sum())
    weight = min(max(inside // max(len(told) - inside, 1), 1), _MOST_WEIGHT)
    rows = np.repeat(np.arange(len(told)), np.where(told == IN_SCOPE, 1, weight))
    rounds = max(12, _STEPS // -(-len(rows) // _BATCH))
    networks = []
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the steps are few on purpose: more of them learn by heart
        for seed in range(_NETWORKS):
            model = MLPClassifier(
                (_HIDDEN,), alpha=1e-2, learning_rate_init=2e-3, max_iter=rounds, batch_size=min(_BATCH, len(rows)), random_state=seed
            )
            model.fit(np.asarray(vectors, dtype=np.float32)[rows] * _SCALE, told[rows])
            layers = [(w.astype(np.float32), b.astype(np.float32)) for w, b in zip(model.coefs_, model.intercepts_)]
            if len(names) == 2:  # scikit-learn keeps one output for two labels
                weights, bias = layers[-1]
                layers[-1] = (np.hstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2]))
            networks.append(tuple(layers))
    return Gate(names, tuple(networks))
