"""A converted encoder in the models folder: written aside, checked, put in place by one rename, and made again only when its source changes."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge_base.index.e5_file import sha256


class ConversionError(Exception):
    """The converted model does not give the vectors that it should; the message names the text, the value and the remedy."""


def ensure(models_dir: Path, name: str, source: dict[str, Any], convert: Callable[[Path], None]) -> Path:
    """The folder `models_dir/name`, made by `convert(folder)` unless it is there and was made from the same `source`.

    Safe when several processes call it at once: the later ones wait and find it done. The manifest holds no date, so that two
    conversions of the same source with the same libraries are alike.
    """
    models_dir = Path(models_dir)
    target = models_dir / name
    if _is_current(target, source):
        return target
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_current(target, source):
            return target
        aside = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=models_dir))
        try:
            convert(aside)
            write_json(aside / "manifest.json", {"source": source, "files": _listed(aside)})
            aside.chmod(0o755)
            _put_in_place(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return target


def files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of each file of a converted encoder, as its manifest has them."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]


def write_json(path: Path, content: object, indent: int | None = 2) -> None:
    """Write `content` to `path`, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


def _is_current(folder: Path, source: dict[str, Any]) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    # Sizes, not hashes: this runs at every start, and hashing 900 MB would take seconds.
    return manifest.get("source") == source and all(
        sizes[name] == entry["bytes"] for name, entry in manifest["files"].items()
    )


def _listed(folder: Path) -> dict[str, dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        path.chmod(0o644)  # some writers leave 0600, and the service may run as another user
    return {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)} for path in paths
    }


def _put_in_place(aside: Path, target: Path) -> None:
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
        os.rename(target, old / target.name)
        os.rename(aside, target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.rename(aside, target)
