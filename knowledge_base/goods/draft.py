"""A basket while a message changes it, and what the words of its lines tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.changes import Change
from knowledge_base.goods.grouping import read_items
from knowledge_base.goods.messages import read_message
from knowledge_base.goods.tokens import tokens
from knowledge_base.rules.basket import Good


@dataclass
class Applied:
    """A basket that is being changed, and what was changed."""

    goods: list[Good]
    country: str | None
    currency: str
    text: str
    language: str
    changes: list[Change] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    last: str | None = None  # the line that was spoken of last
    fresh: set[str] = field(default_factory=set)  # lines that this message added
    correcting: bool = False

    def names_of(self, good: Good) -> frozenset[str]:
        """What exactly a line's words name: brands, rows of words.yml and things.yml."""
        return said_names(good.said or good.description or "", self.language)[0]

    def name_in(self, said: str) -> str:
        """The words within `said` that name the goods."""
        return said_names(said, self.language)[1]

    def count_of(self, good: Good) -> Decimal | None:
        """How many packages a line's words tell: 2 of "2 bottles of wine"; None when they tell none."""
        measures = said_measures(good.said, self.language)
        packed = [measure for measure in measures if measure.pack]
        return (packed[0].number or Decimal(1)) if packed else None

    def line(self, identity: str | None) -> Good | None:
        """The line of that id, None when there is none."""
        return next((good for good in self.goods if good.id == identity), None)

    def new_id(self) -> str:
        """An id that no line has or had in this message."""
        taken = [int(good.id[1:]) for good in self.goods if good.id[1:].isdigit()]
        removed = [int(c.line[1:]) for c in self.changes if c.what == "removed" and c.line and c.line[1:].isdigit()]
        return f"g{max([0, *taken, *removed]) + 1}"

    def add(self, good: Good) -> None:
        """Appends a line and notes it."""
        self.goods.append(good)
        self.fresh.add(good.id)
        self.last = good.id
        self.changes.append(Change("added", good.id, None, None, good))

    def change(self, good: Good, **fields: Any) -> Good:
        """Sets fields of a line and notes each that is new."""
        changed = good.model_copy(update=fields)
        for name, after in fields.items():
            if (before := getattr(good, name)) != after and name not in {"assumed", "unit"}:
                self.changes.append(Change("changed", good.id, name, before, after))
        self.goods[self.goods.index(good)] = changed
        self.last = good.id
        return changed

    def remove(self, good: Good) -> None:
        """Removes a line and notes it."""
        self.goods.remove(good)
        self.changes.append(Change("removed", good.id, None, good, None))
        if self.last == good.id:
            self.last = self.goods[-1].id if self.goods else None


@lru_cache(maxsize=512)
def said_names(said: str, language: str) -> tuple[frozenset[str], str]:
    """What exactly some words name, and the words that do."""
    message = read_message(said, language)
    named = [token for token in tokens(message) if token.term and token.role in {"kind", "brand", "thing"}]
    words = message.text[named[0].start : named[-1].end] if named else ""
    return frozenset(token.term.name for token in named if token.term), words


@lru_cache(maxsize=512)
def said_measures(said: str, language: str) -> tuple[Measure, ...]:
    """What a line's own words count."""
    message = read_message(said, language)
    items, _, _ = read_items(tokens(message), message.text, language)
    return tuple(items[0].measures) if items else ()
