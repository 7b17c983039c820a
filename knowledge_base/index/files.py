"""The files of a release: their hashes, whether they are as they were written, and taking them over into the next one."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_MOST_LOOKED = 20_000


def hash_of(path: Path) -> str | None:
    """The SHA-256 of a file, None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


class Looked:
    """Hashes of files, remembered while a file is the same and nobody wrote into it. What was taken over is the same file as before."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], str] = {}

    def hash_of(self, path: Path) -> str | None:
        """The SHA-256 of a file, None when it cannot be read."""
        try:
            told = path.stat()
        except OSError:
            return None
        state = (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns)
        if state not in self._known and (digest := hash_of(path)) is not None:
            if len(self._known) >= _MOST_LOOKED:
                self._known.clear()
            self._known[state] = digest
        return self._known.get(state)


def hashes(folder: Path, looked: Looked) -> dict[str, str | None]:
    """The hash of every file in `folder` but the manifest, by its path in it."""
    return {
        str(path.relative_to(folder)): looked.hash_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _identity(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_dev, told.st_ino


def damaged(folder: Path, files: dict[str, str], looked: Looked | None = None) -> str | None:
    """The first of `files` that is missing or has another hash."""
    looked = looked or Looked()
    return next((name for name, digest in files.items() if looked.hash_of(folder / name) != digest), None)


def not_shared(folder: Path, files: dict[str, str], other: Path, others: dict[str, str]) -> dict[str, str]:
    """Those of `files` in `folder` that are not the very same file in the folder `other`, with the same hash among `others`."""
    return {
        name: digest
        for name, digest in files.items()
        if others.get(name) != digest or not _is_same(folder / name, other / name)
    }


def _is_same(one: Path, other: Path) -> bool:
    try:
        return _identity(one) == _identity(other)
    except OSError:
        return False


def files_of(manifest: dict[str, Any], part: str) -> dict[str, str]:
    """The files that a release has in its folder `part`, or the one file `part`, with their hashes."""
    files: dict[str, str] = manifest.get("files", {})
    return {path: digest for path, digest in files.items() if path == part or path.startswith(f"{part}/")}


def take_over(served: Path, folder: Path) -> None:
    """The files of the folder `served` in `folder`, which is made."""
    shutil.copytree(served, folder, copy_function=take_over_file)


def take_over_file(served: str | Path, copy: str | Path) -> None:
    """The file `served` as `copy`: the very same one where the file system can, as no release ever changes."""
    try:
        os.link(served, copy)
    except OSError:
        shutil.copy2(served, copy)
