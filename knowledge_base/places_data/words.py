"""Words of a text with their places in it, and the form in which names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# Marks of Arabic and Devanagari belong to their word, although Python's \w leaves them out. Han signs stand alone.
_TOKEN = re.compile(
    rf"[{_HAN}]|(?:[^\W_{_HAN}]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u200c\u200d])+"
)
_DROPPED = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u093c\u0640\u200c\u200d]")
_SAME = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "ۀ": "ه",
    "ک": "ك", "گ": "ك", "چ": "ج", "پ": "ب", "ڤ": "ف", "ے": "ي", "ۓ": "ي", "ँ": "ं", "ё": "е", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe",
    "ß": "ss", "ı": "i", "’": "'", "‘": "", "ʿ": "", "ʾ": "", "`": "",
})  # fmt: skip


class Word(NamedTuple):
    """One word: its form for comparison, its place in the text, and how it stands there."""

    form: str
    start: int
    end: int
    raw: str


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """`word` without capitals, accents and marks, and with the letters that people exchange made one."""
    if word.isascii():
        return word.lower()
    plain = _DROPPED.sub("", unicodedata.normalize("NFD", word.lower()))
    return unicodedata.normalize("NFC", plain).translate(_SAME)


def split(text: str) -> list[Word]:
    """The words of `text`; every Han sign is one."""
    words = (Word(fold(found[0]), found.start(), found.end(), found[0]) for found in _TOKEN.finditer(text))
    return [word for word in words if word.form]  # marks without a letter leave nothing


def key(name: str) -> str:
    """The form in which a name of one or more words is looked up."""
    return " ".join(word.form for word in split(name))
