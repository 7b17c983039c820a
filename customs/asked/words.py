"""The words by which personal data is known (words.yml), as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# A word's edge that works for every script; Chinese has none, so its characters count as no word here.
LETTER = r"[^\W_\u3400-\u9fff]"
START, END = rf"(?<!{LETTER})", rf"(?!{LETTER})"


@cache
def words() -> dict[str, Any]:
    """The content of words.yml."""
    return yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))


def any_of(patterns: list[str]) -> str:
    """One pattern of several; a blank in them stands for any blanks."""
    return "(?:" + "|".join(re.sub(r"(?<!\\)(?<!\[) (?![?*+{\]])", r"\\s+", pattern) for pattern in patterns) + ")"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The list `name` of words.yml as one pattern that begins and ends at a word's edge."""
    return re.compile(f"{START}{any_of(words()[name])}", re.IGNORECASE)


@cache
def word_set(name: str) -> frozenset[str]:
    """The words of `name`, which is written with blanks between them, in lower case."""
    value = words()[name]
    texts = value.values() if isinstance(value, dict) else [value]
    return frozenset(word.casefold() for text in texts for word in text.split())


@cache
def alternatives(name: str) -> str:
    """A pattern for `name`, which is written with bars between the words; at words' edges."""
    return f"{START}(?:{''.join(words()[name].split(chr(10))).replace('| ', '|')}){END}"
