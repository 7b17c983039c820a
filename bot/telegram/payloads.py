"""A button carries at most 64 bytes: a longer payload stays here, and the button carries its key."""

from __future__ import annotations

import hashlib

from bot.telegram.own_payloads import PayloadError, check
from bot.telegram.shared.chats import SharedTexts
from bot.telegram.texts import Texts

MAX_BYTES = 64
WHOLE, KEPT = "p:", "k:"


class Payloads:
    """Callback data for payloads and back; keys survive a restart and expire after thirty days without use."""

    def __init__(self, texts: Texts | SharedTexts) -> None:
        self.texts = texts

    def data(self, payload: str) -> str:
        """The callback data, at most 64 bytes, for `payload`."""
        if len((WHOLE + payload).encode()) <= MAX_BYTES:
            return WHOLE + payload
        # The same payload has the same key, so that a button shown a thousand times takes one row.
        key = hashlib.blake2b(payload.encode(), digest_size=12).hexdigest()
        # The answer matters more than its button: one that could not be kept will say that it is not valid.
        self.texts.keep(key, payload)
        return KEPT + key

    def payload(self, data: str) -> str:
        """The payload of callback data; raises `PayloadError` when it is forged, expired or none of ours."""
        if data.startswith(WHOLE):
            return check(data.removeprefix(WHOLE))
        payload = self.texts.read(data.removeprefix(KEPT)) if data.startswith(KEPT) else None
        if payload is None:
            raise PayloadError("The button is not known or has expired.")
        return check(payload)
