"""Goods by what people call them: the release's own encoder, and letters for slips and brands, with a calibrated verdict.

A heading is never guessed in silence. `sure` is shown to be confirmed, `which` names the few that it may be, `unsure` says that nobody
should rely on any of them. How sure the finder may be it learns from the catalogue itself, for the encoder at hand: each wording is
asked with itself left out, and once more with its whole good left out, when whatever comes first is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from knowledge_base.folding import fold
from knowledge_base.tariff.catalogue import Catalogue

Verdict = Literal["sure", "which", "unsure"]
_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**16, alternate_sign=False, norm=None)
_WEIGHTS = np.array([1.0, 0.35], dtype=np.float32)  # of meaning and of letters
# Chosen on every second line of tests/knowledge_base/tariff/descriptions.yml, measured on the others.
_SURE, _AMONG = 0.6, 0.65
_STRANGERS = 0.25  # how often people ask for what the catalogue lacks, against what it has
_SHOWN = 3
_CODE = re.compile(r"(?:\d[\s.]?){6,10}")
_ASKED = 2000  # wordings to learn from, however large the catalogue


class Encodes(Protocol):
    """What is needed of an encoder."""

    def encode_query(self, texts: list[str]) -> np.ndarray: ...


@dataclass(frozen=True)
class Candidate:
    """A good of the catalogue; `likeness` orders candidates and means nothing by itself."""

    good: str
    hs: str
    likeness: float


@dataclass(frozen=True)
class Classified:
    """What a description may be: one good when `sure`, up to three when `which`; for `unsure` the nearest, as a hint only.

    `probability` is that the first is right, or for `which` that one of them is.
    """

    verdict: Verdict
    candidates: tuple[Candidate, ...]
    probability: float


@dataclass(frozen=True)
class Sureness:
    """Two regressions over the features of a ranking: is the first right, is one of the first three? weights (2, features)."""

    weights: np.ndarray
    bias: np.ndarray

    def probabilities(self, features: np.ndarray) -> tuple[float, float]:
        """That the first is right, and that one of the first three is."""
        first, among = 1 / (1 + np.exp(-(self.weights @ features + self.bias)))
        return float(first), float(max(first, among))


class GoodsFinder:
    """The wordings of a catalogue as unit vectors (n, d) and rows of letters, each of a good by number."""

    def __init__(
        self, goods: list[tuple[str, str]], owner: np.ndarray, vectors: np.ndarray, letters: csr_matrix,
        rarity: np.ndarray, sureness: Sureness,
    ) -> None:  # fmt: skip
        self.goods = goods
        self._owner, self._vectors, self._letters, self._rarity = owner, vectors, letters, rarity
        self._sureness = sureness
        self._order = np.argsort(owner, kind="stable")
        self._starts = np.searchsorted(owner[self._order], np.arange(len(goods)))

    @classmethod
    def build(cls, catalogue: Catalogue, encode: Callable[[list[str]], np.ndarray]) -> GoodsFinder:
        """Learn a catalogue; `encode` turns texts into unit vectors as the encoder does for questions."""
        texts = [(fold(text), number) for number, good in enumerate(catalogue.goods) for text in good.texts()]
        owner = np.array([number for _, number in texts], dtype=np.int32)
        vectors = encode([text for text, _ in texts]).astype(np.float16)
        counts = _LETTERS.transform([text for text, _ in texts])
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        letters = normalize(counts.multiply(rarity).tocsr())
        goods = [(good.id, good.hs) for good in catalogue.goods]
        blank = Sureness(np.zeros((2, 4)), np.zeros(2))
        finder = cls(goods, owner, vectors, letters, rarity, blank)
        finder._sureness = finder._learn()
        return finder

    def find(self, description: str, encoder: Encodes, among: set[str] | None = None) -> Classified:
        """What `description` may be. `among` are the ids of the goods to choose from; all when it is None."""
        text = fold(description)
        if code := self._by_code(text, among):
            return code
        if not text.strip():
            return Classified("unsure", (), 0.0)
        likeness = self._asked(encoder.encode_query([text])[0], text)
        allowed = None if among is None else np.array([good in among for good, _ in self.goods])
        return self._verdict(likeness, allowed)

    def _by_code(self, text: str, among: set[str] | None) -> Classified | None:
        """Goods whose code somebody wrote down, if the text is a code."""
        if not _CODE.fullmatch(text.strip().removeprefix("hs").strip(" .:")):
            return None
        digits = re.sub(r"\D", "", text)
        named = [(good, hs) for good, hs in self.goods if digits.startswith(hs) and (among is None or good in among)]
        found = tuple(Candidate(good, hs, 1.0) for good, hs in named)
        if not found:
            return Classified("unsure", (), 0.0)
        return Classified("sure" if len(found) == 1 else "which", found[:_SHOWN], 1.0)

    def _letter_row(self, text: str) -> csr_matrix:
        return normalize(_LETTERS.transform([text]).multiply(self._rarity).tocsr())

    def _likeness(self, meaning: np.ndarray, letters: np.ndarray) -> np.ndarray:
        """The best wording of each good: (goods, asked, 2) from likenesses (wordings, asked) by meaning and by letters."""
        both = np.stack([meaning, letters], axis=-1)[self._order]
        return np.maximum.reduceat(both, self._starts, axis=0)

    def _asked(self, vector: np.ndarray, text: str) -> np.ndarray:
        """How like each good is to a text: (goods, 2)."""
        meaning = self._vectors.astype(np.float32) @ vector.astype(np.float32)
        shared = np.asarray((self._letters @ self._letter_row(text).T).todense())
        return self._likeness(meaning[:, None], shared)[:, 0]

    @staticmethod
    def _ranked(likeness: np.ndarray, allowed: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the goods, the likeliest first, and the features of the ranking."""
        scores = likeness @ _WEIGHTS
        if allowed is not None:
            scores = np.where(allowed, scores, -9.0)
        order = np.argsort(-scores, kind="stable")
        top, second = order[0], order[min(1, len(order) - 1)]
        lead = scores[top] - scores[[second, order[min(_SHOWN, len(order) - 1)]]]
        return order, np.array([*likeness[top], *np.minimum(lead, 1.0)])

    def _verdict(self, likeness: np.ndarray, allowed: np.ndarray | None) -> Classified:
        order, features = self._ranked(likeness, allowed)
        if allowed is not None:
            order = order[allowed[order]]
        scores = likeness @ _WEIGHTS
        shown = tuple(Candidate(*self.goods[number], likeness=float(scores[number])) for number in order[:_SHOWN])
        first, among = self._sureness.probabilities(features)
        if first >= _SURE:
            return Classified("sure", shown[:1], first)
        if among >= _AMONG and len(shown) > 1:
            return Classified("which", shown, among)
        return Classified("unsure", shown, first)

    def _learn(self) -> Sureness:
        """Ask wordings of the catalogue with themselves left out, and with their good left out."""
        numbers = np.arange(0, len(self._owner), max(1, len(self._owner) // _ASKED))
        vectors = self._vectors.astype(np.float32)
        meaning = vectors @ vectors[numbers].T
        shared = np.asarray((self._letters @ self._letters[numbers].T).todense(), dtype=np.float32)
        meaning[numbers, np.arange(len(numbers))] = -1.0
        shared[numbers, np.arange(len(numbers))] = 0.0
        likeness = self._likeness(meaning, shared)
        features, first, among, weight = [], [], [], []
        for place, number in enumerate(numbers):
            own = int(self._owner[number])
            order, row = self._ranked(likeness[:, place], None)
            allowed = np.arange(len(self.goods)) != own
            features += [row, self._ranked(likeness[:, place], allowed)[1]]
            first += [order[0] == own, False]
            among += [own in order[:_SHOWN], False]
            weight += [1.0, _STRANGERS]
        fitted = [_fit(np.array(features), np.array(labels), np.array(weight)) for labels in (first, among)]
        return Sureness(np.stack([weights for weights, _ in fitted]), np.array([bias for _, bias in fitted]))

    def save(self, folder: Path) -> None:
        """Write the finder into the new `folder`."""
        folder.mkdir(parents=True)
        np.save(folder / "vectors.npy", self._vectors)
        save_npz(folder / "letters.npz", self._letters)
        np.savez(
            folder / "finder.npz", owner=self._owner, rarity=self._rarity, weights=self._sureness.weights,
            bias=self._sureness.bias,
        )  # fmt: skip
        (folder / "goods.json").write_text(json.dumps(self.goods), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> GoodsFinder | None:
        """Open what `save` wrote, None if nothing was."""
        if not folder.exists():
            return None
        goods = [tuple(pair) for pair in json.loads((folder / "goods.json").read_text(encoding="utf-8"))]
        with np.load(folder / "finder.npz") as arrays:
            sureness = Sureness(arrays["weights"], arrays["bias"])
            owner, rarity = arrays["owner"], arrays["rarity"]
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        return cls(goods, owner, vectors, load_npz(folder / "letters.npz").tocsr(), rarity, sureness)


def _fit(features: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias of a regression; a catalogue of one kind of answer says nothing, and then nothing is sure."""
    if len(set(labels.tolist())) < 2:
        return np.zeros(features.shape[1]), -9.0
    scale = features.std(axis=0) + 1e-6
    model = LogisticRegression(C=10.0, max_iter=1000).fit(features / scale, labels, weight)
    return model.coef_[0] / scale, float(model.intercept_[0])
