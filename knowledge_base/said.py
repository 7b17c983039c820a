"""What the checker and the exchange say to staff: English sentences that remember how they were made, so that a page can say them in another language.

>>> told = Said("Also a question of {other}; keep it in one.", other="gb.alcohol.allowance")
>>> print(told)
Also a question of gb.alcohol.allowance; keep it in one.
>>> in_language(told, "fr")
"Aussi une question de gb.alcohol.allowance ; gardez-la dans un seul."

The message id is the English sentence, its translations stand in `locale/<language>.po` beside this file. A sentence that was kept as
text, in a database or a file, is recognised by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from customs.bidi import apart
from customs.wording import catalogue, direction

LOCALE = Path(__file__).with_name("locale")
# A value inside a value: "{figure}: {error}" holds a sentence that holds a number of things.
_DEEPEST = 3


class Said(str):
    """The English sentence with its values filled in; `sentence` is the message id, `values` what stands in its places.

    A value may itself be said. The places are those of `str.format`; a sentence without values is taken as it is.
    """

    sentence: str
    values: dict[str, Any]

    def __new__(cls, sentence: str, /, **values: Any) -> Said:
        self = super().__new__(cls, sentence.format(**values) if values else sentence)
        self.sentence, self.values = sentence, values
        return self


def either(texts: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *some, last = texts
    return Said("{some} or {last}", some=", ".join(some), last=last) if some else last


def in_language(text: str, language: str) -> str:
    """`text` in `language`: a `Said` by its message id, any other text when it can be recognised as one; else as it is."""
    return _in_language(text, language, _DEEPEST)


def _in_language(text: str, language: str, depth: int) -> str:
    if language == "en" or not depth:
        return str(text)
    said = text if isinstance(text, Said) else recognised(text, language)
    if said is None and text.endswith(".") and recognised(text[:-1], language):
        return _in_language(text[:-1], language, depth) + "."
    if said is None:
        return str(text)
    words = catalogue(LOCALE, language).get(said.sentence, said.sentence)
    if not said.values:
        return words
    kept = not isinstance(text, Said)  # the parts of a kept text are texts, of which each may be said or not
    values = {
        name: _Ready(_in_language(value, language, depth - 1)) if isinstance(value, Said) or kept else value
        for name, value in said.values.items()
    }
    return _Filling(direction(language) == "rtl").vformat(words, (), values)


class _Ready(str):
    """A value that is text already: neither a conversion nor a format changes it."""

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        return str(self)


class _Filling(Formatter):
    """Fills values in; in a right-to-left sentence ids, codes and English words stay whole."""

    def __init__(self, right_to_left: bool) -> None:
        self._right_to_left = right_to_left

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return apart(text) if self._right_to_left else text

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs[str(key)]


def recognised(text: str, language: str) -> Said | None:
    """The sentence of the catalogue that `text` was made from, the one with the most words of its own; None when there is none."""
    known = catalogue(LOCALE, language)
    if text in known:
        return _made(text, {})
    for sentence, pattern in _patterns(language):
        if match := pattern.fullmatch(text):
            return _made(sentence, match.groupdict())
    return None


def _made(sentence: str, values: dict[str, str]) -> Said:
    said = Said(sentence)
    said.values = values
    return said


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Every message with values of its own words, those that say most first."""
    found = []
    for sentence in catalogue(LOCALE, language):
        own, pattern = _pattern(sentence)
        if own >= 4 and "(?P<" in pattern:  # less says nothing: "{item}: {remedy}" would be any text with a colon
            found.append((own, sentence, re.compile(pattern, re.DOTALL)))
    return [(sentence, pattern) for _own, sentence, pattern in sorted(found, key=lambda each: -each[0])]


def _pattern(sentence: str) -> tuple[int, str]:
    """The number of letters that the sentence says itself, and the regular expression that finds it."""
    own, pattern, seen = 0, "", set()
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        parts = []
    if not parts or not all(name is None or name.isidentifier() for _, name, _, _ in parts):
        return len(sentence), re.escape(sentence)  # braces that are no places: a sentence without values
    for literal, name, _spec, conversion in parts:
        own += sum(sign.isalpha() for sign in literal)
        pattern += re.escape(literal)
        if name is not None:
            inside = "'.*?'|\".*?\"" if conversion == "r" else ".+?"
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{inside})"
            seen.add(name)
    return own, pattern
