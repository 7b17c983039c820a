"""What a release says of itself, and which one is served; read without opening it, and without what opening it needs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from knowledge_base.errors import ReleaseError
from knowledge_base.index.files import MANIFEST
from knowledge_base.said import Said

FORMAT = 7
CURRENT = "current"
FOLDER, CONSOLE = "folder", "console"  # who published a release
CONTENT = "content"
PACK, ENTRIES = "pack.json", "entries.jsonl"  # of each administration


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the release in `folder`. Raises `ReleaseError`."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ReleaseError(
                Said(
                    "Release {folder} has format {other}, this version reads {known}. Run `bin/customs build`.",
                    folder=folder,
                    other=manifest["format"],
                    known=FORMAT,
                )
            )
        return manifest
    except FileNotFoundError:
        raise ReleaseError(Said("There is no release in {folder}. Run `bin/customs build`.", folder=folder)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            Said(
                "The manifest of {folder} cannot be read ({error}). Run `bin/customs build`.",
                folder=folder,
                error=error,
            )
        ) from None


def renewed_texts(manifest: dict[str, Any]) -> int:
    """How many texts are other than those that a release was learned from as a whole; 0 for one that depends on its content alone."""
    return sum(counts["renewed"] for counts in (*manifest["counts"].values(), manifest["gate"]))


def switch_to(folder: Path) -> None:
    """Make `folder` the served release, by one atomic rename."""
    link = folder.parent / CURRENT
    new = folder.parent / f".{CURRENT}.{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(folder.name)
    os.replace(new, link)
