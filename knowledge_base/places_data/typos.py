"""Long names with a slip: `duabi`, `untied kingdom`, `newyork`."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from knowledge_base.places_data.gazetteer import Entry, load, read_lines
from knowledge_base.places_data.words import key

_SHORTEST = 5
_TWO_SLIPS = 9  # letters from which two slips are forgiven
_KINDS = {"country", "city"}
# Asked for so often that a slip is believed even without a preposition before it.
_MAIN = frozenset("dubai london emirates america england britain germany france abu dhabi heathrow europe".split())


@lru_cache(maxsize=1)
def _targets() -> dict[str, list[str]]:
    """Names that a slip may stand for, by first letter: countries in every language, and the cities written by hand."""
    by_hand = set()
    for line in read_lines("aliases.txt"):
        by_hand.update(key(name) for name in line.split(":", 1)[1].split(","))
    found: dict[str, list[str]] = {}
    for name, entry in load().names.items():
        if len(name) < _SHORTEST or entry.ordinary or "\u4e00" <= name[0] <= "\u9fff":
            continue
        if entry.kind == "country" or name in by_hand:
            found.setdefault(name[0], []).append(name)
    return found


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    return frozenset(word for line in read_lines("not_typos.txt") for word in line.split())


def near(word: str, likely: bool) -> Entry | None:
    """The place that `word` (one or more words, as `words.key` makes them) is a slip for, or None.

    `likely` says that a place was to be expected here, because of a preposition before it.
    """
    if len(word) < _SHORTEST or word in _known_words() or not word.replace(" ", "").isalpha():
        return None
    allowed = 2 if len(word) >= _TWO_SLIPS else 1
    best: tuple[int, str] | None = None
    for first in {word[0], word[1]}:  # the first two letters may be exchanged
        for target in _targets().get(first, ()):
            if abs(len(target) - len(word)) > allowed or target.count(" ") != word.count(" "):
                continue
            if first != word[0] and word[0] != target[1]:
                continue
            distance = OSA.distance(word, target, score_cutoff=allowed)
            if distance <= allowed and (best is None or (distance, target) < best):
                best = (distance, target)
    if best is None or not (likely or " " in word or best[1] in _MAIN):
        return None
    return load().names[best[1]]


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
