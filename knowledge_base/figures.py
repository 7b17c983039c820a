"""Figures in the reader's language: "4 litres", "£390", "AED 60,000", "٪" where it belongs, by the CLDR data in Babel."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from knowledge_base.model import Figure
from knowledge_base.packs import read_yaml

_CLDR_UNITS = {
    "L": "volume-liter", "ml": "volume-milliliter", "kg": "mass-kilogram", "g": "mass-gram", "m": "length-meter",
    "cm": "length-centimeter", "km": "length-kilometer", "hour": "duration-hour", "day": "duration-day",
    "week": "duration-week", "month": "duration-month", "year": "duration-year",
}  # fmt: skip
_WORDS = Path(__file__).with_name("units.yml")


@cache
def _words() -> dict[str, Any]:
    """Words that CLDR has no entry for, by name and language."""
    return read_yaml(_WORDS)


@cache
def _locale(language: str, administration: str) -> Locale:
    # English is written as the administration writes it, so that dollars and litres look familiar.
    if language == "en":
        return Locale.parse("en_US" if administration == "us" else "en_GB")
    return Locale.parse(
        {"zh": "zh_Hans", "es": "es_US" if administration == "us" else "es"}.get(language, language), sep="_"
    )


def _in_language(words: dict[str, str], language: str) -> str:
    return words.get(language) or words["en"]


def _money(value: Decimal, currency: str, locale: Locale) -> str:
    # Arabic reads better with the currency's name: its symbols carry marks that upset the order of the line.
    if locale.language == "ar":
        return format_currency(value, currency, locale=locale, format_type="name", currency_digits=False).replace(
            ".00", ""
        )
    pattern = locale.currency_formats["standard"].pattern
    if value == value.to_integral_value():
        pattern = pattern.replace("0.00", "0")
    text = format_currency(value, currency, format=pattern, locale=locale, currency_digits=False)
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", text)  # AED60,000 → AED 60,000, as CLDR asks


def _with_unit(value: Decimal, unit: str, locale: Locale) -> str:
    """Number and unit. Babel's format_unit prints the unit's key where CLDR leaves a form to another; this looks there."""
    by_length = locale._data["unit_patterns"][_CLDR_UNITS[unit]]
    plural = locale.plural_form(value)  # type: ignore[attr-defined]
    forms = (
        dict(by_length[length]).get(form)
        for length in ("long", "short")
        if length in by_length
        for form in (plural, "other")
    )
    pattern = next((form for form in forms if form), None)
    if pattern is None:  # a language of which CLDR knows only the singular
        pattern = next(iter(dict(by_length["long" if "long" in by_length else "short"]).values()))
    return pattern.replace("{0}", format_decimal(value, locale=locale, decimal_quantization=False))


@lru_cache(maxsize=4096)  # the same few hundred are written for every answer, and equal values are written alike
def format_value(
    value: Decimal | date | str | None, unit: str | None, currency: str | None, language: str, administration: str,
    number_only: bool = False,
) -> str:  # fmt: skip
    """A value with its unit or currency as `language` writes it; None reads "not known"."""
    locale = _locale(language, administration)
    if value is None:
        return _in_language(_words()["unknown"], language)
    if isinstance(value, date):
        return format_date(value, "long", locale=locale)
    if isinstance(value, str):
        return value
    if number_only or unit == "each":
        return format_decimal(value, locale=locale, decimal_quantization=False)
    if currency:
        return _money(value, currency, locale)
    if unit == "percent":
        return format_percent(value / 100, locale=locale, decimal_quantization=False)
    if unit in _CLDR_UNITS:
        return _with_unit(value, unit, locale)
    words = _in_language(_words()[unit], language)
    plural = words.get(locale.plural_form(value), words["other"])  # type: ignore[attr-defined]
    return plural.replace("{0}", format_decimal(value, locale=locale, decimal_quantization=False))


def format_figure(figure: Figure, day: date, language: str, number_only: bool = False) -> str:
    """The figure's value on `day`. Raises LookupError when it has none on that day."""
    administration = figure.id.split(".", 1)[0]
    return format_value(figure.value_on(day), figure.unit, figure.currency, language, administration, number_only)
