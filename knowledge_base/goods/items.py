"""Goods as one clause of a message told them: what, how much, at what price, how strong, made where, carried by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge_base.goods.amounts import Measure, usually_of
from knowledge_base.goods.tokens import Token
from knowledge_base.goods.tree import is_a, tree

_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


@dataclass
class Item:
    """Goods that one clause told. `ops` are what was said to be done with them (remove, negate, correct, swap, more, also, what_if)."""

    terms: list[Token] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    price: Token | None = None
    each: bool = False
    strength: Decimal | None = None
    made_in: str | None = None
    bought_in: str | None = None
    person: str | None = None
    carries: bool = False
    duty_free: bool = False
    article: bool = False
    bounded: bool = False
    cash: bool = False
    ops: set[str] = field(default_factory=set)
    said: str = ""
    line: int | None = None  # "line 2"
    start: int = -1
    end: int = -1

    @property
    def is_named(self) -> bool:
        """Was it said what they are?"""
        return bool(self.terms)

    @property
    def has_amount(self) -> bool:
        """Was it said how much, or at what price?"""
        return bool(self.measures) or self.price is not None

    @property
    def kind(self) -> str | None:
        """The kind of the product tree, None when it is not known. A carton of tobacco is one of cigarettes."""
        kind = kind_of(self.terms)
        usual = next((usually_of(measure.pack) for measure in self.measures if measure.pack), None)
        return usual if kind == "tobacco" and usual else kind

    @property
    def names(self) -> frozenset[str]:
        """What exactly it was called: brands, and rows of words.yml and things.yml."""
        return frozenset(token.term.name for token in self.terms if token.term)

    @property
    def description(self) -> str:
        """The asker's words for goods of no kind of their own."""
        said = sorted([*self.words, *self.terms], key=lambda token: token.start)
        words = " ".join(token.said or token.form for token in said)
        return words if words.isascii() else _HAN_GAP.sub("", words)

    def touch(self, token: Token) -> None:
        """Stretches the item's words to take in `token`."""
        self.start = token.start if self.start < 0 else min(self.start, token.start)
        self.end = max(self.end, token.end)


def kind_of(terms: Sequence[Token]) -> str | None:
    """The kind that several names of one thing mean: the nearest, "whisky" within a brand, "watch" in "gold watch"."""
    kind: str | None = None
    for token in terms:
        its = token.term.kind if token.term else None
        if its is None or its == kind:
            continue
        if kind is None or kind == "other" and token.term and terms[0].term and terms[0].term.name == "gifts":
            kind = its
        elif its == "other":
            kind = kind if token.term and token.term.name == "gifts" else its
        elif its in tree() and is_a(its, kind):
            kind = its
        elif kind in tree() and is_a(kind, its):
            continue
        elif kind == "other":
            continue
        elif token.term and token.term.role == "kind":
            kind = its  # "davidoff perfume": the word decides against the brand
    return kind


def strength_of(terms: Sequence[Token]) -> Decimal | None:
    """The usual strength of the brand that was named, None where the brand tells none."""
    kind = kind_of(terms)
    for token in terms:
        if token.term and token.term.strength is not None and token.term.kind == kind:
            return token.term.strength
    return None
