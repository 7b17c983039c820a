"""The sources of answers, kept under a key for the button that shows them; they are public pages and name no chat."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from bot.telegram.database import KEEP

log = logging.getLogger(__name__)


class SourceLists:
    """Lists of sources in the channel's database, each once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def keep(self, sources: Sequence[dict[str, Any]]) -> str | None:
        """The key of the list, 24 hexadecimal digits; None when it could not be stored."""
        raw = json.dumps(list(sources), ensure_ascii=False, sort_keys=True)
        key = hashlib.blake2b(raw.encode("utf-8", "replace"), digest_size=12).hexdigest()
        try:
            self.database.execute(
                "INSERT INTO source_lists (key, sources, made) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET made = excluded.made",
                (key, raw, time.time()),
            )
        except (sqlite3.Error, UnicodeEncodeError) as error:
            log.error("The sources of an answer could not be stored, so it has no button for them: %s", error)
            return None
        return key

    def read(self, key: str) -> list[dict[str, Any]]:
        """The list, empty when it is unknown or older than thirty days."""
        try:
            row = self.database.execute(
                "SELECT sources FROM source_lists WHERE key = ? AND made > ?",
                (key, time.time() - KEEP["source_lists"][1]),
            ).fetchone()
        except sqlite3.Error as error:
            log.error("The sources of an answer could not be read: %s", error)
            row = None
        return json.loads(row[0]) if row else []
