"""Where a figure stands: answers and translations that print it, rules that reckon with it, and words that tell its value by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.answer_text import PLACEHOLDER, figures_in, fill
from knowledge_base.folding import fold
from knowledge_base.model import Entry, Figure, Pack
from knowledge_base.numbers import find_numbers

# Below this, a number in other words is a coincidence more often than the figure's value: "one of 4 forms".
_TELLING = Decimal(10)
# Keys of rule files that name entries; an entry may have the id of a figure.
_ENTRY_KEYS = frozenset({"entry", "main", "how", "otherwise", "whose", "forms", "also", "ruling"})


@dataclass(frozen=True)
class AnswerMove:
    """The answer of `entry` in `language` as readers of `day` get it, before and after; None: it cannot be shown then, for want of a value."""

    entry: str
    title: str
    language: str
    day: date
    before: str | None
    after: str | None


@dataclass(frozen=True)
class RuleUse:
    """A place in a rule file that names the figure, as the way there: `great_britain › pools › beer › limits › figure`."""

    file: str
    place: str


@dataclass(frozen=True)
class LeftBehind:
    """Words that tell the value before by hand and so do not follow: `words` of `entry`, in its `key`."""

    entry: str
    key: str
    words: str


def answer_moves(pack: Pack, figure_id: str, after: Mapping[str, Figure], day: date) -> Iterator[AnswerMove]:
    """Every answer and translation that the change of `figure_id` words anew on `day`.

    An entry that ends before `day` is left out; one that begins later is shown for its first day.
    """
    for entry in pack.entries.values():
        on = max(day, entry.effective.start or day)
        if entry.effective.until is not None and entry.effective.until < on:
            continue
        for language, title, text in versions(entry, pack.administration.languages[0]):
            if figure_id not in figures_in(text):
                continue
            old, new = (_filled(text, figures, on, language) for figures in (pack.figures, after))
            if old != new:
                yield AnswerMove(entry.id, title, language, on, old, new)


def versions(entry: Entry, own_language: str) -> Iterator[tuple[str, str, str]]:
    """(language, title, text) of the answer and of its translations."""
    yield own_language, entry.title, entry.answer
    for language, translation in entry.translations.items():
        yield language, translation.title, translation.answer


def _filled(text: str, figures: Mapping[str, Figure], day: date, language: str) -> str | None:
    try:
        return fill(text, figures, day, language).strip()
    except LookupError:
        return None


def rule_uses(pack: Pack, figure_id: str) -> Iterator[RuleUse]:
    """Every place of the rule files that names the figure."""
    for name, rules in pack.rules.items():
        if figure_id in rules.figures():
            for way in _ways(rules.model_dump(by_alias=True), figure_id):
                yield RuleUse(f"{name}.yml", " › ".join(way))


def _ways(data: Any, wanted: str) -> Iterator[tuple[str, ...]]:
    """The keys that lead to `wanted` in plain data; an item of a list is called by its id, code or kind, else by its number."""
    if data == wanted and isinstance(data, str):
        yield ()
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if key == wanted:
                yield (str(key),)
            for way in _ways(value, wanted) if key not in _ENTRY_KEYS else ():
                yield (str(key), *way)
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data, 1):
            for way in _ways(value, wanted):
                yield way if len(data) == 1 and not _called(value) else (_called(value) or str(number), *way)


def _called(item: Any) -> str:
    if isinstance(item, Mapping):
        for key in ("id", "code", "good", "kind", "name"):
            if isinstance(item.get(key), str):
                return item[key]
    return ""


def left_behind(pack: Pack, figure: Figure, value: Decimal | date | str | None) -> Iterator[LeftBehind]:
    """Titles and marked literals that tell `value`, the one before, in entries that print the figure."""
    if not isinstance(value, Decimal) or value < _TELLING:
        return
    for entry in pack.entries.values():
        texts = list(versions(entry, pack.administration.languages[0]))
        if not any(figure.id in figures_in(text) for _, _, text in texts):
            continue
        for place, (language, title, text) in enumerate(texts):
            inside = "" if place == 0 else f"translations.{language}."
            written = [
                ("title", title),
                *((inside + "answer", m["literal"]) for m in PLACEHOLDER.finditer(text) if m["literal"]),
            ]
            for key, words in written:
                if any(number == value for _, _, number, _ in find_numbers(fold(words), language)):
                    yield LeftBehind(entry.id, inside + "title" if key == "title" else key, words)
