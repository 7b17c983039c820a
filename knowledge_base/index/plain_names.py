"""What people call things, put beside what customs calls them: "2 packs of ciggies" → "2 packs of ciggies (cigarettes)".

The encoder knows few brands and little slang; with the plain name beside it the question lands near the right entries. The names
are data, in `knowledge_base/slang.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from knowledge_base.errors import PackError
from knowledge_base.packs import read_yaml

NAMES = Path(__file__).resolve().parent.parent / "slang.yml"
# The vowel signs of Devanagari and Arabic belong to their word, although Python's \w leaves them out.
_SIGN = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u200c\u200d])"
_WORD = re.compile(rf"{_SIGN}+(?:['’&.+/-]{_SIGN}+)*")
# Written to the word in Arabic: `and`, `with`, `for`, `the`.
_ATTACHED = ("وال", "بال", "ال", "لل", "و", "ب", "ل")
_PLURALS = ("s", "es")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_MOST_ADDED = 4  # a list of goods stays a question, not a glossary


@cache
def read_names(path: Path = NAMES) -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    """Terms as tuples of words → plain name, and terms of languages without blanks → plain name. Words are in small letters, but for
    terms in capitals, which are found in capitals only.

    Raises `PackError` for a term that is not text or stands under two names that exclude each other in one file.
    """
    spaced: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    for name, terms in read_yaml(path).items():
        for term in terms:
            if not isinstance(term, str):
                raise PackError(f"{path}: {term!r} under {name!r} is not text. Put it in quotes.")
            if _UNSPACED.search(term):
                unspaced.setdefault(term, name)
            elif words := tuple(_WORD.findall(term if term.isupper() else term.lower())):
                spaced.setdefault(words, name)  # the first name wins: the list runs from the plain to the special
    return spaced, unspaced


@cache
def _longest_from(path: Path) -> dict[str, int]:
    """First word → how many words the longest term has that begins with it; only of terms of several words."""
    longest: dict[str, int] = {}
    for term in read_names(path)[0]:
        if len(term) > 1:
            longest[term[0]] = max(len(term), longest.get(term[0], 0))
    return longest


@lru_cache(20_000)
def _may_begin(word: str, path: Path) -> bool:
    """Can a term begin with `word`? Of most words none does, and that is quick to say once it was said."""
    firsts = _first_words(path)
    return any(
        form in firsts
        for start in (*_without_prefixes(word), re.sub("['’]s$", "", word.lower()))
        for form in (start, *(start.removesuffix(ending) for ending in _PLURALS))
    )


@cache
def _first_words(path: Path) -> frozenset[str]:
    return frozenset(term[0] for term in read_names(path)[0])


def _without_prefixes(word: str) -> Iterator[str]:
    """The words that a term may begin with for `_look_up` to find it at `word`."""
    yield word
    small = word.lower()
    yield small
    if not small.isascii():
        yield from (small.removeprefix(prefix) for prefix in _ATTACHED if small.startswith(prefix))


def explain(text: str, path: Path = NAMES) -> str:
    """`text` with the plain name in brackets after each term that has one and that the text does not already say."""
    spaced, unspaced = read_names(path)
    longest = _longest_from(path)
    folded = text.lower()
    found: list[tuple[int, str]] = []
    words = [(match.group(), match.end()) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        if not _may_begin(words[at][0], path):
            at += 1
            continue
        most = max((longest.get(first, 1) for first in _without_prefixes(words[at][0])), default=1)
        for length in range(min(most, len(words) - at), 0, -1):
            term = tuple(word for word, _ in words[at : at + length])
            if name := _look_up(term, spaced):
                found.append((words[at + length - 1][1], name))
                at += length
                break
        else:
            at += 1
    for term, name in unspaced.items() if _UNSPACED.search(text) else ():
        if term in text:
            found.append((text.index(term) + len(term), name))
    out, start, told = "", 0, set()
    for end, name in sorted(found):
        if name.lower() in folded or name in told or len(told) == _MOST_ADDED:
            continue
        told.add(name)
        out += f"{text[start:end]} ({name})"
        start = end
    return out + text[start:]


def _look_up(term: tuple[str, ...], names: dict[tuple[str, ...], str]) -> str | None:
    """The name of `term`, also in the plural or possessive."""
    if (found := names.get(term)) is not None:
        return found
    term = tuple(word.lower() for word in term)
    last = re.sub("['’]s$", "", term[-1])
    for ending in ("", *_PLURALS):
        if last.endswith(ending) and (found := names.get((*term[:-1], last.removesuffix(ending) if ending else last))):
            return found
    for prefix in _ATTACHED:
        if term[0].startswith(prefix) and len(term[0]) - len(prefix) > 2:
            if found := names.get((term[0].removeprefix(prefix), *term[1:])):
                return found
    return None
