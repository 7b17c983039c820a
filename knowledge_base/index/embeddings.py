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
        self._db.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
        self._encoder = encoder
        self._batch = batch

    def vectors(
        self, kind: str, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Unit vectors (len(texts), dimension) float32; `kind` is `query` or `document`."""
        keys = [hashlib.sha256(f"{self._encoder.id}\0{kind}\0{text}".encode()).digest() for text in texts]
        found: dict[bytes, np.ndarray] = {}
        for key in set(keys):
            row = self._db.execute("SELECT data FROM vector WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = np.frombuffer(row[0], dtype=np.float32)
        missing = [(key, text) for key, text in dict(zip(keys, texts)).items() if key not in found]
        missing.sort(key=lambda pair: len(pair[1]))  # texts of like length share a batch, so little is padded
        encode = self._encoder.encode_query if kind == "query" else self._encoder.encode_document
        parts = [missing[start : start + self._batch] for start in range(0, len(missing), self._batch)]
        done = 0
        # One thread a processor core: an encoder uses one for each call, and lets others run meanwhile.
        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(parts) or 1)) as threads:
            for part, vectors in zip(parts, threads.map(lambda part: encode([text for _, text in part]), parts)):
                for (key, _), vector in zip(part, vectors):
                    found[key] = np.asarray(vector, dtype=np.float32)
                self._db.executemany(
                    "INSERT OR REPLACE INTO vector VALUES (?, ?)", [(key, found[key].tobytes()) for key, _ in part]
                )
                self._db.commit()
                done += len(part)
                if progress:
                    progress(done, len(missing))
        if not texts:
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def close(self) -> None:
        self._db.close()
