"""Which release was served when, by whom and why; which are kept, and which go.

`releases/served.jsonl` has a line each time that a release begins to be served. It knows nothing of what is in a release.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

LOG = "served.jsonl"
CURRENT = "current"
BUILT, PUBLISHED, ROLLED_BACK = "built", "published", "rolled back"


@dataclass(frozen=True)
class Retention:
    """The newest `releases` are kept, and whichever was published or rolled back to and served within the last `days`.

    What was only built, from a folder that still has its packs, can be built again.
    """

    releases: int = 5
    days: int = 30


@dataclass(frozen=True)
class Served:
    """A release began to be served: `how` is built, published or rolled back."""

    release: str
    at: datetime
    how: str
    by: str = ""
    comment: str = ""


def remember(folder: Path, how: str, by: str = "", comment: str = "", at: datetime | None = None) -> Served:
    """Note that the release in `folder` is served from now on."""
    row = Served(folder.name, at or datetime.now(timezone.utc), how, by, comment)
    line = json.dumps(row.__dict__ | {"at": row.at.isoformat(timespec="seconds")}, ensure_ascii=False) + "\n"
    with (folder.parent / LOG).open("ab") as file:
        if file.tell() and not _ends_with_line(folder.parent / LOG):  # the machine went down in the middle of a line
            line = "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return row


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def history(releases: Path) -> list[Served]:
    """Every time that a release began to be served, the latest last. Lines that cannot be read are passed over."""
    try:
        lines = (releases / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    rows = []
    for line in lines:
        try:
            told = json.loads(line)
            at = datetime.fromisoformat(told["at"])
            rows.append(Served(str(told["release"]), at, str(told["how"]), str(told["by"]), str(told["comment"])))
        except (ValueError, KeyError, TypeError):
            continue
    return rows


def folders(releases: Path) -> list[Path]:
    """The releases that are there, the one built last first."""
    found = [
        folder
        for folder in (releases.iterdir() if releases.is_dir() else ())
        if folder.is_dir() and not folder.is_symlink() and folder.name[0] != "." and (folder / "manifest.json").exists()
    ]
    return sorted(found, key=lambda folder: (folder / "manifest.json").stat().st_mtime, reverse=True)


def tidy(releases: Path, keep: Retention | None = None, now: datetime | None = None) -> list[str]:
    """Remove the releases that `keep` does not name; the served one always stays. Returns the ids of those removed."""
    keep = keep or Retention()
    served = (releases / CURRENT).resolve()
    since = (now or datetime.now(timezone.utc)) - timedelta(days=keep.days)
    rows = [row for row in history(releases) if row.how != BUILT]
    recent = {row.release for row in rows if row.at >= since}
    # What was served on the first of those days began before it.
    recent |= {row.release for row in [row for row in rows if row.at < since][-1:]}
    gone = []
    for folder in folders(releases)[keep.releases :]:
        if folder.resolve() != served and folder.name not in recent:
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder.name)
    return gone
