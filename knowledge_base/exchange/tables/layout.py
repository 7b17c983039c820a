"""The sheets of an administration: which columns they have, and what of a pack stands in them. docs/spreadsheets.md is the same in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.exchange.tables.cells import Row, Sheet
from knowledge_base.model import Entry, Figure, Pack, Source

VERSION = "version"
REMOVE = "remove"


@dataclass(frozen=True)
class Layout:
    """A kind of sheet. `keys` name an item; `required` must be there for a new one; `read_only` are shown and never read back."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...]
    read_only: tuple[str, ...] = ()
    removable: bool = False

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns in the order of the sheet."""
        return (*self.keys, *self.columns, *self.read_only, *((REMOVE,) if self.removable else ()), VERSION)


ENTRIES = Layout(
    "entries",
    ("id",),
    ("topic", "title", "audience", "answer", "sources", "effective_from", "effective_until", "coming_from_only", "coming_from_not", "review_by", "related", "most_asked"),
    ("topic", "title", "audience", "answer", "sources", "review_by"),
)  # fmt: skip
QUESTIONS = Layout("questions", ("entry", "language"), ("question",), ("question",), removable=True)
TRANSLATIONS = Layout(
    "translations", ("entry", "language"), ("title", "answer", "of"), ("title", "answer"), ("original",), removable=True
)
SOURCES = Layout(
    "sources",
    ("id",),
    ("title", "publisher", "url", "kind", "as_of", "checked", "note"),
    ("title", "publisher", "url", "kind", "as_of", "checked"),
)
FIGURES = Layout(
    "figures",
    ("id",),
    ("label", "unit", "currency", "at_limit", "source", "status", "note"),
    ("label", "source", "status"),
)
VALUES = Layout("values", ("figure", "from"), ("until", "value"), ("value",), ("label", "unit"), removable=True)
CONFLICTS = Layout("conflicts", ("figure", "source", "value"), ("note",), (), removable=True)
LAYOUTS = {layout.name: layout for layout in (ENTRIES, QUESTIONS, TRANSLATIONS, SOURCES, FIGURES, VALUES, CONFLICTS)}
ALL_COLUMNS = frozenset(column for layout in LAYOUTS.values() for column in layout.all_columns)
GUIDANCE = ("entries", "questions", "translations")


def sheets_of(pack: Pack, names: Iterable[str] = tuple(LAYOUTS)) -> list[Sheet]:
    """The named sheets of `pack`, whole."""
    return [_sheet(LAYOUTS[name], cells_of(pack, name)) for name in names]


def layout_of(sheet: Sheet) -> Layout | None:
    """The kind of a sheet, by its name or else by the columns that only this kind has; None for a sheet of another kind."""
    if sheet.name.strip().casefold() in LAYOUTS:
        return LAYOUTS[sheet.name.strip().casefold()]
    fitting = [layout for layout in LAYOUTS.values() if {*layout.keys, *layout.required[:1]} <= set(sheet.columns)]
    known = [(sum(column in layout.all_columns for column in sheet.columns), layout) for layout in fitting]
    return max(known, key=lambda each: each[0], default=(0, None))[1]


def cells_of(pack: Pack, name: str) -> list[dict[str, str]]:
    """What of `pack` stands in the rows of the sheet `name`, by column."""
    return [{key: value for key, value in cells.items() if value != ""} for cells in _ROWS[name](pack)]


def version_of(layout: Layout, cells: dict[str, str]) -> str:
    """A v and eight hex digits that change when anything in the row does: a row that was exported before somebody's change is found by it.

    The v keeps table programs from reading "12345e67" as a number.
    """
    read_back = [[column, cells[column]] for column in (*layout.keys, *layout.columns) if cells.get(column)]
    return "v" + hashlib.sha256(json.dumps(read_back, ensure_ascii=False).encode()).hexdigest()[:8]


def _sheet(layout: Layout, lines: list[dict[str, str]]) -> Sheet:
    rows = [Row(number, {**cells, VERSION: version_of(layout, cells)}) for number, cells in enumerate(lines, 2)]
    return Sheet(layout.name, layout.all_columns, rows)  # type: ignore[arg-type]


def _entries(pack: Pack) -> Iterable[dict[str, str]]:
    for entry in pack.entries.values():
        yield entry_cells(entry, pack.topics[entry.id])


def entry_cells(entry: Entry, topic: str) -> dict[str, str]:
    """The row of an entry."""
    places = entry.coming_from
    return {
        "id": entry.id, "topic": topic, "title": entry.title, "audience": entry.audience, "answer": entry.answer,
        "sources": _list(entry.sources), "effective_from": _day(entry.effective.start), "effective_until": _day(entry.effective.until),
        "coming_from_only": _list(places.only if places else []), "coming_from_not": _list(places.excluded if places else []),
        "review_by": _day(entry.review_by), "related": _list(entry.related), "most_asked": "yes" if entry.most_asked else "",
    }  # fmt: skip


def _questions(pack: Pack) -> Iterable[dict[str, str]]:
    for entry in pack.entries.values():
        for language, questions in entry.questions.items():
            for question in questions:
                yield {"entry": entry.id, "language": language, "question": question}


def _translations(pack: Pack) -> Iterable[dict[str, str]]:
    for entry in pack.entries.values():
        for language, text in entry.translations.items():
            yield {
                "entry": entry.id, "language": language, "title": text.title, "answer": text.answer, "of": text.of, "original": entry.answer,
            }  # fmt: skip


def _sources(pack: Pack) -> Iterable[dict[str, str]]:
    for source in pack.sources.values():
        yield source_cells(source)


def source_cells(source: Source) -> dict[str, str]:
    """The row of a source."""
    return {key: str(value) for key, value in source.model_dump().items() if value is not None}


def _figures(pack: Pack) -> Iterable[dict[str, str]]:
    for figure in pack.figures.values():
        yield figure_cells(figure)


def figure_cells(figure: Figure) -> dict[str, str]:
    """The row of a figure, without its values."""
    data: dict[str, Any] = figure.model_dump(include={"id", *FIGURES.columns})
    return {key: str(data[key]) for key in ("id", *FIGURES.columns) if data[key] is not None}


def _values(pack: Pack) -> Iterable[dict[str, str]]:
    for figure in pack.figures.values():
        for period in figure.valid:
            yield {
                "figure": figure.id, "from": _day(period.start), "until": _day(period.until), "value": written(period.value),
                "label": figure.label, "unit": figure.currency or figure.unit or "",
            }  # fmt: skip


def _conflicts(pack: Pack) -> Iterable[dict[str, str]]:
    for figure in pack.figures.values():
        for each in figure.conflict:
            yield {"figure": figure.id, "source": each.source, "value": written(each.value), "note": each.note or ""}


def written(value: object) -> str:
    """A value of a figure as its cell."""
    return "unknown" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _list(items: list[str]) -> str:
    return ", ".join(items)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_ROWS = {
    "entries": _entries, "questions": _questions, "translations": _translations, "sources": _sources,
    "figures": _figures, "values": _values, "conflicts": _conflicts,
}  # fmt: skip
