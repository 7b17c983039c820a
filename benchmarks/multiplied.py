"""A knowledge base of any size, made of the real one: entries multiplied with derived texts and perturbed vectors.

Copy 0 of an entry is the entry. Every other copy has a mark in its texts, a third of its answer's words replaced by words of other
answers, and vectors moved from the real ones: all of a copy's together along the difference of two real entries, by as much as an entry is away from
its nearest neighbour, and each by a quarter of that on its own. So copies lie as close as real neighbours do, in the directions
in which real entries differ. Random directions would be too easy to tell apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.index.embeddings import DOCUMENT, FOR_GATE, QUERY, EmbeddingCache, Encodes, width
from knowledge_base.model import Entry, Pack

ADMINISTRATION = "zz"
_MARK = re.compile(r" ⟦(\d+)⟧")
_WORD = re.compile(r"(?<![{\w.])[a-z]{4,}(?![\w.]*})")  # not within {a figure}


def multiply(packs: Sequence[Pack], entries: int, phrasings: int | None = None) -> Pack:
    """One administration of `entries` entries; `phrasings`: at most so many ways of asking for each."""
    real = [(pack.topics[entry.id], entry) for pack in packs for entry in pack.entries.values()]
    words = sorted({word for _, entry in real for word in _WORD.findall(entry.answer)})
    made: dict[str, Entry] = {}
    topics: dict[str, str] = {}
    for number in range(entries):
        topic, entry = real[number % len(real)]
        copy = _copy(entry, number, number // len(real), words, phrasings)
        made[copy.id], topics[copy.id] = copy, topic
    return Pack.model_construct(
        administration=packs[0].administration.model_copy(update={"id": ADMINISTRATION}),
        sources={name: source for pack in packs for name, source in pack.sources.items()},
        figures={name: figure for pack in packs for name, figure in pack.figures.items()},
        entries=made,
        topics=topics,
    )


def _copy(entry: Entry, number: int, copy: int, words: list[str], phrasings: int | None) -> Entry:
    mark = f" ⟦{number}⟧" if copy else ""
    chance = random.Random(number)

    def derived(text: str) -> str:
        return _WORD.sub(lambda found: chance.choice(words) if chance.random() < 1 / 3 else found.group(), text)

    questions = {}
    left = phrasings if phrasings is not None else 10**6
    for language, texts in entry.questions.items():
        if kept := texts[:left]:
            questions[language] = [text + mark for text in kept]
            left -= len(kept)
    return entry.model_copy(
        update={
            "id": f"{ADMINISTRATION}.{entry.id.replace('.', '_')}.n{number}",
            "title": entry.title + mark,
            "answer": derived(entry.answer) if copy else entry.answer,
            "questions": questions,
            "translations": {},
            "related": [],
        }
    )


class MultipliedEncoder:
    """The real encoder for what people ask; for a copy's texts the vectors of the real text, moved as the module says.

    The real vectors of the bank are kept in the file `path`. Needs `learn` before it meets a copy.
    """

    def __init__(self, real: Encodes, path: Path) -> None:
        self.real, self._path = real, path
        self.id, self.dimension = f"{real.id}/multiplied", real.dimension
        self.gate_dimension = real.gate_dimension
        self._known: dict[tuple[str, str], np.ndarray] = {}
        self._centres = np.zeros((0, self.dimension), dtype=np.float32)
        self._shift = 0.0

    def learn(self, packs: Sequence[Pack]) -> None:
        """Take the differences between real entries from `packs`."""
        entries = [entry for pack in packs for entry in pack.entries.values()]
        counts = [sum(map(len, entry.questions.values())) for entry in entries]
        vectors = iter(self.phrasings(packs))
        centres = np.array([np.mean([next(vectors) for _ in range(count)], axis=0) for count in counts])
        self._centres = _unit(centres)
        near = self._centres @ self._centres.T
        np.fill_diagonal(near, -1)
        cosine = float(np.median(near.max(axis=1)))
        self._shift = (1 / cosine**2 - 1) ** 0.5

    def phrasings(self, packs: Sequence[Pack]) -> np.ndarray:
        """The real vectors (n, d) of every question of `packs`."""
        entries = [entry for pack in packs for entry in pack.entries.values()]
        return self._remembered(
            QUERY, [text for entry in entries for native in entry.questions.values() for text in native]
        )

    def encode_query(self, texts: list[str]) -> np.ndarray:
        return self.real.encode_query(texts) if _is_from_outside(texts) else self._bulk(QUERY, texts)

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.real.encode_for_gate(texts) if _is_from_outside(texts) else self._bulk(FOR_GATE, texts)

    def encode_document(self, texts: list[str]) -> np.ndarray:
        # A copy's answer has other words; its title, which is in front and has the mark, says whose copy it is.
        return self._bulk(
            DOCUMENT,
            [_MARK.split(text)[0] + found.group() if (found := _MARK.search(text)) else text for text in texts],
        )

    def _bulk(self, kind: str, texts: list[str]) -> np.ndarray:
        marks = [_MARK.search(text) for text in texts]
        vectors = self._remembered(kind, [_MARK.sub("", text) for text in texts])
        for row, mark in enumerate(marks):
            if mark:
                vectors[row, : self.dimension] += self._moved(int(mark.group(1)), texts[row])
        vectors[:, : self.dimension] = _unit(vectors[:, : self.dimension])
        return vectors

    def _moved(self, number: int, text: str) -> np.ndarray:
        together, alone = (
            np.random.default_rng(number),
            np.random.default_rng([number, *text.encode()[-64:], len(text)]),
        )
        return self._shift * (self._difference(together) + self._difference(alone) / 4)

    def _difference(self, chance: np.random.Generator) -> np.ndarray:
        """A direction of length 1 in which two real entries differ."""
        one, other = chance.choice(len(self._centres), 2, replace=False)
        difference = self._centres[one] - self._centres[other]
        return difference / max(float(np.linalg.norm(difference)), 1e-9)

    def _remembered(self, kind: str, texts: list[str]) -> np.ndarray:
        if missing := list(dict.fromkeys(text for text in texts if (kind, text) not in self._known)):
            cache = EmbeddingCache(self._path, self.real)
            try:
                self._known |= {(kind, text): vector for text, vector in zip(missing, cache.vectors(kind, missing))}
            finally:
                cache.close()
        return np.array([self._known[kind, text] for text in texts], dtype=np.float32).reshape(-1, width(self, kind))


def _is_from_outside(texts: list[str]) -> bool:
    """Is it a question that somebody asks: the pass that is measured?"""
    return len(texts) == 1 and not _MARK.search(texts[0])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)).astype(np.float32)
