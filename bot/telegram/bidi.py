"""Reading direction inside Arabic and Urdu messages: codes and dates keep their own, each line begins on the right."""

from __future__ import annotations

import re
import unicodedata

RIGHT_TO_LEFT_MARK, ISOLATE, POP = "\u200f", "\u2066", "\u2069"
# What a reader must see in its own order: dates, telephone numbers, commands, web and mail addresses, codes of Latin letters, digits
# and signs (C88/SAD, EORI-12, HS 2203.00 as 2203.00). A bare number needs nothing.
_LATIN = re.compile(
    r"""
      \d{4}-\d{2}-\d{2}
    | \+\d[\d ()-]{4,}\d
    | (?<![\w/])/[a-z]{2,32}(?!\w)
    | https?://[^\s<>]+
    | [A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}
    | (?<![\w./-])(?=[A-Za-z0-9./-]*\d)(?=[A-Za-z0-9./-]*[A-Za-z/-])[A-Za-z0-9]+(?:[./-]?[A-Za-z0-9]+)*(?![\w])
    | (?<![\w.])\d+(?:\.\d+){2,}(?![\w])
    """,
    re.VERBOSE,
)


def isolate(text: str) -> str:
    """`text`, read from left to right whatever stands around it."""
    return f"{ISOLATE}{text}{POP}"


def begins_right_to_left(line: str) -> bool:
    """True when the first letter of `line` is Arabic or Hebrew, or there is none."""
    for char in line:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return True


def right_to_left(text: str) -> str:
    """`text` for a right-to-left message: codes and dates isolated, lines that begin with Latin text or a figure marked."""
    lines = _LATIN.sub(lambda match: isolate(match[0]), text).split("\n")
    return "\n".join(
        line if not line.strip() or begins_right_to_left(line) else RIGHT_TO_LEFT_MARK + line for line in lines
    )
