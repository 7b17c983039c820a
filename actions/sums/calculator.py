"""What a sum is to the conversation about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from actions.context import Turn
from actions.sums.state import Kind
from customs.blocks import Block
from knowledge_base.index.release import Shelf
from knowledge_base.places import Named

ADMINISTRATION = "administration"


@dataclass(frozen=True)
class Heard:
    """What a message said: the data after it, and whether it said anything. `unclear` are words that could not be placed."""

    data: BaseModel
    changed: bool
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question about one fact, with the answers that a button gives as (title, payload)."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


class Calculator(ABC):
    """One kind of sum.

    `rules` is the name of its file in a pack; a pack without it has no such sum. `intent` begins it. `skippable` are facts that people may
    not know.
    """

    kind: Kind
    rules: str
    intent: str
    model: type[BaseModel]
    skippable: frozenset[str] = frozenset()
    # Topics that are switched off with it; a sum of goods goes by the entries of the goods instead.
    topics: frozenset[str] = frozenset()

    def can_skip(self, fact: str) -> bool:
        """May the asker say that this is not known? The result then tells what holds all the same."""
        return fact.split(".")[-1] in self.skippable

    def can_remove(self, line: str) -> bool:
        """Is it a line that can be taken out?"""
        return True

    @abstractmethod
    def begins(self, turn: Turn, text: str, intent: str | None) -> bool:
        """Does `text` tell something to work out, so that it is no question about the rule?"""

    @abstractmethod
    def read(self, turn: Turn, text: str, data: Any, asked: str | None, named: Named, currency: str | None) -> Heard:
        """What `text` says beside `data`; `asked` is the fact that was asked. Never raises."""

    @abstractmethod
    def set_fact(self, data: Any, fact: str, value: str) -> Any:
        """`data` after a button. Raises ValueError for a value that no button of ours has."""

    @abstractmethod
    def lines(self, turn: Turn, data: Any, administration: str) -> list[tuple[str, str]]:
        """What was understood: (id, words) of each line."""

    @abstractmethod
    def without_line(self, data: Any, line: str) -> Any:
        """`data` without a line; the same when there is no such line."""

    @abstractmethod
    def check(self, turn: Turn, shelf: Shelf, data: Any) -> Any:
        """The result, whose `needs` are the facts that are missing."""

    def missing(self, data: Any, result: Any) -> tuple[str, ...]:
        """The facts to ask for, in order."""
        return result.needs

    @abstractmethod
    def question(self, turn: Turn, shelf: Shelf, fact: str, data: Any, result: Any) -> Question:
        """How a fact is asked for."""

    @abstractmethod
    def tell(self, turn: Turn, shelf: Shelf, data: Any, result: Any, certain_only: bool) -> list[Block]:
        """The result: first a sentence that decides. With `certain_only` what holds whatever the missing facts are; may be empty."""

    @abstractmethod
    def entry(self, shelf: Shelf, result: Any) -> str | None:
        """The entry that explains the result, for follow-ups and feedback."""

    def rests_on(self, shelf: Shelf, result: Any) -> set[str]:
        """The entries that the result gives in other words: with one of them switched off, it is not told."""
        entry = self.entry(shelf, result)
        return {entry} if entry else set()

    def facts(self, turn: Turn, data: Any, administration: str) -> list[tuple[str, str]]:
        """What was understood beside the lines: (fact, words)."""
        return []

    def entries(self, shelf: Shelf) -> set[str]:
        """The entries that the result stands for: asked for one of these, goods are worked out instead."""
        return set()

    def stands_for(self, shelf: Shelf, entry: str, text: str) -> bool:
        """Is the sum the better answer to `text`, to which the guidance answers by `entry`?"""
        return entry in self.entries(shelf)

    def elsewhere(self, data: Any) -> Any:
        """`data` under another administration: without what depended on the one before."""
        return data

    def kept(self, data: Any) -> Any:
        """What a new sum takes over from the one before."""
        return self.model()
