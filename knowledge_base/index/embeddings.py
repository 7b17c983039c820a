"""Vectors of texts, remembered by the text's hash, so that publishing one entry encodes one entry."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np


class Encodes(Protocol):
    """What is needed of an encoder."""

    id: str
    dimension: int

    def encode_query(self, texts: list[str]) -> np.ndarray: ...
    def encode_document(self, texts: list[str]) -> np.ndarray: ...


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
        for start in range(0, len(missing), self._batch):
            part = missing[start : start + self._batch]
            for (key, _), vector in zip(part, encode([text for _, text in part])):
                found[key] = np.asarray(vector, dtype=np.float32)
            self._db.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?)", [(key, found[key].tobytes()) for key, _ in part]
            )
            self._db.commit()
            if progress:
                progress(min(start + self._batch, len(missing)), len(missing))
        if not texts:
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def close(self) -> None:
        self._db.close()
