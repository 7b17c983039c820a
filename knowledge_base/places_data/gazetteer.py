"""Every name of a country, city, airport or people that is known, in one table; read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from knowledge_base.places_data.words import key

FOLDER = Path(__file__).parent
# Endings of Russian names and adjectives in the other cases. `Индия`: `Индии`, `Индию`, `Индией`.
_CASES = (
    ("ия", ("ии", "ию", "иеи")), ("ья", ("ьи", "ье", "ью")), ("ая", ("ои", "ую")), ("яя", ("еи", "юю")), ("ое", ("ого", "ому", "ом")),
    ("ые", ("ых", "ым", "ыми")), ("ие", ("их", "им", "ими")), ("ый", ("ого", "ому", "ом")), ("ии", ("иев", "иям", "иях", "ого", "ому", "ом")),
    ("аи", ("ая", "аю", "аем", "ае", "ае")), ("еи", ("ея", "ею", "еем", "ее")), ("ои", ("оя", "ою", "оем")),
    ("а", ("ы", "и", "е", "у", "ои")), ("я", ("и", "е", "ю", "еи")), ("ы", ("ов", "ам", "ах", "ами", "")), ("ь", ("и", "ью", "я", "ю", "е", "ем")),
)  # fmt: skip


class Entry(NamedTuple):
    """What a name stands for: a country's ISO code, the kind of name, and whether the name is an ordinary word too.

    `familiar` are countries and what `aliases.txt` lists: they need no preposition to be believed, as other cities do.
    The kind `none` is for phrases that only hold a place's name, such as `us dollars`.
    """

    country: str
    kind: str
    ordinary: bool = False
    familiar: bool = True


class Gazetteer(NamedTuple):
    """The table of names (as `words.key` makes them) and the airport codes, those of busy airports apart."""

    names: dict[str, Entry]
    first: dict[str, int]  # first words of names of two words and more → words in the longest of these
    codes: dict[str, str]
    busy_codes: frozenset[str]
    not_codes: frozenset[str]


def read_lines(name: str) -> Iterator[str]:
    """The lines of a data file that are not comments."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _words_of(name: str) -> Iterator[str]:
    for line in read_lines(name):
        yield from line.split()


def cases(name: str) -> set[str]:
    """The forms of a Russian name in the other cases, as `words.fold` leaves them (`й` is `и`)."""
    parts = name.split()
    if not all("а" <= part[-1] <= "я" for part in parts) or len(parts) > 3:
        return set()
    forms = [{part, *_declined(part)} for part in parts]
    if len(parts) == 1:
        return forms[0]
    # In a name of several words all change together or none does; any mixture of those is close enough.
    found = {""}
    for choices in forms:
        found = {f"{head} {choice}".strip() for head in found for choice in choices}
    return found


def _declined(word: str) -> Iterator[str]:
    if len(word) < 3:
        return
    for ending, others in _CASES:
        if word.endswith(ending):
            yield from (word[: -len(ending)] + other for other in others)
            return
    if word[-1] not in "еиоуэю":
        yield from (word + other for other in ("а", "у", "ом", "е"))


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The gazetteer, read at the first call (about a third of a second)."""
    names: dict[str, Entry] = {}
    codes: dict[str, str] = {}
    ordinary = _ordinary()

    def add(name: str, country: str, kind: str, familiar: bool) -> None:
        for form in {name, *cases(name)} if "а" <= name[-1:] <= "я" else (name,):
            names.setdefault(form, Entry(country, kind, form in ordinary, familiar))

    for line in read_lines("not_places.txt"):
        for name in line.split(","):
            names[key(name)] = Entry("", "none")
    for line in read_lines("aliases.txt"):
        head, listed = line.split(":", 1)
        country, kind = head.split()
        for name in listed.split(","):
            add(key(name), country, kind, True)
    for line in read_lines("demonyms.txt"):
        country, listed = line.split(":", 1)
        for name in listed.split(","):
            names.setdefault(key(name), Entry(country, "demonym"))
    for line in sorted(
        read_lines("names.tsv"), key=lambda line: ("country", "city", "airport").index(line.split("\t")[0])
    ):
        kind, country, listed = line.split("\t")
        for name in listed.split("|"):
            if kind == "airport":
                codes[name] = country
            elif _useful(name):
                add(name, country, kind, kind == "country")
    return Gazetteer(
        names,
        longest_from(names),
        codes,
        frozenset(_words_of("airports.txt")),
        frozenset(_words_of("not_codes.txt")),
    )


def longest_from(names: Iterable[str]) -> dict[str, int]:
    """First word → how many words the longest of `names` has that begins with it; only of names of two words and more."""
    found: dict[str, int] = {}
    for name in names:
        if blanks := name.count(" "):
            first = name.split(" ", 1)[0]
            found[first] = max(blanks + 1, found.get(first, 0))
    return found


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return frozenset(
        name
        for line in read_lines("ordinary.txt")
        for name in [key(line), *(key(word) for word in line.split())]
        if name
    )


def _useful(name: str) -> bool:
    """Names that are too short to mean a place by themselves are left out, unless written by hand in `aliases.txt`."""
    letters = name.replace(" ", "")
    if name.count(" ") > 7:
        return False
    if "\u4e00" <= name[0] <= "\u9fff":
        return len(letters) >= 2
    return len(letters) >= (4 if name.isascii() else 3)


def is_ordinary(name: str) -> bool:
    """Whether `name` (as `words.key` makes it) is an ordinary word too."""
    return name in _ordinary()
