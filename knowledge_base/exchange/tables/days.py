"""Days in cells: real ones of XLSX, 2027-01-31, and what table programs make of them in CSV, "31/01/2027" or "1/31/2027"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

Order = Literal["day first", "month first"]
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def order_in(texts: Iterable[str]) -> Order | None:
    """Whether days of a file with slashes begin with the day or the month; None when no day of it tells, or they disagree.

    One program writes all days of a file alike, so one "31/01/2027" tells how to read "01/02/2027".
    """
    found: set[Order] = set()
    for text in texts:
        if match := _SLASHED.fullmatch(text.strip()):
            if int(match[1]) > 12:
                found.add("day first")
            elif int(match[2]) > 12:
                found.add("month first")
    return found.pop() if len(found) == 1 else None


def read_day(text: str, order: Order | None) -> date | None:
    """The day that `text` says, None when it is none or could be two."""
    possible = possible_days(text)
    if len(possible) == 2 and order:
        return possible[0 if order == "day first" else 1]
    return possible[0] if len(set(possible)) == 1 else None


def possible_days(text: str) -> list[date]:
    """Every day that `text` can be: with slashes the one that begins with the day, then the one that begins with the month."""
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return _days((match[1], match[2], match[3]))
    if match := _DOTTED.fullmatch(text):
        return _days((match[3], match[2], match[1]))
    if match := _SLASHED.fullmatch(text):
        return _days((match[3], match[2], match[1]), (match[3], match[1], match[2]))
    return []


def _days(*parts: tuple[str, str, str]) -> list[date]:
    found = []
    for year, month, day in parts:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found
