"""Reading direction inside Arabic and Urdu text: codes, amounts and dates keep their own, each line begins on the right."""

from __future__ import annotations

import re
import unicodedata

RIGHT_TO_LEFT_MARK, ISOLATE, POP = "\u200f", "\u2066", "\u2069"
_ISOLATED = "([\u2066-\u2068][^\u2069]*\u2069)"
# What falls apart in right-to-left text: telephone numbers, amounts with a sign of money or per cent, numbers in groups or ranges
# (800 80080, 2026-10-01, 1–3). A bare number needs nothing. bot/web/static/chat.js has the same pattern.
_NUMBER = r"\d+(?:[.,]\d+)*"
NUMBERS = (
    rf"\+\d[\d ()-]*\d|(?:[A-Z]{{0,2}}[$£€][ \xa0]?{_NUMBER}|{_NUMBER}(?=[-–/: \xa0]\d|[ \xa0]?[%€]))"
    rf"(?:[-–/: \xa0]{_NUMBER})*(?:[ \xa0]?[%€])?"
)
# And in plain text, which nobody sets apart by markup: commands, web and mail addresses, codes of Latin letters, digits and signs (C88/SAD,
# EORI-12, HS 2203.00 as 2203.00).
_LATIN = re.compile(
    rf"""
      {NUMBERS}
    | (?<![\w/])/[a-z]{{2,32}}(?!\w)
    | https?://[^\s<>]+
    | [A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{{2,}}
    | (?<![\w./-])(?=[A-Za-z0-9./-]*\d)(?=[A-Za-z0-9./-]*[A-Za-z/-])[A-Za-z0-9]+(?:[./-]?[A-Za-z0-9]+)*(?![\w])
    | (?<![\w.])\d+(?:\.\d+){{2,}}(?![\w])
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


def has_right_to_left(text: str) -> bool:
    """Is a letter of `text` Arabic or Hebrew?"""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


def is_left_to_right(text: str) -> bool:
    """True when `text` has letters and all of them are read from left to right: a sentence that nobody has translated."""
    return any(unicodedata.bidirectional(char) == "L" for char in text) and not has_right_to_left(text)


def apart(text: str) -> str:
    """`text` as a part of a right-to-left line: isolated when it is all left to right, so that its signs stay with it."""
    return isolate(text) if is_left_to_right(text) else text


def right_to_left(text: str) -> str:
    """`text` for a right-to-left message: codes and dates isolated, lines that begin with Latin text or a figure marked.

    A line in Latin letters as a whole stands on the right too, but keeps its full stop behind its last word.
    """
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    if is_left_to_right(line):
        return RIGHT_TO_LEFT_MARK + isolate(line)
    # What whoever wrote the line has isolated needs nothing more.
    parts = re.split(_ISOLATED, line)
    parts[::2] = [_LATIN.sub(lambda match: isolate(match[0]), part) for part in parts[::2]]
    marked = "".join(parts)
    return marked if not line.strip() or begins_right_to_left(line) else RIGHT_TO_LEFT_MARK + marked
