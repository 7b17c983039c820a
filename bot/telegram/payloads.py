"""A button carries at most 64 bytes: a longer payload stays here, and the button carries its key."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time

from bot.telegram.database import KEEP
from bot.telegram.own_payloads import PayloadError, check

log = logging.getLogger(__name__)

MAX_BYTES = 64
WHOLE, KEPT = "p:", "k:"


class Payloads:
    """Callback data for payloads and back; keys survive a restart and expire after thirty days without use."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def data(self, payload: str) -> str:
        """The callback data, at most 64 bytes, for `payload`."""
        if len((WHOLE + payload).encode()) <= MAX_BYTES:
            return WHOLE + payload
        # The same payload has the same key, so that a button shown a thousand times takes one row.
        key = hashlib.blake2b(payload.encode(), digest_size=12).hexdigest()
        try:
            self.database.execute(
                "INSERT INTO payloads (key, payload, made) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET made = excluded.made",
                (key, payload, time.time()),
            )
        except sqlite3.Error as error:
            # The answer matters more than its button, which will say that it is not valid.
            log.error("A button's payload could not be stored: %s", error)
        return KEPT + key

    def payload(self, data: str) -> str:
        """The payload of callback data; raises `PayloadError` when it is forged, expired or none of ours."""
        if data.startswith(WHOLE):
            return check(data.removeprefix(WHOLE))
        try:
            row = self.database.execute(
                "SELECT payload FROM payloads WHERE key = ? AND made > ?",
                (data.removeprefix(KEPT), time.time() - KEEP["payloads"][1]),
            ).fetchone()
        except sqlite3.Error as error:
            log.error("A button's payload could not be read: %s", error)
            row = None
        if not data.startswith(KEPT) or row is None:
            raise PayloadError("The button is not known or has expired.")
        return check(row[0])
