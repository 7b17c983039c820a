"""Sheets as plain data, and how a cell's text is kept from being run as a formula by whoever opens the file.

A text that a table program would run gets one apostrophe before it in CSV, and a text that begins so already gets one more: what is read
back is what was written. XLSX knows the type of each cell and needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Cell = str | Decimal | date | bool
MOST_ROWS = (
    20_000  # of one file: while its drafts are laid down, nobody else can save on SQLite (0.7 ms of a processor a row)
)
MOST_CELL = 32_767  # what Excel holds in one cell
CLEARED = "(empty)"  # what staff write to take an optional value away; an empty cell changes nothing

# Table programs also take the full-width signs of East Asian keyboards, and skip white space before them.
_RUNS = re.compile(r"'*[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")
_FORMULA = re.compile(r"[\t\r\n ]*[=@\uff1d\uff20]")


@dataclass(frozen=True)
class Row:
    """One row: its number as the table program shows it, and its cells by column. Empty cells are left out."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """A table with its columns in their order."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class RowFault:
    """Something wrong in a table, with its place: sheet, number of the row, column; and the way out."""

    sheet: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        place = ", ".join(
            filter(
                None,
                [
                    f"sheet {self.sheet}",
                    f"row {self.row}" if self.row else "",
                    f"column {self.column}" if self.column else "",
                ],
            )
        )
        return f"{place}: {value!r}: {self.remedy}"


def guarded(text: str) -> str:
    """`text` as a CSV cell that no table program runs."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` made a cell of."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def is_formula(text: str) -> bool:
    """Would a table program run this cell? A leading + or - is left alone: telephone numbers and lists begin so."""
    return _FORMULA.match(text) is not None
