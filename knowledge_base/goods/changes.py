"""What a message did to a basket, for telling the asker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from knowledge_base.rules.basket import Basket

What = Literal["added", "changed", "removed", "fact", "what_if", "cleared"]


@dataclass(frozen=True)
class Change:
    """One change. `line` is the id of a line of goods, None for a fact of the traveller; `field` of that line or of `Traveller`."""

    what: What
    line: str | None = None
    field: str | None = None
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Understood:
    """A message read: the basket after it, what it changed, words and numbers that could not be placed.

    `says_nothing`: neither goods, nor facts, nor corrections were found.
    """

    basket: Basket
    changes: tuple[Change, ...] = ()
    unclear: tuple[str, ...] = ()
    says_nothing: bool = True
