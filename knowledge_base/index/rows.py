"""The vectors of a bank: an array, or one that lies in the file of an earlier release with the few that came since beside it.

Of ten thousand entries they are most of a gigabyte; a publication that changes one question neither copies nor reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from knowledge_base.index.files import take_over_file

_BEFORE, _CAME, _PLACES = "questions.npy", "questions_came.npy", "questions_places.npy"


@dataclass(frozen=True)
class Rows:
    """Vectors (n, d) float32 by number, to be read as an array is: of `before` (b, d) and `came` (c, d), one after the other, at `places` (n,)."""

    before: np.ndarray
    came: np.ndarray
    places: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.places), self.before.shape[1]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, numbers: Any) -> np.ndarray:
        places = self.places[numbers]
        late = places >= len(self.before)
        if np.ndim(places) == 0:
            return self.came[places - len(self.before)] if late else self.before[places]
        found = self.before[np.where(late, 0, places)] if len(self.before) else np.empty((len(places), self.shape[1]), np.float32)
        found[late] = self.came[places[late] - len(self.before)]
        return found

    def __matmul__(self, other: np.ndarray) -> np.ndarray:
        return np.concatenate([self.before @ other, self.came @ other])[self.places]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self[:], dtype=dtype)


def renewed_rows(rows: np.ndarray | Rows, kept: np.ndarray, fresh: np.ndarray) -> np.ndarray | Rows:
    """Other vectors, by number: those of `kept` (n,) that are not -1 are of `rows`, the rest are `fresh`, in their order."""
    parts = rows if isinstance(rows, Rows) else Rows(rows, rows[:0], np.arange(len(rows)))
    places = np.full(len(kept), -1, dtype=np.int64)
    places[kept >= 0] = parts.places[kept[kept >= 0]]
    places[kept < 0] = len(parts.before) + len(parts.came) + np.arange(len(fresh))
    return Rows(parts.before, np.concatenate([parts.came, fresh]).astype(np.float32, copy=False), places)


def inner_products(rows: np.ndarray | Rows, numbers: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Those of `asked` (d,) and the vectors numbered `numbers` (n, m), NaN for -1. The vectors are not copied: they are megabytes."""
    before, places = (rows.before, np.where(numbers < 0, -1, rows.places[numbers])) if isinstance(rows, Rows) else (rows, numbers)
    late = places >= len(before)
    asked, found = np.ascontiguousarray(asked, dtype=np.float32), np.empty(numbers.shape, dtype=np.float32)
    read = np.ascontiguousarray(np.where(late, -1, places)) if isinstance(rows, Rows) else places
    arrays = (faiss.swig_ptr(array) for array in (found, asked, before, read))
    faiss.fvec_inner_products_by_idx(*arrays, before.shape[1], 1, read.size)
    if isinstance(rows, Rows):
        found[late] = rows.came[places[late] - len(before)] @ asked
    found[numbers < 0] = np.nan
    return found


def save_rows(rows: np.ndarray | Rows, folder: Path, served: Path | None = None) -> None:
    """Write the vectors into `folder`. `served` is the folder that `before` was opened from: its file is taken over."""
    if not isinstance(rows, Rows) or served is None:
        np.save(folder / _BEFORE, np.asarray(rows))
        return
    take_over_file(served / _BEFORE, folder / _BEFORE)
    np.save(folder / _CAME, rows.came)
    np.save(folder / _PLACES, rows.places)


def load_rows(folder: Path) -> np.ndarray | Rows:
    """Open what `save_rows` wrote. They stay in the file: only what is asked for takes memory, once for all processes."""
    # A plain view of the mapped file: an array that knows its file takes five times as long to index.
    before = np.asarray(np.load(folder / _BEFORE, mmap_mode="r"))
    if not (folder / _PLACES).exists():
        return before
    return Rows(before, np.load(folder / _CAME), np.load(folder / _PLACES))
