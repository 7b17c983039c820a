"""Texts behind keys, in the channel's file: what a button stands for, the sources of an answer. No chat is named in them."""

from __future__ import annotations

import logging
import sqlite3
import time

from bot.telegram.database import KEEP

log = logging.getLogger(__name__)

_COLUMN = {"payloads": "payload", "source_lists": "sources"}


class Texts:
    """The table `kind`, "payloads" or "source_lists": each text is there for as long as `KEEP` says since it was kept last."""

    def __init__(self, database: sqlite3.Connection, kind: str) -> None:
        self.database = database
        self.kind = kind

    def keep(self, key: str, text: str) -> bool:
        """Keep `text`; False when the database fails, which is logged."""
        try:
            self.database.execute(
                f"INSERT INTO {self.kind} (key, {_COLUMN[self.kind]}, made) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET made = excluded.made",
                (key, text, time.time()),
            )
        except (sqlite3.Error, UnicodeEncodeError) as error:
            log.error("The channel's database could not keep one of its %s: %s", self.kind, error)
            return False
        return True

    def read(self, key: str) -> str | None:
        """The text; None when it is unknown, too old, or the database fails."""
        try:
            row = self.database.execute(
                f"SELECT {_COLUMN[self.kind]} FROM {self.kind} WHERE key = ? AND made > ?",
                (key, time.time() - KEEP[self.kind][1]),
            ).fetchone()
        except sqlite3.Error as error:
            log.error("The channel's database could not read one of its %s: %s", self.kind, error)
            return None
        return row[0] if row else None
