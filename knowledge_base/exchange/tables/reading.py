"""Rows of a table as texts in the form that an export has: days as 2027-01-31, yes for true. What cannot be read so is a fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from knowledge_base.exchange.tables.cells import Cell, Row, RowFault, Sheet
from knowledge_base.exchange.tables.days import Order, order_in, possible_days, read_day
from knowledge_base.exchange.tables.layout import REMOVE, Layout
from knowledge_base.said import Said, either

DAYS = frozenset({"effective_from", "effective_until", "review_by", "checked", "from", "until"})
FLAGS = frozenset({"most_asked", REMOVE})
_LISTS = frozenset({"sources", "related", "coming_from_only", "coming_from_not"})
_ANY = frozenset({"value"})
_YES = frozenset({"yes", "true", "1", "x", "oui", "نعم", "wahr", "vrai"})
_NO = frozenset({"no", "false", "0", "non", "لا", "falsch", "faux"})


class CellReader:
    """Reads the rows of one sheet; `faults` gathers what is wrong."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet, self.layout = sheet, layout
        self.faults: list[RowFault] = []
        texts = (
            str(cell)
            for row in sheet.rows
            for column, cell in row.cells.items()
            if column in DAYS and isinstance(cell, str)
        )
        self._order: Order | None = order_in(texts)

    def read(self, row: Row, current: dict[str, str] | None = None) -> dict[str, str] | None:
        """The cells of `row` that belong to the sheet, None when one of them is wrong. `current` is what stands there now."""
        found: dict[str, str] = {}
        wrong = len(self.faults)
        for column, cell in row.cells.items():
            if column in self.layout.all_columns and column not in self.layout.read_only:
                text = self._text(row, column, cell, (current or {}).get(column, ""))
                if text is not None:
                    found[column] = text
        return found if len(self.faults) == wrong else None

    def wrong(self, row: Row, column: str, value: object, remedy: str) -> None:
        """Note a fault of a row."""
        self.faults.append(RowFault(self.sheet.name, row.number, column, str(value), remedy))

    def _text(self, row: Row, column: str, cell: Cell, current: str) -> str | None:
        if column in DAYS:
            return self._day(row, column, cell, current)
        if column in FLAGS:
            return self._flag(row, column, cell)
        if isinstance(cell, Decimal) and column in _ANY:
            return f"{cell:f}"
        if isinstance(cell, date) and column in (*_ANY, "as_of"):
            return cell.isoformat()
        if not isinstance(cell, str):
            kind = (
                Said("a day")
                if isinstance(cell, date)
                else Said("yes or no")
                if isinstance(cell, bool)
                else Said("a number")
            )
            return self.wrong(
                row,
                column,
                cell,
                Said(
                    "Stored as {kind}, so zeros or signs may be lost; format the cell as text and type it again.",
                    kind=kind,
                ),
            )
        if column in _LISTS:
            return ", ".join(
                part for piece in cell.replace(";", ",").replace("\n", ",").split(",") if (part := piece.strip())
            )
        return cell.strip() if column in (*self.layout.keys, "version", "topic", "audience", "of") else cell

    def _day(self, row: Row, column: str, cell: Cell, current: str) -> str | None:
        if isinstance(cell, date):
            return cell.isoformat()
        if isinstance(cell, str):
            if cell.strip().startswith("("):  # the word for an empty cell
                return cell.strip()
            # A day that a table program wrote its own way, but could be the one that stands there, was not changed by anybody.
            possible = [day.isoformat() for day in possible_days(cell)]
            if current and current in possible:
                return current
            if day := read_day(cell, self._order):
                return day.isoformat()
            if len(possible) > 1:
                return self.wrong(
                    row, column, cell, Said("Can be {days}; write it as 2027-01-31.", days=either(possible))
                )
        return self.wrong(row, column, cell, Said("No day; write it as 2027-01-31."))

    def _flag(self, row: Row, column: str, cell: Cell) -> str | None:
        text = str(cell).strip().casefold()
        if text in _YES:
            return "yes"
        if text in _NO:
            return "no"
        return self.wrong(row, column, cell, Said("Write yes or no."))
