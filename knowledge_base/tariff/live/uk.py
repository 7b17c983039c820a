"""The UK Trade Tariff's API, version 2: a commodity with its import measures and their components."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from knowledge_base.rules.duty_goods import DutyPart
from knowledge_base.tariff.live.source import LiveRate, RateUnreadable, ask_json

_THIRD_COUNTRY, _ALL_COUNTRIES = "103", "1011"
# A unit of the tariff's as a measure of ours, and how many of it.
_UNITS = {
    "DTN": ("kg", 100), "KGM": ("kg", 1), "TNE": ("kg", 1000), "NAR": ("each", 1), "NPR": ("pair", 1),
    "LTR": ("L", 1), "HLT": ("L", 100), "LPA": ("L pure alcohol", 1), "MTK": ("m2", 1),
}  # fmt: skip
_ADDED, _LEAST, _MOST = {"01", "04", "19", "20"}, {"15"}, {"17", "35"}


class UkTariff:
    """The tariff of Great Britain."""

    def __init__(
        self, base_url: str = "https://www.trade-tariff.service.gov.uk/api/v2", timeout_s: float = 3.0
    ) -> None:
        self._base, self._timeout = base_url.rstrip("/"), timeout_s

    def rate(self, code: str, day: date) -> LiveRate:
        """The third-country duty on `code` (up to ten digits) on `day`. Raises LiveTariffError."""
        digits = "".join(sign for sign in code if sign.isdigit()).ljust(10, "0")
        url = f"{self._base}/commodities/{digits}?as_of={day.isoformat()}"
        answer = ask_json(url, self._timeout)
        try:
            text, parts = _third_country_duty(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RateUnreadable(f"{url} answered in another form than expected ({error!r}).") from None
        if not parts:
            raise RateUnreadable(f"{url} gives the duty as {text!r}, which no sum can follow.")
        return LiveRate(digits, parts, text, url, day)


def _third_country_duty(answer: Any) -> tuple[str, tuple[DutyPart, ...]]:
    """The duty as the tariff writes it, and its parts; no parts when they cannot be followed."""
    included = {(item["type"], item["id"]): item for item in answer["included"]}

    def related(item: dict[str, Any], name: str) -> Any:
        return (item["relationships"].get(name) or {}).get("data")

    for reference in related(answer["data"], "import_measures"):
        measure = included[reference["type"], reference["id"]]
        kind, area = related(measure, "measure_type"), related(measure, "geographical_area")
        if kind["id"] != _THIRD_COUNTRY or area["id"] != _ALL_COUNTRIES:
            continue
        expression = related(measure, "duty_expression")
        text = included[expression["type"], expression["id"]]["attributes"]["base"]
        components = [
            included[part["type"], part["id"]]["attributes"] for part in related(measure, "measure_components")
        ]
        return text, _parts(components)
    raise ValueError("no third country duty")


def _parts(components: list[dict[str, Any]]) -> tuple[DutyPart, ...]:
    found: list[DutyPart] = []
    for component in components:
        expression, part = component["duty_expression_id"], _part(component)
        if part is None:
            return ()
        if expression in _ADDED:
            found.append(part)
        elif expression in _LEAST | _MOST and found:
            found[-1] = found[-1].model_copy(update={"min" if expression in _LEAST else "max": part})
        else:
            return ()
    return tuple(found)


def _part(component: dict[str, Any]) -> DutyPart | None:
    amount, unit = component["duty_amount"], component["measurement_unit_code"]
    if amount is None or component["measurement_unit_qualifier_code"]:
        return None
    try:
        if unit is None and component["monetary_unit_code"] is None:
            return DutyPart(percent=Decimal(str(amount)))
        measure, quantity = _UNITS[unit]
        currency = component["monetary_unit_code"]
        return DutyPart(amount=Decimal(str(amount)), currency=currency, per=measure, quantity=Decimal(quantity))
    except (KeyError, ValidationError):
        return None
