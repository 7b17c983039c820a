"""Published answers and wordings that say nearly the same as a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from knowledge_base.checks.meaning import SAME_ENTRY, SAME_QUESTION
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry


@dataclass(frozen=True)
class Near:
    """`entry` is nearly the same as the changed one named `of`: as a whole, or by the wordings `own` and `its`. `likeness` 0 to 1."""

    of: str
    entry: Entry
    likeness: float
    own: str = ""
    its: str = ""


def near_duplicates(shelf: Shelf, ids: Iterable[str], most: int = 12) -> list[Near]:
    """What is nearly the same as the entries `ids` of `shelf` (with the change laid over it), most alike first; one line an entry."""
    numbers = {entry.id: number for number, entry in enumerate(shelf.entries)}
    found: list[Near] = []
    for name in ids:
        if name in numbers:
            whole = list(_whole(shelf, numbers[name]))
            told = {near.entry.id for near in whole}
            found += [*whole, *(near for near in _by_wording(shelf, numbers[name]) if near.entry.id not in told)]
    return sorted(found, key=lambda near: -near.likeness)[:most]


def _whole(shelf: Shelf, number: int) -> Iterator[Near]:
    bank = shelf.bank
    likeness = (bank.centres @ bank.centres[number] + bank.answers @ bank.answers[number]) / 2
    for other in np.flatnonzero(likeness > SAME_ENTRY):
        if other != number:
            yield Near(shelf.entries[number].id, shelf.entries[other], float(likeness[other]))


def _by_wording(shelf: Shelf, number: int) -> Iterator[Near]:
    """For each other entry the two wordings that are most alike, when they are nearly the same."""
    bank = shelf.bank
    own = np.flatnonzero(bank.question_entry == number)
    others = np.flatnonzero(bank.question_entry != number)
    if not len(own) or not len(others):
        return
    likeness = bank.questions[others] @ bank.questions[own].T
    best = likeness.max(axis=1)
    seen: set[int] = set()
    for place in np.argsort(-best, kind="stable"):
        if best[place] <= SAME_QUESTION:
            return
        other = int(bank.question_entry[others[place]])
        if other not in seen:
            seen.add(other)
            mine = int(own[likeness[place].argmax()])
            yield Near(
                shelf.entries[number].id, shelf.entries[other], float(best[place]), shelf.question_text[mine],
                shelf.question_text[int(others[place])],
            )  # fmt: skip
