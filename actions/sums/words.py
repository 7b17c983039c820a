"""The words that steer a sum and those that cash is told in, found in a text (data: words.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actions.follow_up import left_over
from knowledge_base.folding import by_word, fold, meaning_of, words_pattern
from knowledge_base.packs import read_yaml


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


@cache
def _data() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_suffix(".yml"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(words_pattern(_data()[name]))


@cache
def _forms() -> tuple[re.Pattern[str], dict[str, Any]]:
    meaning = by_word(_data()["forms"])
    return re.compile(words_pattern(meaning)), meaning


def read_words() -> None:
    """Read the lists now, so that the first asker does not wait for it."""
    _forms()
    for name, words in _data().items():
        if isinstance(words, list):
            _pattern(name)


def says(name: str, text: str) -> bool:
    """Does `text` hold a word of the list `name`?"""
    return bool(_pattern(name).search(fold(text)))


def begins_with(name: str, text: str) -> bool:
    """Does `text` begin with a word of the list, after an "ok", "no" or "oh" at most?"""
    folded = re.sub(r"^\W*(?:(?:ok(?:ay)?|no|oh|well|so|hmm|um|non|нет|لا|नहीं|نہیں|不是|不)\b\W*)?", "", fold(text))
    return bool(_pattern(name).match(folded))


def says_only(name: str, text: str, most: int = 0) -> bool:
    """Is `text` a word of the list `name`, with at most so many words beside it that say something?"""
    matches = list(_pattern(name).finditer(fold(text)))
    spans = [_Span(match.start(), match.end()) for match in matches]
    return bool(spans) and len(left_over(text, spans, small_talk=True)) <= most


def ends_of(name: str, text: str) -> list[int]:
    """Where the words of the list `name` end in `text`."""
    return [match.end() for match in _pattern(name).finditer(fold(text))]


def without(name: str, text: str) -> str:
    """`text` with blanks in the place of the words of the list `name`."""
    for match in _pattern(name).finditer(fold(text)):
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text


def part_of_country(region: str) -> str | None:
    """The part of a country (GB-NIR) that a place with rules of its own is in, as `places` names it ("region:belfast"); else None."""
    name = region.removeprefix("region:")
    return next((part for part, names in _data()["parts"].items() if name in names), None) if name != region else None


def forms_in(text: str) -> list[tuple[str, int, int]]:
    """The forms of money that `text` names as (form, start, end): `gold_coins`, `card`."""
    pattern, meaning = _forms()
    return [(meaning_of(meaning, match[0]), match.start(), match.end()) for match in pattern.finditer(fold(text))]
