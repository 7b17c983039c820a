"""Vectors of texts, remembered by the text's hash, so that publishing one entry encodes one entry."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

_ASKED_AT_ONCE = 500  # SQLite takes a thousand values in one question


class Encodes(Protocol):
    """What is needed of an encoder: questions and passages (n, dimension), and what the scope gate looks at (n, gate_dimension)."""

    id: str
    dimension: int
    gate_dimension: int

    def encode_query(self, texts: list[str]) -> np.ndarray: ...
    def encode_document(self, texts: list[str]) -> np.ndarray: ...
    def encode_for_gate(self, texts: list[str]) -> np.ndarray: ...


# Kinds of vectors: as questions, as passages, and as questions with what the gate looks at behind them.
QUERY, DOCUMENT, FOR_GATE = "query", "document", "gate"


def encode(encoder: Encodes, kind: str, texts: Sequence[str]) -> np.ndarray:
    """The vectors (len(texts), `width`) of that `kind`."""
    ways = {QUERY: encoder.encode_query, DOCUMENT: encoder.encode_document, FOR_GATE: encoder.encode_for_gate}
    return ways[kind](list(texts))


def width(encoder: Encodes, kind: str) -> int:
    """How many components a vector of that `kind` has."""
    return encoder.gate_dimension if kind == FOR_GATE else encoder.dimension


class EmbeddingCache:
    """A SQLite file of vectors for one or more encoders; safe to delete, it is made again."""

    def __init__(self, path: Path, encoder: Encodes, batch: int = 64) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        # A power cut may cost the newest vectors, never the file: they are made again.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
        self._encoder = encoder
        self._batch = batch

    def vectors(
        self, kind: str, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """The vectors (len(texts), `width`) float32 of that `kind`."""
        keys = [self._key(kind, text) for text in texts]
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, []).append(row)
        vectors = np.empty((len(texts), width(self._encoder, kind)), dtype=np.float32)
        found = self._known(rows, vectors)
        missing = [(key, text) for key, text in dict(zip(keys, texts)).items() if key not in found]
        missing.sort(key=lambda pair: len(pair[1]))  # texts of like length share a batch, so little is padded
        parts = [missing[start : start + self._batch] for start in range(0, len(missing), self._batch)]
        done = 0
        # One thread a processor core: an encoder uses one for each call, and lets others run meanwhile.
        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(parts) or 1)) as threads:
            for part, fresh in zip(parts, threads.map(partial(self._made, kind), parts)):
                for (key, _), vector in zip(part, fresh):
                    vectors[rows[key]] = vector
                made = [(key, vectors[rows[key][0]].tobytes()) for key, _ in part]
                if kind == FOR_GATE:  # whose first part is what the same texts give as questions
                    size = self._encoder.dimension * vectors.itemsize
                    made += [(self._key(QUERY, text), data[:size]) for (_, text), (_, data) in zip(part, made)]
                self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", made)
                self._db.commit()
                done += len(part)
                if progress:
                    progress(done, len(missing))
        return vectors

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder.id}\0{kind}\0{text}".encode()).digest()

    def _made(self, kind: str, part: list[tuple[bytes, str]]) -> np.ndarray:
        return encode(self._encoder, kind, [text for _, text in part])

    def _known(self, rows: dict[bytes, list[int]], vectors: np.ndarray) -> set[bytes]:
        """Fill the `rows` of `vectors` that are remembered; returns their keys."""
        found = set()
        keys = list(rows)
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            part = keys[start : start + _ASKED_AT_ONCE]
            query = f"SELECT key, data FROM vector WHERE key IN ({', '.join('?' * len(part))})"
            for key, data in self._db.execute(query, part):
                vectors[rows[key]] = np.frombuffer(data, dtype=np.float32)
                found.add(key)
        return found

    def close(self) -> None:
        self._db.close()
