"""The sources of answers, kept under a key for the button that shows them; they are public pages and name no chat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from bot.telegram.shared.chats import SharedTexts
from bot.telegram.texts import Texts


class SourceLists:
    """Lists of sources, each once."""

    def __init__(self, texts: Texts | SharedTexts) -> None:
        self.texts = texts

    def keep(self, sources: Sequence[dict[str, Any]]) -> str | None:
        """The key of the list, 24 hexadecimal digits; None when it could not be stored."""
        raw = json.dumps(list(sources), ensure_ascii=False, sort_keys=True)
        key = hashlib.blake2b(raw.encode("utf-8", "replace"), digest_size=12).hexdigest()
        return key if self.texts.keep(key, raw) else None

    def read(self, key: str) -> list[dict[str, Any]]:
        """The list, empty when it is unknown or older than thirty days."""
        raw = self.texts.read(key)
        return json.loads(raw) if raw else []
