"""A figure reads as its reader writes it, and unknown is never nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from knowledge_base.figures import format_figure, format_value
from knowledge_base.model import Figure

NBSP = "\N{NO-BREAK SPACE}"


def figure(**changes: object) -> Figure:
    data = {"id": "gb.x.y", "label": "x", "unit": "L", "valid": [{"value": 4}], "source": "s", "status": "verified"}
    return Figure.model_validate(data | changes)


@pytest.mark.parametrize(
    ("value", "unit", "currency", "language", "administration", "text"),
    [
        (Decimal(42), "L", None, "en", "gb", "42 litres"),
        (Decimal(1), "L", None, "en", "us", "1 liter"),
        (Decimal("1.5"), "L", None, "fr", "eu", f"1,5{NBSP}litre"),
        (Decimal(42), "L", None, "ar", "ae", "42 لتر"),
        (Decimal(42), "L", None, "zh", "ae", "42升"),
        (Decimal(2), "year", None, "ru", "eu", "2 года"),
        (Decimal(5), "working_day", None, "en", "ae", "5 working days"),
        (Decimal(5), "working_day", None, "ar", "ae", "5 أيام عمل"),
        (Decimal("0.3464"), "percent", None, "en", "us", "0.3464%"),
        (Decimal(10000), None, "EUR", "en", "eu", "€10,000"),
        (Decimal(60000), None, "AED", "en", "ae", f"AED{NBSP}60,000"),
        (Decimal("33.58"), None, "USD", "en", "us", "$33.58"),
        (Decimal(800), None, "USD", "en", "gb", "US$800"),
        (Decimal(60000), None, "AED", "ar", "ae", "60,000 درهم إماراتي"),
        (Decimal(200), "each", None, "en", "gb", "200"),
        (date(2026, 7, 1), "date", None, "en", "eu", "1 July 2026"),
        ("Form 6059B", "text", None, "es", "us", "Form 6059B"),
        (Decimal(0), "L", None, "en", "gb", "0 litres"),
        (None, "L", None, "en", "gb", "not known"),
        (None, None, "EUR", "ar", "eu", "غير معروف"),
    ],
)  # fmt: skip
def test_values(
    value: object, unit: str | None, currency: str | None, language: str, administration: str, text: str
) -> None:
    assert format_value(value, unit, currency, language, administration) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "hi", "ru", "ur", "zh"])
@pytest.mark.parametrize(
    "unit", ["L", "ml", "kg", "g", "m", "cm", "km", "hour", "day", "working_day", "week", "month", "year"]
)
@pytest.mark.parametrize("number", [0, 1, 2, 5, 11, 42, 100])
def test_no_unit_leaves_its_key_behind(language: str, unit: str, number: int) -> None:
    text = format_value(Decimal(number), unit, None, language, "eu")
    assert text and not set("-_{}") & set(text)


def test_the_value_of_the_day() -> None:
    rule = figure(valid=[{"until": "2026-06-30", "value": 4}, {"from": "2026-07-01", "value": 18}])
    assert format_figure(rule, date(2026, 6, 30), "en") == "4 litres"
    assert format_figure(rule, date(2026, 7, 1), "en") == "18 litres"
    with pytest.raises(LookupError, match="gb.x.y has no value for 2020-01-01"):
        format_figure(figure(valid=[{"from": "2026-07-01", "value": 18}]), date(2020, 1, 1), "en")


def test_unknown_is_not_nil() -> None:
    assert figure(valid=[{"value": "unknown"}]).value_on(date(2026, 1, 1)) is None
    assert figure(valid=[{"value": 0}]).value_on(date(2026, 1, 1)) == Decimal(0)
    with pytest.raises(ValidationError, match="unknown"):
        figure(valid=[{"value": None}])


def test_a_figure_survives_json() -> None:
    for rule in (
        figure(valid=[{"value": "0.3464"}], unit="percent"),
        figure(valid=[{"value": "unknown"}]),
        figure(valid=[{"value": "2026-07-01"}], unit="date"),
        figure(valid=[{"value": "12"}], unit="text"),
    ):
        assert Figure.model_validate(rule.model_dump(mode="json", by_alias=True)) == rule


@pytest.mark.parametrize(
    "changes", [{"unit": None}, {"currency": "EUR"}, {"valid": [{"value": True}]}, {"unit": "date"}]
)
def test_what_is_no_figure_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        figure(**changes)


@pytest.mark.parametrize("unit", ["L", "percent", "each", None])
def test_equal_values_are_written_alike_whichever_is_remembered(unit: str | None) -> None:
    currency = None if unit else "GBP"
    for texts in (("4", "4.00"), ("4.50", "4.5")):
        written = [format_value.__wrapped__(Decimal(text), unit, currency, "en", "gb") for text in texts]
        assert written[0] == written[1] == format_value(Decimal(texts[1]), unit, currency, "en", "gb")
