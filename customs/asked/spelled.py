"""Numbers that are spelled: "zero seven double nine …", "0 7 7 0 0 …" in words of eight languages. So long a row is a telephone's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from customs.asked.words import END, START, words

Span = tuple[int, int, str]

# "Two or three of four" counts goods; nobody counts with so many words in a row.
LEAST = 6


def spelled_spans(text: str) -> Iterator[Span]:
    """The spans of rows of at least six digits in words."""
    for found in _rows().finditer(text):
        yield *found.span(), "phone"


@cache
def _rows() -> re.Pattern[str]:
    spoken, written = words()["digit_words"], words()["digit_signs"]
    spoken = f"{START}(?:{'|'.join(sorted(spoken.split(), key=len, reverse=True))}){END}"
    # It begins with a word, perhaps after a digit or two: a row of digits alone is looked at elsewhere.
    row = rf"{START}(?:\d[\s,،-]+){{0,3}}{spoken}(?:[\s,،-]+(?:{spoken}|\d{END})){{{LEAST - 1},}}"
    return re.compile(rf"{row}|[{written}](?:\s?[{written}]){{{LEAST},}}", re.IGNORECASE)
