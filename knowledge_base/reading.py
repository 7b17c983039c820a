"""How hard an English answer is to read, as the school year (US grade) of those who read it easily.

The measure is Flesch-Kincaid: longer sentences and longer words make it higher. Grades 7 and 8 are the ages of 12 to 14.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import readability

from knowledge_base.answer_text import fill, to_blocks
from knowledge_base.model import Entry, Figure

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9£$€\"'(])|(?<=[:;])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")
# Below so few words one long word decides, which says nothing of the text.
FEWEST_WORDS = 20


def sentences(text: str) -> list[str]:
    """The sentences of an answer whose figures are filled in; each item of a list is one, and a colon ends one."""
    parts: list[str] = []
    for block in to_blocks(text):
        for piece in block.get("items") or [block["text"]]:
            parts += [part for part in _SENTENCE_END.split(piece) if _WORD.search(part)]
    return parts


@lru_cache(maxsize=8192)
def grade_of(text: str) -> float | None:
    """The school year in which `text` is read easily; None for one too short to judge."""
    lines = [" ".join(_WORD.findall(sentence)) for sentence in sentences(text)]
    if sum(len(line.split()) for line in lines) < FEWEST_WORDS:
        return None
    return float(readability.getmeasures("\n".join(lines), lang="en")["readability grades"]["Kincaid"])


def entry_grade(entry: Entry, figures: Mapping[str, Figure], day: date) -> float | None:
    """The grade of an entry's English answer as a reader of `day` gets it; None when it is too short or cannot be filled in."""
    try:
        return grade_of(fill(entry.answer, figures, max(day, entry.effective.start or day), "en"))
    except LookupError:  # told by the check of figures
        return None
