"""Who asked, as a number that nobody can turn back into a person: a keyed hash whose key changes every month.

People are counted by it, and the questions of one conversation are found by it. On one machine keys lie in a folder of their own, so that
a copy of the database alone tells nothing about a Telegram number; several machines share them in a table of their own. A key is deleted
when its questions are, and then no hash can be made again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

_BYTES = 16


class Keys(Protocol):
    """The months' keys: `2026-11` → 32 bytes that nobody else knows."""

    def of(self, month: str) -> bytes:
        """The key of a month; one that is not there yet is made, by all processes the same."""

    def all(self) -> list[bytes]:
        """Every key that is still there, the oldest first."""

    def drop(self, before: str) -> int:
        """Delete the keys of the months before `before`; returns how many."""


class People:
    """Hashes of conversations, with `keys` or the keys in the folder of that path."""

    def __init__(self, keys: Keys | Path) -> None:
        self._keys = Folder(keys) if isinstance(keys, Path) else keys
        self._known: dict[str, bytes] = {}

    def person(self, conversation: str, at: float) -> str:
        """The hash of `conversation` in the month of `at` (seconds since 1970): 32 hexadecimal digits."""
        month = _month(at)
        if month not in self._known:
            self._known[month] = self._keys.of(month)
        return _hash(self._known[month], conversation)

    def persons(self, conversation: str) -> list[str]:
        """The hashes of `conversation` with every key that is still there."""
        return [_hash(key, conversation) for key in self._keys.all()]

    def forget(self, before: float) -> int:
        """Delete the keys of the months that ended before `before`; returns how many."""
        self._known = {month: key for month, key in self._known.items() if month >= _month(before)}
        return self._keys.drop(_month(before))


class Folder:
    """Keys in a folder that only its owner can read: `2026-11.key`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, month: str) -> bytes:
        path = self.folder / f"{month}.key"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):  # unlike a rename, a link never replaces the key that another process made
                os.link(draft, path)
            draft.unlink()
        return path.read_bytes()

    def all(self) -> list[bytes]:
        return [path.read_bytes() for path in self._paths()]

    def drop(self, before: str) -> int:
        gone = [path for path in self._paths() if path.stem < before]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("????-??.key"))


class Table:
    """Keys in the table `keys` of a database (`customs.asked.database`) that several machines share."""

    def __init__(self, db: Any) -> None:
        self._db = db

    def of(self, month: str) -> bytes:
        row = (month, secrets.token_bytes(32))
        self._db.execute("INSERT INTO keys (month, key) VALUES (?, ?) ON CONFLICT DO NOTHING", row)
        return bytes(self._db.execute("SELECT key FROM keys WHERE month = ?", (month,)).fetchone()[0])

    def all(self) -> list[bytes]:
        return [bytes(key) for (key,) in self._db.execute("SELECT key FROM keys ORDER BY month").fetchall()]

    def drop(self, before: str) -> int:
        return self._db.execute("DELETE FROM keys WHERE month < ?", (before,)).rowcount


def _month(at: float) -> str:
    return time.strftime("%Y-%m", time.gmtime(at))


def _hash(key: bytes, conversation: str) -> str:
    return hmac.new(key, conversation.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[: 2 * _BYTES]
