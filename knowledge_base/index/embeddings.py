"""Vectors of texts, remembered by the text's hash, so that publishing one entry encodes one entry."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np

_ASKED_AT_ONCE = 500  # SQLite takes a thousand values in one question


class Encodes(Protocol):
    """What is needed of an encoder; `second` is the scope gate's second opinion, or None."""

    id: str
    dimension: int
    second: Encodes | None

    def encode_query(self, texts: list[str]) -> np.ndarray: ...
    def encode_document(self, texts: list[str]) -> np.ndarray: ...


def identity(encoder: Encodes) -> str:
    """What a release is made with: the encoder, and the second one beside it."""
    return f"{encoder.id}+{encoder.second.id}" if encoder.second else encoder.id


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
        """Unit vectors (len(texts), dimension) float32; `kind` is `query` or `document`."""
        keys = [hashlib.sha256(f"{self._encoder.id}\0{kind}\0{text}".encode()).digest() for text in texts]
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, []).append(row)
        vectors = np.empty((len(texts), self._encoder.dimension), dtype=np.float32)
        found = self._known(rows, vectors)
        missing = [(key, text) for key, text in dict(zip(keys, texts)).items() if key not in found]
        missing.sort(key=lambda pair: len(pair[1]))  # texts of like length share a batch, so little is padded
        encode = self._encoder.encode_query if kind == "query" else self._encoder.encode_document
        parts = [missing[start : start + self._batch] for start in range(0, len(missing), self._batch)]
        done = 0
        # One thread a processor core: an encoder uses one for each call, and lets others run meanwhile.
        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(parts) or 1)) as threads:
            for part, fresh in zip(parts, threads.map(lambda part: encode([text for _, text in part]), parts)):
                for (key, _), vector in zip(part, fresh):
                    vectors[rows[key]] = vector
                self._db.executemany(
                    "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                    [(key, vectors[rows[key][0]].tobytes()) for key, _ in part],
                )
                self._db.commit()
                done += len(part)
                if progress:
                    progress(done, len(missing))
        return vectors

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
