"""Values that staff paste: read exactly, or refused with the way out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.exchange.errors import ValueRefused
from knowledge_base.exchange.typed_numbers import read_number
from knowledge_base.exchange.typed_values import read_value
from knowledge_base.figures import format_figure
from knowledge_base.model import Figure

DAY = date(2026, 11, 22)


def figure(unit: str, value: object = 1) -> Figure:
    kind = {"currency": unit} if unit.isupper() and len(unit) == 3 else {"unit": unit}
    given = {"id": "qm.gift.limit", "label": "Gift", "valid": [{"value": value}], "source": "s", "status": "verified"}
    return Figure.model_validate(given | kind)


@pytest.mark.parametrize(
    ("text", "unit", "language", "value"),
    [
        ("AED 60,000", "AED", "en", "60000"),
        ("60,000 dirhams", "AED", "en", "60000"),
        ("٦٠٬٠٠٠ درهم", "AED", "ar", "60000"),
        ("60.000 €", "EUR", "de", "60000"),
        ("60.000 €", "EUR", "es", "60000"),
        ("60\u202f000 €", "EUR", "fr", "60000"),
        ("60 000 €", "EUR", "fr", "60000"),
        ("1.234,56 €", "EUR", None, "1234.56"),
        ("1,234,567", "EUR", None, "1234567"),
        ("€150", "EUR", None, "150"),
        ("US$800", "USD", None, "800"),
        ("£0", "GBP", None, "0"),
        ("1,00,000", "GBP", "hi", "100000"),
        ("5 %", "percent", None, "5"),
        ("5,5 %", "percent", "fr", "5.5"),
        ("٥٪", "percent", None, "5"),
        ("12.5 per cent", "percent", "en", "12.5"),
        ("4 L", "L", None, "4"),
        ("4.5 litres", "L", "en", "4.5"),
        ("४ लीटर", "L", "hi", "4"),
        ("200", "each", None, "200"),
        ("30 days", "day", None, "30"),
        ("10 working days", "working_day", None, "10"),
        ("0.750 L", "L", None, "0.750"),
    ],
)
def test_it_is_read_exactly(text, unit, language, value):
    assert read_value(text, figure(unit), language) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "language", "told"),
    [
        ("60.000 €", "EUR", None, "60.000 or 60000"),
        ("60,000", "AED", None, "60 or 60000|60.000 or 60000"),
        ("60.000 €", "EUR", "en", "three decimals"),
        ("1.500 kg", "kg", "en", "three decimals"),
        ("60,00,0", "EUR", "en", "cannot be read as English"),
        ("USD 800", "GBP", "en", "'USD'.*does not belong"),
        ("$ 800", "AED", "en", "does not belong"),
        ("5 %", "EUR", None, "does not belong"),
        ("4 kg", "g", None, "does not belong"),
        ("5-7 %", "percent", None, "2 numbers"),
        ("-5 %", "percent", None, "never below 0"),
        ("60k", "AED", "en", "does not belong"),
        ("nothing", "AED", None, "no number"),
        ("", "AED", None, "write 0 for nothing free"),
        ("2.5", "each", "en", "whole"),
        ("9" * 30, "each", None, "more than 18 digits"),
        ("x" * 300, "text", None, "at most 200"),
        ("form {a.b}", "text", None, "brace"),
        ("1/2/2027", "date", None, "can only be read in one way"),
        ("2027-02-30", "date", None, "2027-01-31"),
        ("1 Juli 2027", "date", "en", "2027-01-31"),
    ],
)
def test_it_is_refused_with_the_way_out(text, unit, language, told):
    value = {"text": "x", "date": DAY}.get(unit, 1)
    with pytest.raises(ValueRefused, match=told) as refused:
        read_value(text, figure(unit, value), language)
    assert "qm.gift.limit" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2027-07-01", None), ("1 July 2027", "en"), ("July 1, 2027", "en"), ("1. Juli 2027", "de"), ("1er juillet 2027", "fr"),
        ("1 de julio de 2027", "es"), ("1 июля 2027 г.", "ru"), ("١ يوليو ٢٠٢٧", "ar"),
    ],
)  # fmt: skip
def test_a_day_in_words(text, language):
    assert read_value(text, figure("date", DAY), language) == date(2027, 7, 1)


def test_unknown_and_words():
    assert read_value(" Unknown ", figure("EUR")) is None
    assert read_value("  Form   6059B ", figure("text", "x")) == "Form 6059B"


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["en", "es", "fr", "ru", "de", "hi", "zh"]))
def test_what_babel_writes_is_read_back(number, language):
    written = format_decimal(number, locale=language, decimal_quantization=False)
    assert read_number(written, language) == number


@given(
    st.text(max_size=40),
    st.sampled_from(["EUR", "percent", "L", "each", "date", "text"]),
    st.sampled_from([None, "en", "de", "ar"]),
)
def test_no_text_breaks_it(text, unit, language):
    try:
        read_value(text, figure(unit, {"text": "x", "date": DAY}.get(unit, 1)), language)
    except ValueRefused as error:
        assert str(error).startswith("qm.gift.limit")


@pytest.mark.parametrize("language", ["en", "ar", "es", "fr", "hi", "ru", "ur", "zh"])
@pytest.mark.parametrize(
    "unit", ["EUR", "AED", "USD", "GBP", "percent", "L", "ml", "kg", "g", "day", "year", "each", "working_day"]
)
def test_what_an_answer_prints_can_be_pasted_back(language, unit):
    shown = format_figure(figure(unit, 7), DAY, language)
    assert read_value(shown, figure(unit), language) == 7
