"""Short messages that lean on the one before: "and to london?", "what about my wife?", "since when?"; and what is left of a greeting.

Whether a message leans is told by its words (data: follow_up.yml); what it then asks for is told by the search (in_context.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.folding import fold, words_pattern
from knowledge_base.packs import read_yaml
from knowledge_base.quantities import find_kinds, find_quantities


class Span(Protocol):
    """A stretch of a text: a place, an amount or a day that was found in it."""

    start: int
    end: int


@dataclass(frozen=True)
class _Stretch:
    start: int
    end: int


_WORD = re.compile(r"[\w'’\u0300-\u036f\u064b-\u065f\u0900-\u097f\u200c\u200d]+")
_HAN = re.compile("[\u4e00-\u9fff]")
# `C88`, `CN 22`, `form 19`, `8517.13`: forms and tariff headings, which no answer of before explains; `40k` and `and 40` are none.
_CODE = re.compile(
    r"(?<![\w.])(?:[A-Za-z]{1,4}-?\d{2,4}[A-Za-z]?|[A-Z]{1,3} \d{2,4}|(?i:forms?|formulario|formulaire|форма) \d{1,4}[A-Za-z]?"
    r"|\d{4}\.\d{2}(?:\.\d{2,4}){0,2})(?![\w.])"
)
# "hs code 8517.13"
_MOST_BESIDE_CODE = 2
_MOST_WORDS = 8
_MOST_CHINESE = 16
# "why is it that I must declare my ..." is a question of its own.
_MOST_WORDS_OF_WHY = 4
_MOST_CHINESE_OF_WHY = 6
# "is the allowance per person": one word more leaves it a question about the answer.
_MOST_BESIDE = 1


@cache
def _data() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_suffix(".yml"))


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _data()[name])


@cache
def _pattern(name: str, kind: str = "") -> re.Pattern[str]:
    """The words of a list as a pattern for a folded text; `leads` begin it, `trails` end it."""
    words = _data()[name][kind] if kind else _data()[name]
    pattern = words_pattern(words)
    if name == "leads":
        # Arabic joins "and" to the next word.
        joined = "".join(_data()["leads_joined"])
        return re.compile(rf"^\W*(?:ok(?:ay)?\b[ ,]*)?(?:{pattern}|[{joined}](?=[\u0621-\u064a]))")
    return re.compile(rf"{pattern}\W*$") if name == "trails" else re.compile(pattern)


@cache
def _chinese_talk() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _data()["small_talk_chinese"]), key=len, reverse=True)))


def left_over(text: str, spans: Iterable[Span] = (), small_talk: bool = False) -> list[str]:
    """The words of `text` that say something, beside `spans`, little words and, on demand, greetings and thanks."""
    for span in sorted(spans, key=lambda span: -span.start):
        text = f"{text[: span.start]} {text[span.end :]}"
    text = text.casefold().replace("’", "'")
    if small_talk:
        text = _chinese_talk().sub(" ", text)
    text = re.sub(f"[{_data()['fillers_chinese']}]", " ", text)
    empty = _set("fillers") | _set("small_talk") if small_talk else _set("fillers")
    return [word for word in _WORD.findall(text) if word not in empty and word.strip("'_")]


def is_small_talk(text: str) -> bool:
    """Is `text` nothing but greetings and thanks, or signs that are no words? "and that?" is neither."""
    if left_over(text, small_talk=True):
        return False
    words = _WORD.findall(text.casefold())
    return not words or bool(_chinese_talk().search(text)) or any(word in _set("small_talk") for word in words)


def only_names_places(text: str, places: Sequence[Span]) -> bool:
    """ "and to london?": nothing is left of the text once the places are taken away."""
    return bool(places) and not left_over(text, places)


def is_short(text: str, words: int = _MOST_WORDS, chinese: int = _MOST_CHINESE) -> bool:
    """Has `text` at most so many words, or signs when it is Chinese?"""
    signs = len(_HAN.findall(text))
    return signs <= chinese if signs else len(text.split()) <= words


def leans_on_last(text: str) -> bool:
    """Does the text look as if it went on with the question before: short, and beginning with "and", "what if" ... or ending with 呢?"""
    folded = fold(text.strip())
    return is_short(text) and bool(_pattern("leads").match(folded) or _pattern("trails").search(folded))


def refers_back(text: str) -> bool:
    """Does a short text hold a word for something said before, "it", "there", "more", or is it just a word or two?"""
    return is_short(text) and (is_short(text, 2, 4) or stands_for_something(text))


def stands_for_something(text: str) -> bool:
    """Has `text` a word for something said before: "it", "there", "more"?"""
    return bool(_pattern("refers").search(fold(text)))


def speaks_of_persons(text: str) -> bool:
    """Does a sentence of an answer say for whom the rule is?"""
    return bool(_pattern("persons").search(fold(text)))


def names_code(text: str) -> bool:
    """Is a short text the name of a form or a tariff heading, with little beside it?"""
    match = _CODE.search(text)
    return bool(match) and len(left_over(text, [_Stretch(*match.span())])) <= _MOST_BESIDE_CODE


def asks_about_answer(text: str) -> str | None:
    """What a short message asks about the last answer itself: `per_person`, `since_when`, `source`, `why`, `convert`; else None.

    One that names goods or an amount, or says anything else, asks something of its own.
    """
    if not is_short(text) or find_kinds(text) or find_quantities(text):
        return None
    for kind in _data()["about"]:
        if kind == "why" and not is_short(text, _MOST_WORDS_OF_WHY, _MOST_CHINESE_OF_WHY):
            continue
        if _says_little_beside(text, _pattern("about", kind), _MOST_BESIDE):
            return kind
    return "per_person" if _says_little_beside(text, _pattern("companions"), 0) else None


def _says_little_beside(text: str, pattern: re.Pattern[str], most: int) -> bool:
    """Is `pattern` in the text, with at most so many words beside it that say something?"""
    folded = fold(text)
    matches = list(pattern.finditer(folded))
    if not matches:
        return False
    spans = [_Stretch(match.start(), match.end()) for match in [*matches, *_pattern("refers").finditer(folded)]]
    return len(left_over(text, apart(spans))) <= most


def apart(spans: Iterable[Span]) -> list[Span]:
    """`spans` without those that overlap an earlier one, so that each can be cut out once."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
