"""Duty rates asked of the administrations' own tariffs over the network; off unless `CUSTOMS_LIVE_TARIFFS` switches it on.

LiveTariffError <- TariffUnreachable (no answer in time), CodeUnknown (the tariff has no such code), RateUnreadable (a rate that no sum can
follow, or an answer of another form). Whatever goes wrong, the shipped table stands, with its age: `refresh` sees to it.
"""

from __future__ import annotations

from knowledge_base.tariff.live.refresh import refresh
from knowledge_base.tariff.live.source import (
    CodeUnknown,
    LiveRate,
    LiveTariffError,
    RateUnreadable,
    TariffSource,
    TariffUnreachable,
)
from knowledge_base.tariff.live.uk import UkTariff
from knowledge_base.tariff.live.us import UsTariff

__all__ = [
    "CodeUnknown",
    "LiveRate",
    "LiveTariffError",
    "RateUnreadable",
    "TariffSource",
    "TariffUnreachable",
    "UkTariff",
    "UsTariff",
    "refresh",
    "source_for",
]


def source_for(administration: str, timeout_s: float) -> TariffSource | None:
    """The live tariff of an administration, None where there is none."""
    known = {"gb": UkTariff, "us": UsTariff}
    return known[administration](timeout_s=timeout_s) if administration in known else None
