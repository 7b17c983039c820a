"""A key that is made once and kept beside the data, readable by its owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The key in `path`; made at the first call. Two processes that start together read the same one."""
    with contextlib.suppress(FileNotFoundError):
        if kept := path.read_text(encoding="utf-8").strip():
            return kept
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(aside, path)
    except FileExistsError:
        if not path.read_text(encoding="utf-8").strip():  # left empty by a crash
            os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()
