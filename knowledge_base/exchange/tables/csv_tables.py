"""CSV as table programs write it, in and out: UTF-8 with or without a mark, UTF-16, commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io

from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.cells import MOST_CELL, Row, RowFault, Sheet, guarded, is_formula, unguarded
from knowledge_base.said import Said

# Encodings from before UTF-8 that table programs of these regions still write; never guessed, always chosen by a person.
OLD_ENCODINGS = {"western": "cp1252", "arabic": "cp1256", "cyrillic": "cp1251", "chinese": "gb18030"}
_SEPARATORS = ",;\t"


def write_csv(sheet: Sheet) -> bytes:
    """The sheet as CSV that Excel and others open with a double click: UTF-8 with its mark, commas, nothing that runs."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([guarded(str(row.cells.get(column, ""))) for column in sheet.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_csv(
    data: bytes, name: str, known: frozenset[str], encoding: str | None = None
) -> tuple[Sheet, list[RowFault]]:
    """The sheet in `data`, and its cells that cannot be taken. `known` are the columns to look for in the first line.

    `encoding` is one of OLD_ENCODINGS for a file that is not UTF-8. Raises `TableRefused` when it is no table with such columns.
    """
    text = _decoded(data, name, encoding)
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:  # Excel's own note of the separator
        text = rest
    header = text.partition("\n")[0]
    separator = max(
        _SEPARATORS, key=lambda sign: sum(part.strip(' "\r').casefold() in known for part in header.split(sign))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(4 * MOST_CELL)
    try:
        lines: list[tuple[int, list[str]]] = [(number, line) for number, line in enumerate(reader, 1)]
    except csv.Error as error:
        raise TableRefused(
            Said(
                "{name}, line {line}: {error}; save it from the table program as CSV again.",
                name=name,
                line=reader.line_num,
                error=error,
            )
        ) from None
    if not lines:
        raise TableRefused(Said("{name} is empty; export a table to see how one looks.", name=name))
    columns = tuple(cell.strip().casefold() for cell in lines[0][1])
    return _sheet(name, columns, lines[1:])


def _sheet(name: str, columns: tuple[str, ...], lines: list[tuple[int, list[str]]]) -> tuple[Sheet, list[RowFault]]:
    rows, faults = [], []
    for number, line in lines:
        if len(line) > len(columns) and any(cell.strip() for cell in line[len(columns) :]):
            faults.append(
                RowFault(
                    name,
                    number,
                    "",
                    str(len(line)),
                    Said(
                        "The row has more cells than the {count} columns; put texts with a separator in quotes.",
                        count=len(columns),
                    ),
                )
            )
            continue
        cells = {}
        for column, cell in zip(columns, line):
            if is_formula(cell):
                faults.append(
                    RowFault(
                        name,
                        number,
                        column,
                        cell,
                        Said("Looks like a formula; write its value, or an apostrophe before it."),
                    )
                )
            elif cell.strip():
                cells[column] = unguarded(cell).replace("\r\n", "\n").replace("\r", "\n")
        if any(cells):
            rows.append(Row(number, cells))
    return Sheet(name, columns, rows), faults


def _decoded(data: bytes, name: str, encoding: str | None) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
    mark, marked = next(((mark, name_) for mark, name_ in marks if data.startswith(mark)), (b"", None))
    if marked is None and encoding is not None and encoding not in OLD_ENCODINGS:
        raise TableRefused(
            Said(
                "{encoding!r} is no encoding that is known; one of {known}.",
                encoding=encoding,
                known=", ".join(OLD_ENCODINGS),
            )
        )
    chosen = marked or OLD_ENCODINGS.get(encoding or "", "utf-8")
    try:
        text = data[len(mark) :].decode(chosen)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TableRefused(
            Said(
                "{name}, line {line}: not {chosen}; save it as CSV UTF-8, or choose the encoding that your table program writes ({known}).",
                name=name,
                line=line,
                chosen=chosen,
                known=", ".join(OLD_ENCODINGS),
            )
        ) from None
    if "\0" in text:
        raise TableRefused(
            Said("{name} is no text; save it from the table program as CSV, or give the XLSX file.", name=name)
        )
    return text
