"""Packs read and checked; one of which no file has changed since the last time is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge_base.check import checked_pack, faults_of, in_order
from knowledge_base.model import Pack
from knowledge_base.packs import Fault, PackFaults


class CheckedPacks:
    """Remembers the last state of each pack by the content of its files and the day, for which it was checked."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Pack | None, list[Fault]]] = {}

    def read(self, folders: Iterable[Path], day: date) -> tuple[list[Pack], list[str]]:
        """The packs in `folders`, and every fault in words, errors first; a pack with faults of form is not among them."""
        packs: list[Pack] = []
        found: list[Fault] = []
        for folder in folders:
            state = _state(folder, day)
            if self._known.get(folder.name, ("",))[0] != state:
                self._known[folder.name] = (state, *_checked(folder, day))
            _, pack, faults = self._known[folder.name]
            found += faults
            packs += [pack] if pack else []
        return packs, [str(fault) for fault in in_order(found)]


def _checked(folder: Path, day: date) -> tuple[Pack | None, list[Fault]]:
    try:
        checked = checked_pack(folder, day)
        pack, faults = checked.pack, faults_of(checked)
    except PackFaults as error:
        pack, faults = None, error.faults
    # People know the pack and its file, not the folder that the console wrote it into.
    return pack, [replace(fault, file=_inside(fault.file, folder.parent)) for fault in faults]


def _inside(file: str, parent: Path) -> str:
    return str(Path(file).relative_to(parent)) if Path(file).is_relative_to(parent) else file


def _state(folder: Path, day: date) -> str:
    digest = hashlib.sha256(day.isoformat().encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(folder)}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        digest.update(path.read_bytes())
    return digest.hexdigest()
