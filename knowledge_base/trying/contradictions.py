"""Numbers of an answer that do not go with a figure, or with another answer on the same topic that says the same with another number.

Sentences are compared with their numbers left out: two that say the same otherwise should have the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from knowledge_base.answer_text import PLACEHOLDER, figures_in, fill
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry, Figure
from knowledge_base.quantities import dimension, find_kinds, find_quantities, in_base
from knowledge_base.trying.overlay import Vectors

# Likenesses in the bank's space, where unrelated texts lie at 0; chosen by reading the pairs of two packs.
SAME_SENTENCE = 0.65
SAME_SUBJECT = 0.65
# A number by hand that counts what a figure's label names ("20 litres of beer") is about that figure from here on.
SAME_GOODS = 0.25
_END = re.compile(r"(?<=[.!?])\s+|\n+(?:\s*-\s+)?")
_MARK = re.compile("[\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True)
class Contradiction:
    """A sentence of the entry `of`, and the sentence of another `entry`, or the `figure`, that has another number for it."""

    of: str
    sentence: str
    other: str
    entry: Entry | None = None
    figure: Figure | None = None
    likeness: float = 0.0


@dataclass(frozen=True)
class _Said:
    """One sentence: as read, without its numbers, its amounts by dimension, and those of them that were typed by hand."""

    text: str
    masked: str
    amounts: dict[str, frozenset[Decimal]]
    typed: dict[str, frozenset[Decimal]]
    goods: frozenset[str]  # what the typed amounts count, by the names of quantities.yml


def contradictions(
    shelf: Shelf, ids: Iterable[str], day: date, vectors: Vectors, most: int = 12
) -> list[Contradiction]:
    """What the entries `ids` of `shelf` (with the change laid over it) say otherwise than the rest of their topic on `day`; nearest first."""
    found: list[Contradiction] = []
    for name in ids:
        entry = shelf.entry(name)
        own = _sentences(entry, shelf, day) if entry else []
        if entry is None or not own:
            continue
        topic = [
            other
            for other in shelf.entries
            if other.id != name
            and shelf.topics.get(other.id) == shelf.topics.get(name)
            and other.effective.holds_on(day)
        ]
        placed = shelf.bank.place(vectors("query", [said.masked for said in own]))
        found += _against_entries(entry, own, placed, topic, shelf, day, vectors)
        found += _against_figures(entry, own, placed, [entry, *topic], shelf, day, vectors)
    return sorted(found, key=lambda each: -each.likeness)[:most]


def _against_entries(entry, own, placed, topic, shelf, day, vectors) -> Iterator[Contradiction]:  # noqa: ANN001
    others = [(other, said) for other in topic for said in _sentences(other, shelf, day)]
    if not others:
        return
    likeness = placed @ shelf.bank.place(vectors("query", [said.masked for _, said in others])).T
    for mine, its in np.argwhere(likeness > SAME_SENTENCE):
        other, said = others[int(its)]
        if _differ(own[int(mine)].amounts, said.amounts):
            yield Contradiction(
                entry.id, own[int(mine)].text, said.text, entry=other, likeness=float(likeness[mine, its])
            )


def _against_figures(entry, own, placed, entries, shelf, day, vectors) -> Iterator[Contradiction]:  # noqa: ANN001
    """Numbers that were typed by hand, against the figures that the topic's answers use."""
    # Those that the topic's answers use, and those that are kept for this answer: it may just have lost them.
    family = entry.id.rsplit(".", 1)[0] + "."
    used = {name for each in entries for name in figures_in(each.answer)} | {
        name for name in shelf.figures if name.startswith(family)
    }
    named = sorted(used & shelf.figures.keys())
    told = [(shelf.figures[name], amount) for name in named if (amount := _amount(shelf.figures[name], day))]
    if not told or not any(said.typed for said in own):
        return
    likeness = placed @ shelf.bank.place(vectors("query", [figure.label for figure, _ in told])).T
    for number, said in enumerate(own):
        for place in np.flatnonzero(likeness[number] > SAME_GOODS) if said.typed else ():
            figure, (kind, value) = told[int(place)]
            near = likeness[number, place] > SAME_SUBJECT or said.goods & {
                name for name, _, _ in find_kinds(figure.label)
            }
            if near and said.typed.get(kind) and value not in said.amounts[kind]:
                yield Contradiction(
                    entry.id, said.text, figure.label, figure=figure, likeness=float(likeness[number, place])
                )


def _differ(one: dict[str, frozenset[Decimal]], other: dict[str, frozenset[Decimal]]) -> bool:
    """Is there a dimension in which both tell amounts and none of them is the same?"""
    return any(not one[kind] & other[kind] for kind in one.keys() & other.keys())


def _amount(figure: Figure, day: date) -> tuple[str, Decimal] | None:
    try:
        value = figure.value_on(day)
    except LookupError:
        return None
    kind = dimension(figure.unit, figure.currency)
    return (kind, in_base(value, figure.unit)) if kind and isinstance(value, Decimal) else None


def _sentences(entry: Entry, shelf: Shelf, day: date) -> list[_Said]:
    """The sentences of the English answer that tell amounts."""
    found = []
    for raw in _END.split(entry.answer.strip()):
        try:
            text = _MARK.sub("", fill(raw, shelf.figures, day, "en")).strip()
        except LookupError:
            continue
        amounts = _amounts(text)
        if amounts:
            by_hand = PLACEHOLDER.sub(lambda match: match["literal"] or " ", raw)
            goods = {each.kind for each in find_quantities(by_hand, "en") if each.kind and each.dimension}
            found.append(_Said(text, _masked(text), amounts, _amounts(by_hand), frozenset(goods)))
    return found


def _amounts(text: str) -> dict[str, frozenset[Decimal]]:
    found: dict[str, set[Decimal]] = {}
    for quantity in find_quantities(text, "en"):
        if quantity.dimension:
            found.setdefault(quantity.dimension, set()).add(in_base(quantity.value, quantity.unit))
    return {kind: frozenset(values) for kind, values in found.items()}


def _masked(text: str) -> str:
    """The sentence with a dash for each number, so that two with other numbers read alike."""
    return re.sub(r"\d[\d.,\u00a0\u202f ]*\d|\d", "–", text)
