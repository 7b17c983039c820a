"""Who asked, as a number that nobody can turn back into a person: a keyed hash whose key changes every month.

People are counted by it, and the questions of one conversation are found by it. Keys lie in a folder of their own, so that a copy of the
database alone tells nothing about a Telegram number; a key is deleted when its questions are, and then no hash can be made again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

_BYTES = 16


class People:
    """Hashes of conversations, with the keys in `folder` (readable by its owner only; `2026-11.key`, one a month)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: dict[str, bytes] = {}

    def person(self, conversation: str, at: float) -> str:
        """The hash of `conversation` in the month of `at` (seconds since 1970): 32 hexadecimal digits."""
        return _hash(self._key(_month(at)), conversation)

    def persons(self, conversation: str) -> list[str]:
        """The hashes of `conversation` with every key that is still there."""
        return [_hash(path.read_bytes(), conversation) for path in sorted(self.folder.glob("????-??.key"))]

    def forget(self, before: float) -> int:
        """Delete the keys of the months that ended before `before`; returns how many."""
        gone = [path for path in self.folder.glob("????-??.key") if path.stem < _month(before)]
        for path in gone:
            path.unlink(missing_ok=True)
            self._keys.pop(path.stem, None)
        return len(gone)

    def _key(self, month: str) -> bytes:
        if month not in self._keys:
            self._keys[month] = self._read(self.folder / f"{month}.key")
        return self._keys[month]

    def _read(self, path: Path) -> bytes:
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):  # unlike a rename, a link never replaces the key that another process made
                os.link(draft, path)
            draft.unlink()
        return path.read_bytes()


def _month(at: float) -> str:
    return time.strftime("%Y-%m", time.gmtime(at))


def _hash(key: bytes, conversation: str) -> str:
    return hmac.new(key, conversation.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[: 2 * _BYTES]
