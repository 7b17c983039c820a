"""Long names with a slip: `duabi`, `untied kingdom`, `newyork`."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge_base.places_data.gazetteer import Entry, load, read_lines
from knowledge_base.places_data.words import key

_SHORTEST = 5
_SHORTEST_WITHOUT_VOWELS = 7  # Arabic and Devanagari words of one another's consonants lie closer together
_TWO_SLIPS = 9  # letters from which two slips are forgiven
_KINDS = {"country", "city"}
# Asked for so often that a slip is believed even without a preposition before it.
_MAIN = frozenset("dubai london emirates america england britain germany france abu dhabi heathrow europe".split())


@lru_cache(maxsize=1)
def _targets() -> dict[tuple[str, int], list[str]]:
    """Names that a slip may stand for, by first letter and number of blanks: countries in every language, and the cities written by hand."""
    by_hand = set()
    for line in read_lines("aliases.txt"):
        by_hand.update(key(name) for name in line.split(":", 1)[1].split(","))
    found: dict[tuple[str, int], list[str]] = {}
    for name, entry in load().names.items():
        if len(name) < _SHORTEST or entry.ordinary or "\u4e00" <= name[0] <= "\u9fff":
            continue
        if entry.kind == "country" or name in by_hand:
            found.setdefault((name[0], name.count(" ")), []).append(name)
    return found


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    return frozenset(word for line in read_lines("not_typos.txt") for word in line.split())


class Slip(NamedTuple):
    """The place that a misspelt name stands for; `plain` when no preposition is needed to believe it."""

    entry: Entry
    plain: bool


@lru_cache(maxsize=4096)
def near(word: str) -> Slip | None:
    """The place that `word` (one or more words, as `words.key` makes them) is a slip for, or None."""
    shortest = _SHORTEST if word[0] < "\u0530" else _SHORTEST_WITHOUT_VOWELS
    if len(word) < shortest or word in _known_words() or not word.replace(" ", "").isalpha():
        return None
    allowed = 2 if len(word) >= _TWO_SLIPS else 1
    found = []
    for first in {word[0], word[1]}:  # the first two letters may be exchanged
        targets = _targets().get((first, word.count(" ")), ())
        hit = process.extractOne(word, targets, scorer=OSA.distance, processor=None, score_cutoff=allowed)
        if hit and (first == word[0] or word[0] == hit[0][1]):
            found.append((hit[1], hit[0]))
    if not found:
        return None
    name = min(found)[1]
    return Slip(load().names[name], " " in word or name in _MAIN)


@lru_cache(maxsize=1)
def squashed() -> dict[str, Entry]:
    """Names of several words written as one: `abudhabi`, `unitedkingdom`."""
    names = load().names
    return {
        joined: entry
        for name, entry in names.items()
        if " " in name
        and entry.kind in _KINDS
        and len(joined := name.replace(" ", "")) >= 7
        and joined not in names
        and name.isascii()
        and entry.kind == "country"
    } | {"newyork": names["new york"], "losangeles": names["los angeles"], "newdelhi": names["new delhi"]}
