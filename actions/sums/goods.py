"""Lines of a basket and kinds of goods in words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import knowledge_base.goods
from actions.context import Turn
from actions.sums.telling import isolated, money, quantity
from knowledge_base.goods.tree import tree
from knowledge_base.packs import read_yaml
from knowledge_base.rules.basket import Basket, Good


def kind_name(kind: str | None, language: str) -> str:
    """A kind of goods in `language`; the id where the tree has no such kind."""
    known = tree().get(kind or "")
    return known.name_in(language) if known else (kind or "?").replace("_", " ")


@cache
def _packages() -> dict[str, dict[str, list[str]]]:
    return read_yaml(Path(knowledge_base.goods.__file__).with_name("packs.yml"))["words"]


def package_name(package: str, language: str) -> str | None:
    """What a package is called ("bottle"), in English where the language has no word; None for what is no package."""
    words = _packages().get(package, {})
    return (words.get(language) or words.get("en") or [None])[0]


@cache
def _persons() -> dict[str, dict[str, list[str]]]:
    return read_yaml(Path(knowledge_base.goods.__file__).with_name("facts.yml"))["persons"]


def person_name(person: str, language: str) -> str:
    """Who carries something, in `language`: "wife", "mi esposa"; as it is where there is no word."""
    words = _persons().get(person, {})
    return (words.get(language) or words.get("en") or [person])[0]


def good_name(good: Good, language: str) -> str:
    """What a line is: as the asker described it where it has no kind of its own, else its kind."""
    if good.description:
        return good.description
    return kind_name(good.kind, language) if good.kind else good.said or "?"


def line_text(turn: Turn, good: Good, administration: str, age: int | None = None) -> str:
    """A line: "spirits: 1.4 litres (wife)"."""
    amounts = [quantity(turn, good.quantity, good.unit, administration)] if good.quantity is not None else []
    if good.unit == "each" and good.kind in {None, "other"} and good.quantity == 1:
        amounts = []
    if good.value is not None:
        amounts.append(money(turn, good.value, administration))
    if good.strength is not None:
        amounts.append(f"{good.strength.normalize():f}\N{NO-BREAK SPACE}%")
    text = good_name(good, turn.language)
    if amounts:
        text += ": " + ", ".join(isolated(turn, amount) for amount in amounts)
    if not good.carried_by:
        return text
    carrier = person_name(good.carried_by, turn.language)
    return f"{text} ({carrier})" if age is None else f"{text} ({carrier}, {age})"


def names_of(turn: Turn, basket: Basket, lines: Iterable[str]) -> str:
    """The goods of some lines: "spirits, watch"."""
    wanted = set(lines)
    return ", ".join(dict.fromkeys(good_name(good, turn.language) for good in basket.goods if good.id in wanted))
