"""What a release changed against the one before it: entries, figures, sources, data of sums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    old, new = _packs(before), _packs(after)
    return tuple(
        change for name in sorted({*old, *new}) for change in _of_pack(name, old.get(name, {}), new.get(name, {}))
    )


def _packs(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "packs.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
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
