"""Codes and names that are spelt one way only: form numbers, tariff headings, systems. `C88`, `6059b`, `9801.00.10`, `CITES`.

The entries tell them: what an answer or title marks as a literal (`{=Form 6059B}`) or writes in capitals. An entry that holds a code
which a question names is far ahead of those that do not, in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from knowledge_base.model import Entry

_LITERAL = re.compile(r"\{=([^}]*)\}")
_PART = re.compile(r"[A-Za-z0-9]+(?:[./&+-][A-Za-z0-9]+)*")
_SIGNS = re.compile(r"[^\w]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9&.+-]{2,}")
_PHONE = re.compile(r"\+?\d[\d ()-]{5,}")  # as literals have them; a heading has dots


def code_of(word: str) -> str | None:
    """`word` as a code in one spelling (`9801.00.10` → `98010010`), None when it is none: a year, a short number, a plain word."""
    bare = _SIGNS.sub("", word)
    digits = sum(sign.isdigit() for sign in bare)
    if not digits:
        return bare.lower() if len(bare) > 2 and bare.isupper() else None
    if bare.isdigit():
        return bare if len(bare) > 3 and not _YEAR.fullmatch(bare) else None
    return bare.lower() if len(bare) > 1 and not _is_quantity(bare) else None


def _is_quantity(bare: str) -> bool:
    # `500ml`, `10k`, `2nd`: a number with what it counts behind it. Codes begin with letters, or have one letter behind many digits.
    return bool(re.fullmatch(r"\d{1,3}[a-zA-Z]+|\d+(?:k|kg|ml|cl|cm|mm|km|st|nd|rd|th|am|pm|usd|aed|gbp|eur|lbs?)", bare, re.IGNORECASE))


class Codes:
    """The codes of one administration's entries."""

    def __init__(self, entries: list[Entry]) -> None:
        self._size = len(entries)
        self._by_code: dict[str, set[int]] = {}
        for number, entry in enumerate(entries):
            marked = [text for text in _LITERAL.findall(entry.answer) if not _PHONE.fullmatch(text.strip())]
            literals = [part for text in marked for part in _PART.findall(text)]
            capitals = _CAPITALS.findall(entry.title)
            for word in (*literals, *capitals):
                if code := code_of(word):
                    self._by_code.setdefault(code, set()).add(number)
        names = {code for code in self._by_code if code.isalpha()}
        # A system's name that is a word besides (ACE, CROSS) counts only when it is written in capitals.
        self._words_too: set[str] = set()
        for entry in entries:
            self._words_too |= names.intersection(" ".join(entry.questions.get("en", ())).split())
            self._words_too |= names.intersection(_PART.findall(_LITERAL.sub(" ", entry.answer)))

    def share(self, question: str) -> np.ndarray:
        """(entries,) float32 from 0 to 1: how much the codes in `question` speak for each entry; a code in one entry speaks loudest."""
        found = np.zeros(self._size, dtype=np.float32)
        for code in _codes_in(question, self._by_code, self._words_too):
            numbers = sorted(self._by_code[code])
            found[numbers] = np.maximum(found[numbers], 1.0 / len(numbers) ** 0.5)
        return found


def _codes_in(question: str, known: Iterable[str], words_too: set[str]) -> set[str]:
    words = _PART.findall(question)
    found = set()
    # `c 88` and `cn 22` are codes in two words.
    for word in (*words, *(one + other for one, other in zip(words, words[1:]) if one.isalpha() and other[:1].isdigit())):
        for spelling in (word, word.upper()):
            code = code_of(spelling)
            if code in known and (code not in words_too or word.isupper()):
                found.add(code)
    return found
