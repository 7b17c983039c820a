"""Cells of a table that are longer than what the console keeps: PostgreSQL would refuse them when they are published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from knowledge_base.console.guidance.models import (
    Entry,
    Figure,
    FigureConflict,
    FigurePeriod,
    Question,
    Source,
    Translation,
)
from knowledge_base.exchange.tables.cells import RowFault, Sheet
from knowledge_base.exchange.tables.layout import LAYOUTS, layout_of

_KEPT_IN: dict[str, type[Model]] = {
    "entries": Entry, "questions": Question, "translations": Translation, "sources": Source, "figures": Figure, "values": FigurePeriod,
    "conflicts": FigureConflict,
}  # fmt: skip
_OTHER_NAMES = {"id": "key", "question": "text"}
_SHORT = 20  # fields up to this length hold codes, about which the reading of the table has sentences of its own


def too_long(sheets: Iterable[Sheet]) -> Iterator[RowFault]:
    """A fault for each cell that does not fit; its row is left out."""
    for sheet in sheets:
        layout = layout_of(sheet)
        most = longest(layout.name) if layout is not None else {}
        for row in sheet.rows:
            for column, cell in row.cells.items():
                if (count := len(str(cell).strip())) > most.get(column, count):
                    told = _("It has %(count)s characters; at most %(most)s are kept. Shorten it.")
                    yield RowFault(
                        sheet.name, row.number, column, str(cell), told % {"count": count, "most": most[column]}
                    )


def longest(sheet: str) -> dict[str, int]:
    """How many characters the console keeps of each column of the sheet; columns without a bound are left out."""
    found = {}
    for column in LAYOUTS[sheet].all_columns:
        try:
            most = getattr(_KEPT_IN[sheet]._meta.get_field(_OTHER_NAMES.get(column, column)), "max_length", None)
        except FieldDoesNotExist:  # a column that becomes several rows, or says what to do with the row
            continue
        if most and most > _SHORT:
            found[column] = most
    return found
