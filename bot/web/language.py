"""Which language the page speaks, and how it writes names and numbers in it."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from babel.numbers import format_decimal

from customs.days import WRITTEN_AS


def best_language(accepted: str, offered: Sequence[str], default: str) -> str:
    """The offered language that an Accept-Language header asks for most; `default` if it asks for none of them."""
    wishes: list[tuple[float, str]] = []
    for part in accepted[:500].split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        wishes.append((weight, tag.split("-")[0].lower()))
    for weight, language in sorted(wishes, key=lambda wish: -wish[0]):
        if weight > 0 and language in offered:
            return language
    return default


def own_name(language: str) -> str:
    """A language's name in itself, as it stands in a list: `Français`."""
    name = Locale.parse(language).get_display_name() or language
    return name[:1].upper() + name[1:]


def numeral(number: str, language: str) -> str:
    """A whole number as `language` writes it, in the digits of the page's other numbers (0 to 9)."""
    return format_decimal(int(number), locale=WRITTEN_AS.get(language, language), numbering_system="latn")
