"""Days as people read them, the same in every channel."""

from __future__ import annotations

from datetime import date

from babel import UnknownLocaleError
from babel.dates import format_date

# Plain "en" would be written the American way; bot/web/static/chat.js does the same.
WRITTEN_AS = {"en": "en_GB"}


def long_date(text: str, language: str) -> str:
    """An ISO date written out in `language`; what is no ISO date stays as it is, as in a language that nobody knows."""
    try:
        return format_date(date.fromisoformat(text), "long", locale=WRITTEN_AS.get(language, language))
    except (ValueError, UnknownLocaleError):
        return text
