"""Rows as a CSV file that a spreadsheet opens as it is, and that cannot make it calculate anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

# A spreadsheet takes a cell that begins so for a formula, also after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], titles: Mapping[str, str] | None = None) -> str:
    """`rows` with the `columns` in this order, a title line first; begins with a byte order mark, by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe((titles or {}).get(column, column)) for column in columns])
    for row in rows:
        writer.writerow([safe(row.get(column)) for column in columns])
    return "\ufeff" + out.getvalue()


def safe(value: Any) -> Any:
    """A cell's value: numbers as they are, texts that a spreadsheet would calculate with an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n")) else text
