"""Numbers as people and pages write them, read in exactly one way or not at all.

"60,000" is sixty thousand in English and sixty in German. With a language it is read as that language writes numbers; without one
only a number that every convention reads alike is taken.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from babel import Locale

from knowledge_base.exchange.errors import ValueRefused
from knowledge_base.said import Said, either

MOST_DIGITS = 18
_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019"
# (sign of the decimals, signs between groups)
_CONVENTIONS: tuple[tuple[str, str], ...] = (
    (".", ","),
    (",", "."),
    (",", _SPACES),
    (".", _SPACES),
    (".", _APOSTROPHES),
)
NUMBER = rf"[0-9](?:[0-9.,{_SPACES}{_APOSTROPHES}]*[0-9])?"


def plain_digits(text: str) -> str:
    """`text` with the digits and number signs of every script as ASCII has them, without marks of direction."""
    signs = {
        "\u066b": ".",
        "\u066c": ",",
        "\u066a": "%",
        "\uff05": "%",
        "\uff0e": ".",
        "\uff0c": ",",
        "\u2212": "-",
        "\u2013": "-",
    }
    written = []
    for sign in text:
        if sign.isdecimal():
            written.append(str(unicodedata.decimal(sign)))
        elif unicodedata.category(sign) != "Cf":
            written.append(signs.get(sign, sign))
    return "".join(written)


def read_number(text: str, language: str | None) -> Decimal:
    """The number that `text` (NUMBER) says by the rules of `language`, or by all rules alike when it is None.

    Raises `ValueRefused` when a group of digits has the wrong length, and when the number could be two different ones.
    """
    if sum(sign.isdigit() for sign in text) > MOST_DIGITS:
        raise ValueRefused(
            Said("{text!r} has more than {most} digits; write the amount itself.", text=text, most=MOST_DIGITS)
        )
    readings = {reading for rule in _conventions(language) if (reading := _by(text, *rule)) is not None}
    if len(readings) == 1:
        return readings.pop()
    if not readings:
        if language:
            raise ValueRefused(
                Said(
                    "{text!r} cannot be read as {language} writes numbers; write the digits without signs between them, such as 60000 or 4.5.",
                    text=text, language=_name(language),
                )
            )  # fmt: skip
        raise ValueRefused(
            Said(
                "{text!r} cannot be read; write the digits without signs between them, such as 60000 or 4.5.", text=text
            )
        )
    both = either(f"{reading:f}" for reading in sorted(readings))
    raise ValueRefused(
        Said(
            "{text!r} can be {both}; say in which language it is written, or write it without signs between digits.",
            text=text,
            both=both,
        )
    )


def _conventions(language: str | None) -> tuple[tuple[str, str], ...]:
    if language is None:
        return _CONVENTIONS
    symbols = Locale.parse(language.replace("-", "_")).number_symbols["latn"]
    group = symbols["group"]
    # Keyboards have no narrow space: a language that groups by one kind of space groups by all.
    return ((symbols["decimal"], _SPACES if group in _SPACES else group),)


def _by(text: str, decimal: str, group: str) -> Decimal | None:
    """The number by one convention, None when it breaks its rules: groups of three, or India's of two before the last three."""
    whole, _, fraction = text.partition(decimal)
    if fraction and not fraction.isdigit() or decimal in text[len(whole) + 1 :] or text.endswith(decimal):
        return None
    used = {sign for sign in whole if sign in group}
    if len(used) > 1:
        return None
    parts = whole.split(used.pop()) if used else [whole]
    if not all(part.isdigit() for part in parts):
        return None
    first, *groups = parts
    western = len(first) <= 3 and all(len(part) == 3 for part in groups)
    indian = len(first) <= 2 and groups[-1:] and len(groups[-1]) == 3 and all(len(part) == 2 for part in groups[:-1])
    if groups and (first[0] == "0" or not (western or (indian and group == ","))):
        return None
    return Decimal("".join(parts) + (f".{fraction}" if fraction else ""))


def _name(language: str | None) -> str:
    return Locale.parse((language or "en").replace("-", "_")).english_name or str(language)
