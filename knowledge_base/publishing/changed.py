"""What a release changed against the one before it: entries, figures, sources, data of sums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.index.manifest import ENTRIES, PACK

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
_LISTS = {"entries": "entry", "figures": "figure", "sources": "source"}


@dataclass(frozen=True)
class Change:
    """`kind` entry, figure, source, rules or administration; `how` added, changed or removed; `keys` that differ when changed.

    `title` is what people know it by.
    """

    kind: str
    how: str
    id: str
    title: str = ""
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        about = f" ({', '.join(self.keys)})" if self.keys else ""
        return f"{self.kind} {self.id} {self.how}{about}" + (f": {self.title}" if self.title else "")


def changes(before: Path, after: Path) -> tuple[Change, ...]:
    """What the release in the folder `after` has other than the one in `before`; everything is new when there is none before."""
    names = sorted({path.parent.name for folder in (before, after) for path in folder.glob(f"*/{PACK}")})
    return tuple(change for name in names for change in _of_pack(name, *_told(before / name, after / name)))


def _told(before: Path, after: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two releases hold of one administration; nothing of either when it is the same."""
    old, new = ((_read(folder / PACK), _read(folder / ENTRIES).splitlines()) for folder in (before, after))
    if old == new:
        return {}, {}
    same = {*old[1]} & {*new[1]}
    return _parsed(*old, same), _parsed(*new, same)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _parsed(content: bytes, lines: list[bytes], same: set[bytes]) -> dict[str, Any]:
    """A pack with those of its entries whose lines are not the `same`. Up to format 6 its entries stood in the pack itself."""
    try:
        pack = json.loads(content) if content else {}
        return pack | ({"entries": [json.loads(line) for line in lines if line not in same]} if lines else {})
    except ValueError:
        return {}


def _of_pack(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    yield from _compared("administration", {name: old.get("administration")}, {name: new.get("administration")})
    for key, kind in _LISTS.items():
        before, after = ({item["id"]: item for item in pack.get(key, ())} for pack in (old, new))
        yield from _compared(kind, before, after)
    before, after = ({f"{name}/{file}": data for file, data in pack.get("rules", {}).items()} for pack in (old, new))
    yield from _compared("rules", before, after)


def _compared(kind: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        title = str((new or old).get("title") or (new or old).get("label") or "")
        if old is None or new is None:
            yield Change(kind, ADDED if old is None else REMOVED, name, title)
        else:
            keys = tuple(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))
            yield Change(kind, CHANGED, name, title, keys)
