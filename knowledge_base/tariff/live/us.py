"""The Harmonized Tariff Schedule of the United States: rows of its search, each with a rate in words that are read here."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from knowledge_base.rules.duty_goods import DutyPart
from knowledge_base.tariff.live.source import CodeUnknown, LiveRate, RateUnreadable, ask_json

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_AMOUNT = re.compile(
    r"(?:\$(?P<dollars>\d+(?:\.\d+)?)|(?P<cents>\d+(?:\.\d+)?)¢)\s*(?:/\s*|\s)(?P<per>kg|liter|each|pr\.|m2|t)"
)
_PER = {"kg": ("kg", 1), "liter": ("L", 1), "each": ("each", 1), "pr.": ("pair", 1), "m2": ("m2", 1), "t": ("kg", 1000)}


class UsTariff:
    """The tariff of the United States: the general rate of column 1."""

    def __init__(self, base_url: str = "https://hts.usitc.gov/reststop", timeout_s: float = 3.0) -> None:
        self._base, self._timeout = base_url.rstrip("/"), timeout_s

    def rate(self, code: str, day: date) -> LiveRate:
        """The general rate of `code`. The schedule answers for today, whatever the `day`. Raises LiveTariffError."""
        url = f"{self._base}/search?keyword={quote(code)}"
        rows = ask_json(url, self._timeout)
        try:
            text = _general(rows, code)
        except (KeyError, TypeError, AttributeError) as error:
            raise RateUnreadable(f"{url} answered in another form than expected ({error!r}).") from None
        if text is None:
            raise CodeUnknown(f"{url} has no rate for {code}.")
        if (parts := read_rate(text)) is None:
            raise RateUnreadable(f"{url} gives the duty as {text!r}, which no sum can follow.")
        return LiveRate(code, parts, text, url, day)


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit())


def _general(rows: list[dict[str, Any]], code: str) -> str | None:
    """The rate of the row of `code`, or of the longest row above it that has one: statistical lines leave it out."""
    wanted, best = _digits(code), ""
    found = None
    for row in rows:
        own, text = _digits(row["htsno"]), (row["general"] or "").strip()
        # 8518.22.00 is the rate line of 8518.22.00.00 as well.
        same = own.rstrip("0") == wanted.rstrip("0") or wanted.startswith(own)
        if text and len(own) > 5 and same and len(own) > len(best):
            best, found = own, text
    return found


def read_rate(text: str) -> tuple[DutyPart, ...] | None:
    """A rate of the schedule as parts that are added: `Free`, `6.5%`, `24¢/kg + 4%`; None for one that no sum can follow."""
    if text.strip().lower() == "free":
        return (DutyPart(percent=Decimal(0)),)
    parts = [_part(piece.strip()) for piece in text.split("+")]
    return None if None in parts else tuple(part for part in parts if part)


def _part(text: str) -> DutyPart | None:
    if found := _PERCENT.fullmatch(text):
        return DutyPart(percent=Decimal(found[1]))
    if found := _AMOUNT.fullmatch(text):
        amount = Decimal(found["dollars"]) if found["dollars"] else Decimal(found["cents"]) / 100
        measure, quantity = _PER[found["per"]]
        return DutyPart(amount=amount, currency="USD", per=measure, quantity=Decimal(quantity))
    return None
