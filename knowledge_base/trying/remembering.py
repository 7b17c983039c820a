"""An encoder that keeps what it made: guidance and labelled questions beside a build's own vectors, people's words nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.index.embeddings import DOCUMENT, FOR_GATE, EmbeddingCache, Encodes, encode, width

# Some thirty megabytes of vectors; then all are forgotten, as they are found in the file again.
MOST_KEPT = 5_000


class Remembering:
    """`encoder` with a memory. `learn` keeps vectors in the file at `path` too, where a build finds them; plain encoding never does."""

    def __init__(self, encoder: Encodes, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self._known: dict[tuple[str, str], np.ndarray] = {}
        self.id = encoder.id
        self.dimension = encoder.dimension
        self.gate_dimension = encoder.gate_dimension

    def learn(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        """The vectors (len(texts), `width`) of guidance, of a kind that `embeddings` names. Encoded are those that nobody has made yet."""
        missing = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        if missing:
            self._keep(kind, missing, self._from_file(kind, missing))
        return self._rows(kind, texts)

    def encode_query(self, texts: list[str]) -> np.ndarray:
        """Unit vectors (len(texts), dimension) of questions; new ones are made and kept in memory alone."""
        return self.encode_for_gate(texts)[:, : self.dimension]

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        """The same with what the scope gate looks at behind them (len(texts), gate_dimension)."""
        return self._encoded(FOR_GATE, texts)

    def encode_document(self, texts: list[str]) -> np.ndarray:
        """Unit vectors (len(texts), dimension) of answers; new ones are made and kept in memory alone."""
        return self._encoded(DOCUMENT, texts)

    def _encoded(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        missing = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        if missing:
            self._keep(kind, missing, self._made(kind, missing))
        return self._rows(kind, texts)

    def _from_file(self, kind: str, texts: list[str]) -> np.ndarray:
        try:
            cache = EmbeddingCache(self._path, self._encoder)
        except sqlite3.Error:  # no place to write: they are made again the next time
            return self._made(kind, texts)
        try:
            return cache.vectors(kind, texts)
        except sqlite3.Error:  # a build is writing into it
            return self._made(kind, texts)
        finally:
            cache.close()

    def _made(self, kind: str, texts: list[str]) -> np.ndarray:
        return encode(self._encoder, kind, texts)

    def _keep(self, kind: str, texts: list[str], vectors: np.ndarray) -> None:
        if len(self._known) + len(texts) > MOST_KEPT:
            self._known = {}
        self._known |= {(kind, text): vector for text, vector in zip(texts, np.asarray(vectors, dtype=np.float32))}

    def _rows(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        known = self._known
        rows = [known[kind, text] if (kind, text) in known else self._made(kind, [text])[0] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), width(self._encoder, kind))
