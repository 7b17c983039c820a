"""Sums of money as they are compared; everything else stays as it was written."""

import pytest

from knowledge_base.index.plain_amounts import round_amounts


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("i have $23,450 in cash", "en", "i have $23000 in cash"),
        ("у меня 78017 евро, надо декларировать?", "ru", "у меня 78000 евро, надо декларировать?"),
        ("tengo 23.017,50 euros", "es", "tengo 23000 euros"),
        ("معي ٢٣٤٥٠ درهم", "ar", "معي 23000 درهم"),
        ("我带了78017欧元", "zh", "我带了78000欧元"),
        ("₹1,23,456 and 61,234 dirhams", "en", "₹120000 and 61000 dirhams"),
        ("10001 euros", "en", "10000 euros"),
    ],
)
def test_a_crooked_amount_is_rounded_to_two_digits(text, language, read):
    assert round_amounts(text, language) == read


@pytest.mark.parametrize(
    "text",
    [
        "10000 euros", "a watch for 950 euros", "HS 85171300 rate", "form 6059B", "flight on 23.11.2026", "19999 cigarettes",
        "12 kg and 2 bottles", "", "€", "2 x 4599 dirhams",
    ],
)  # fmt: skip
def test_what_is_no_crooked_amount_of_money_stays(text):
    assert round_amounts(text) == text
