"""Back to an earlier release in one operation: nothing is built, one link is replaced, and the action server swaps within a second."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.errors import ReleaseError
from knowledge_base.index.files import MANIFEST, damaged
from knowledge_base.index.manifest import CURRENT, FOLDER, read_manifest, switch_to
from knowledge_base.publishing.history import ROLLED_BACK, Served, folders, history, remember
from knowledge_base.publishing.lock import SWITCHING, held
from knowledge_base.said import Said


@dataclass(frozen=True)
class Kept:
    """A release that can be gone back to: when it was `built_on`, who published it (`origin`), how many entries, and when it was served."""

    id: str
    folder: Path
    built_on: str
    origin: str
    entries: int
    is_served: bool
    served: tuple[Served, ...]


def kept_releases(releases: Path) -> list[Kept]:
    """The releases that are kept, the one served last first; those that this version cannot read are left out."""
    current, rows = (releases / CURRENT).resolve(), history(releases)
    found = []
    for folder in folders(releases):
        try:
            manifest = read_manifest(folder)
            found.append(_kept(folder, manifest, current, rows))
        except (ReleaseError, KeyError, TypeError, AttributeError):
            continue
    order = {row.release: number for number, row in enumerate(rows)}
    return sorted(found, key=lambda kept: (kept.is_served, order.get(kept.id, -1)), reverse=True)


def origin_of(folder: Path) -> str | None:
    """Who published the release in `folder`, also of one that only another version can open; None when there is none."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("origin", FOLDER))
    except (OSError, ValueError, AttributeError):
        return None


def served_before(releases: Path, release: str) -> Path | None:
    """The folder of the release that was served when `release` began to be, the first time; None when it is gone or there was none."""
    rows = [row.release for row in history(releases)]
    before = rows[: rows.index(release)][-1:] if release in rows else []
    folder = releases / before[0] if before else None
    return folder if folder and folder.exists() else None


def _kept(folder: Path, manifest: dict[str, Any], current: Path, rows: list[Served]) -> Kept:
    return Kept(
        id=folder.name,
        folder=folder,
        built_on=manifest["built_on"],
        origin=manifest.get("origin", FOLDER),
        entries=sum(counts["entries"] for counts in manifest["counts"].values()),
        is_served=folder.resolve() == current,
        served=tuple(row for row in rows if row.release == folder.name),
    )


def roll_back(releases: Path, release: str, by: str = "", comment: str = "") -> Served:
    """Serve the kept `release` again. Raises `ReleaseError` when it is not there, damaged, or made for another encoder than the served one."""
    known = {folder.name: folder for folder in folders(releases)}
    if release not in known:
        there = ", ".join(kept.id for kept in kept_releases(releases)) or Said("none")
        raise ReleaseError(
            Said(
                "There is no release {release!r}; kept are {there}. `bin/customs releases` lists them.",
                release=release,
                there=there,
            )
        )
    folder = known[release]
    manifest = read_manifest(folder)
    if name := damaged(folder, manifest["files"]):
        raise ReleaseError(
            Said(
                "Release {release} cannot be served: its file {name} is missing or damaged. Choose another.",
                release=release,
                name=name,
            )
        )
    with held(releases, SWITCHING):
        current = releases / CURRENT
        if current.exists():
            if current.resolve() == folder.resolve():
                raise ReleaseError(
                    Said(
                        "Release {release} is served already. `bin/customs releases` lists the others.", release=release
                    )
                )
            encoder = read_manifest(current)["encoder"]
            if manifest["encoder"] != encoder:
                raise ReleaseError(
                    Said(
                        "Release {release} was made with the encoder {made!r}, the service runs {runs!r}. "
                        "Choose one that was made with the same.",
                        release=release,
                        made=manifest["encoder"],
                        runs=encoder,
                    )
                )
        switch_to(folder)
        return remember(folder, ROLLED_BACK, by, comment)
