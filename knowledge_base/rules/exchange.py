"""Exchange rates for sums: which table holds on a day, with its date and source. A rate that is missing is None, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class ExchangeRate:
    """One unit of `base` is `value` units of `quote`; published for `day` by `source` (an id of this module's SOURCES)."""

    base: str
    quote: str
    value: Decimal
    day: date
    source: str
    official: bool  # the rate that the administration itself uses for customs value


class Exchange(Protocol):
    """Rates as a sum asks for them."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        """The rate to use on `day`; None when there is none that may be used."""
