"""Files of tables, told apart by what is in them and not by their names: an XLSX workbook, a CSV file, or a zip of CSV files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import Literal

from knowledge_base.exchange.archives import refuse_bomb
from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.cells import MOST_ROWS, RowFault, Sheet
from knowledge_base.exchange.tables.csv_tables import read_csv, write_csv
from knowledge_base.exchange.tables.layout import ALL_COLUMNS
from knowledge_base.exchange.tables.xlsx_tables import read_xlsx, write_xlsx
from knowledge_base.said import Said

MOST_BYTES = 10 * 1024 * 1024
Form = Literal["xlsx", "csv"]
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_tables(sheets: list[Sheet], form: Form) -> tuple[bytes, str]:
    """The sheets as one file, and the ending of its name: xlsx; csv for one sheet; zip for several as CSV. Raises `TableRefused`."""
    if form == "xlsx":
        return write_xlsx(sheets), "xlsx"
    if len(sheets) == 1:
        return write_csv(sheets[0]), "csv"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            archive.writestr(zipfile.ZipInfo(f"{sheet.name}.csv", _EPOCH), write_csv(sheet), zipfile.ZIP_DEFLATED)
    return out.getvalue(), "zip"


def read_tables(data: bytes, name: str, encoding: str | None = None) -> tuple[list[Sheet], list[RowFault]]:
    """The sheets in a file that somebody brought along, and its cells that cannot be taken. Raises `TableRefused`.

    `name` is the file's name, for messages and for the name of a CSV sheet; `encoding` is that of a CSV file from before UTF-8.
    """
    read = _read(data, name, encoding)
    if (rows := sum(len(sheet.rows) for sheet in read[0])) > MOST_ROWS:
        raise TableRefused(
            Said(
                "{name} has {rows:,} rows; at most {most:,} are read. Split the table.",
                name=name,
                rows=rows,
                most=MOST_ROWS,
            )
        )
    return read


def _read(data: bytes, name: str, encoding: str | None) -> tuple[list[Sheet], list[RowFault]]:
    if len(data) > MOST_BYTES:
        raise TableRefused(
            Said(
                "{name} has {size:,} bytes; at most {most:,} are read. Split the table.",
                name=name,
                size=len(data),
                most=MOST_BYTES,
            )
        )
    if not data.strip():
        raise TableRefused(Said("{name} is empty; export a table to see how one looks.", name=name))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(
            Said("{name} is of the old XLS format or has a password; save it as XLSX without a password.", name=name)
        )
    if not data.startswith(b"PK"):
        return _one(read_csv(data, _title(name), ALL_COLUMNS, encoding))
    names = refuse_bomb(data, name, TableRefused)
    if "xl/workbook.xml" in names:
        return read_xlsx(data, name)
    if names and all(each.endswith(".csv") for each in names):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _all(read_csv(archive.read(each), _title(each), ALL_COLUMNS, encoding) for each in names)
    raise TableRefused(
        Said(
            "{name} holds no table: it is a zip of {files}; give XLSX, CSV or a zip of CSV files.",
            name=name,
            files=", ".join(names[:3]) or Said("nothing"),
        )
    )


def _title(name: str) -> str:
    return PurePath(name.replace("\\", "/")).name.removesuffix(".csv") or name


def _one(read: tuple[Sheet, list[RowFault]]) -> tuple[list[Sheet], list[RowFault]]:
    return [read[0]], read[1]


def _all(reads: Iterable[tuple[Sheet, list[RowFault]]]) -> tuple[list[Sheet], list[RowFault]]:
    sheets, faults = [], []
    for sheet, wrong in reads:
        sheets.append(sheet)
        faults += wrong
    return sheets, faults
