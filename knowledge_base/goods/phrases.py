"""Phrases of facts.yml in a message, and what they tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from knowledge_base.goods.lexicon import lexicon
from knowledge_base.goods.messages import Message
from knowledge_base.goods.writing import key, table


@dataclass(frozen=True)
class Origin:
    """Where goods were made or bought (`field` of a line), and where the text tells it. `before`: goods follow it ("french wine")."""

    start: int
    field: str
    country: str
    before: bool = False


@dataclass
class Facts:
    """What was told: `values` by the field names of Traveller, `origins` of goods, `masked` spans, `home` the country one lives in."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    home: str | None = None
    masked: list[tuple[int, int]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)  # countries that were named without saying what for
    arrivals: list[str] = field(default_factory=list)  # all places of the message, as one arrives there
    spans: list[tuple[Decimal, str]] = field(default_factory=list)
    ages: dict[str, int] = field(default_factory=dict)  # of others who travel along, by persons of facts.yml


@cache
def phrases_of() -> dict[str, list[tuple[str, str]]]:
    """fact → (value, phrase between blanks), the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for fact, values in table("facts").items():
        if isinstance(values, list):
            values = {"": values}
        if fact in {"persons", "parts", "arrival", "is_aged", "years_of_age"}:
            continue
        pairs = {(str(value), f" {key(phrase)} ") for value, phrases in values.items() for phrase in phrases}
        found[fact] = sorted(pairs, key=lambda pair: (-len(pair[1]), pair))
    return found


@cache
def _by_first_word() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """fact → first word → (value, phrase)."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for fact, pairs in phrases_of().items():
        found[fact] = {}
        for value, phrase in pairs:
            found[fact].setdefault(phrase.split()[0], []).append((value, phrase))
    return found


def matches(message: Message, fact: str) -> Iterator[tuple[str, int, int]]:
    """(value, first piece, piece after the last) of every phrase of `fact` in the message, the longest first."""
    by_word = _by_first_word()[fact]
    likely = [pair for word in set(message.told.split()) for pair in by_word.get(word, ())]
    for value, phrase in sorted(likely, key=lambda pair: (-len(pair[1]), pair)):
        if value == "lives":
            continue
        at = message.told.find(phrase)
        if at >= 0 and at + 1 in message.at:
            end = message.at.get(at + len(phrase), len(message.pieces))
            yield value, message.at[at + 1], end


def mask(message: Message, facts: Facts, first: int, last: int) -> None:
    """Keeps the pieces from being read as goods."""
    facts.masked.append((message.pieces[first].start, message.pieces[last - 1].end))


def number_in(message: Message, first: int, last: int) -> Decimal | None:
    """The first number among some pieces, None when there is none."""
    return next((message.numbers[index][1] for index in range(first, last) if index in message.numbers), None)


def role_at(message: Message, index: int) -> tuple[str, str]:
    """(role, name) of the term at a piece."""
    if index >= len(message.pieces):
        return "", ""
    match = lexicon().at([piece.form for piece in message.pieces[index : index + 4]], 0, message.language)
    return (match[0].role, match[0].name) if match else ("", "")
