"""XLSX files in and out. Every cell is written as text, so that no table program turns "0402" into 402 or a day into another."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from knowledge_base.exchange.archives import refuse_bomb
from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.cells import MOST_CELL, MOST_ROWS, Cell, Row, RowFault, Sheet
from knowledge_base.said import Said

_WIDE = {"answer", "question", "original", "note", "title", "label"}
# Signs that XML cannot hold; a cell with one would make the file unreadable.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The format has an escape of its own, so what looks like one is escaped: _x0041_ would come back as A.
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")


def write_xlsx(sheets: list[Sheet]) -> bytes:
    """The sheets as one workbook. Raises `TableRefused` for a text that XLSX cannot hold."""
    for sheet in sheets:
        for row in sheet.rows:
            for text in row.cells.values():
                _refuse_unfit(str(text), Said("Sheet {sheet}, row {row}", sheet=sheet.name, row=row.number))
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "B2"
        for place, column in enumerate(sheet.columns, 1):
            page.column_dimensions[get_column_letter(place)].width = 60 if column in _WIDE else 24
        page.append([_written(page, column, bold=True) for column in sheet.columns])
        for row in sheet.rows:
            cells = (row.cells.get(column) for column in sheet.columns)
            page.append([None if cell is None else _written(page, str(cell)) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _refuse_unfit(text: str, place: str) -> None:
    if len(text) > MOST_CELL:
        raise TableRefused(
            Said(
                "{place}: a text of {count} characters; XLSX holds {most} in a cell. Take CSV.",
                place=place,
                count=len(text),
                most=MOST_CELL,
            )
        )
    if found := _NOT_XML.search(text):
        raise TableRefused(
            Said(
                "{place}: the sign U+{code:04X} cannot stand in XLSX; take it out, or take CSV.",
                place=place,
                code=ord(found[0]),
            )
        )


def _written(page: object, text: str, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=_TO_ESCAPE.sub("_x005F_", text))
    cell.data_type = "s"  # whatever it begins with, it is text
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def read_xlsx(data: bytes, name: str) -> tuple[list[Sheet], list[RowFault]]:
    """All sheets of a workbook, and the cells that cannot be taken: formulas and errors. Raises `TableRefused`."""
    refuse_bomb(data, name, TableRefused)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets, faults = [], []
        for page in book.worksheets:
            sheet, wrong = _sheet(page, name)
            if sheet.columns:
                sheets.append(sheet)
                faults += wrong
        return sheets, faults
    except TableRefused:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        ParseError,
        OSError,
    ) as error:
        raise TableRefused(
            Said(
                "{name} is no XLSX workbook that can be read ({kind}); save it from the table program again.",
                name=name,
                kind=type(error).__name__,
            )
        ) from None


def _sheet(page, name: str) -> tuple[Sheet, list[RowFault]]:  # noqa: ANN001 - openpyxl's sheets share no public type
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    faults: list[RowFault] = []
    if hasattr(page, "reset_dimensions"):
        page.reset_dimensions()  # what the file says of its own size is not believed
    for number, line in enumerate(page.iter_rows(), 1):
        if number > MOST_ROWS:
            raise TableRefused(
                Said(
                    "{name}, sheet {sheet}: more than {most} rows; split the table.",
                    name=name,
                    sheet=page.title,
                    most=MOST_ROWS,
                )
            )
        if not columns:
            columns = tuple(str(cell.value or "").strip().casefold() for cell in line)
            while columns and not columns[-1]:
                columns = columns[:-1]
            continue
        cells: dict[str, Cell] = {}
        for column, cell in zip(columns, line):
            if cell.value is None or not column:
                continue
            if cell.data_type in ("f", "e"):
                what = Said("A formula") if cell.data_type == "f" else Said("An error of the table program")
                faults.append(
                    RowFault(
                        page.title,
                        number,
                        column,
                        str(cell.value),
                        Said("{what}; copy the cells and paste them as values.", what=what),
                    )
                )
            elif (value := _value(cell.value)) is not None:
                cells[column] = value
        if cells:
            rows.append(Row(number, cells))
    return Sheet(page.title, columns, rows), faults


def _value(value: object) -> Cell | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return Decimal(f"{value:.15g}")  # what the table program shows: it keeps 15 digits
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _ESCAPED.sub(lambda found: chr(int(found[0][2:6], 16)), str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else None
