"""Texts folded sign by sign, so that a place in the folded text is the same place in the original; and words as patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

_SAME = str.maketrans("أإآٱىیکۃة٫٬’‘`´", "ااااييكهه.,''''")
# Scripts whose words are not parted by blanks.
_JOINED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# Letters and digits, with the vowel signs that Python does not count among them.
LETTER = r"\w\u0300-\u036f\u064b-\u065f\u0900-\u0963\u200c\u200d"
WORD = re.compile(rf"[{LETTER}]+(?:['-][{LETTER}]+)*")


@lru_cache(maxsize=16_384)
def _fold_sign(sign: str) -> str:
    if sign.isspace():
        return sign  # a no-break space tells the groups of a number from two numbers
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    lower = sign.lower()
    if len(lower) != 1:
        return sign
    wide = unicodedata.normalize("NFKC", lower)
    return wide if len(wide) == 1 else lower


@lru_cache(maxsize=512)  # a turn folds one text many times
def fold(text: str) -> str:
    """`text` in small letters, digits of every script as 0-9, spellings of Arabic letters evened out; as long as `text`."""
    return "".join(map(_fold_sign, text)).translate(_SAME)


def words_pattern(words: Iterable[str]) -> str:
    """A regular expression that matches any of `words` whole in a folded text, the longest first.

    A star at the end of a word stands for any ending. Words of Chinese match anywhere: nothing parts them.
    """
    # The look behind is written once: alternatives that begin with a sign of their own are quick to rule out.
    parted: list[str] = []
    joined: list[str] = []
    for word in sorted({fold(str(word)) for word in words}, key=lambda word: -len(word)):
        stem = re.escape(word.rstrip("*")).replace(r"\ ", r"\s+")
        if _JOINED.search(word) or not word[-1].isalnum() and not word.endswith("*"):
            joined.append(stem)
        else:
            parted.append(rf"{stem}[{LETTER}]*" if word.endswith("*") else rf"{stem}(?![{LETTER}])")
    groups = [rf"(?<![{LETTER}])(?:{'|'.join(parted)})"] if parted else []
    return "(?:" + "|".join([*groups, *joined]) + ")"


def by_word(table: Mapping[Any, Iterable[str]]) -> dict[str, Any]:
    """A table of meaning → words turned round: folded word → meaning."""
    return {fold(str(word)): meaning for meaning, words in table.items() for word in words}


def meaning_of(known: Mapping[str, Any], word: str) -> Any:
    """What a word that `words_pattern` matched means in a table by word; None when it stands for nothing there."""
    word = " ".join(word.split()).lstrip("-")
    if word in known:
        return known[word]
    return next((meaning for stem, meaning in known.items() if stem.endswith("*") and word.startswith(stem[:-1])), None)
