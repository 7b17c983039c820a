"""The day that a question asks about, in eight languages; and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.dates import find_day, format_asked, last_day

TODAY = date(2026, 11, 22)
CASES = [
    ("if i arrive in march how much wine", date(2027, 3, 1), "month"),
    ("from July", date(2027, 7, 1), "month"),
    ("on the 3rd of May", date(2027, 5, 3), "day"),
    ("by May", date(2027, 5, 1), "month"),
    ("on 1 January 2027 what is the vape duty", date(2027, 1, 1), "day"),
    ("January 5 2027", date(2027, 1, 5), "day"),
    ("2027-01-01", date(2027, 1, 1), "day"),
    ("next month", date(2026, 12, 1), "month"),
    ("next year", date(2027, 1, 1), "year"),
    ("in 2027", date(2027, 1, 1), "year"),
    ("in 2 weeks", date(2026, 12, 6), "day"),
    ("in 3 months", date(2027, 2, 1), "month"),
    ("tomorrow", date(2026, 11, 23), "day"),
    ("in december", date(2026, 12, 1), "month"),
    ("what was the limit in 2024", date(2024, 1, 1), "year"),
    ("el 3 de julio cuánto vino puedo llevar", date(2027, 7, 3), "day"),
    ("el próximo mes", date(2026, 12, 1), "month"),
    ("en mars", date(2027, 3, 1), "month"),
    ("le 1er janvier 2027", date(2027, 1, 1), "day"),
    ("le mois prochain", date(2026, 12, 1), "month"),
    ("сколько вина в марте", date(2027, 3, 1), "month"),
    ("с 1 января 2027 года", date(2027, 1, 1), "day"),
    ("в следующем году", date(2027, 1, 1), "year"),
    ("كم سيجارة في مارس", date(2027, 3, 1), "month"),
    ("من يوليو كم سيجارة", date(2027, 7, 1), "month"),
    ("الشهر القادم", date(2026, 12, 1), "month"),
    ("मार्च में कितनी शराब", date(2027, 3, 1), "month"),
    ("अगले महीने", date(2026, 12, 1), "month"),
    ("مارچ میں کتنی شراب", date(2027, 3, 1), "month"),
    ("اگلے سال", date(2027, 1, 1), "year"),
    ("明年三月可以带多少香烟", date(2027, 3, 1), "month"),
    ("2027年1月1日起", date(2027, 1, 1), "day"),
    ("下个月", date(2026, 12, 1), "month"),
]


@pytest.mark.parametrize(("text", "day", "precision"), CASES, ids=[case[0] for case in CASES])
def test_a_day_is_found(text: str, day: date, precision: str) -> None:
    asked = find_day(text, TODAY)
    assert asked and (asked.day, asked.precision) == (day, precision)
    assert text[asked.start : asked.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "may i bring 2 litres of wine", "can i march through the green channel", "second bottle of wine", "mars bars to dubai",
        "i am 17 can i bring wine", "do i need to declare 10000 in cash to the us", "iphone 15 pro to mon pays", "i stayed 3 months",
        "can i return it within 3 months", "since when", "the limit of 2000 pounds", "car from 1998", "30 february 2027", "in 99999 days",
        "i may mention it", "may me and my wife bring wine", "march tax",
        "i bought a laptop in march 2024", "il y a 3 ans", "j'ai acheté une voiture en mars 2020", "in 2026", "",
    ],
)  # fmt: skip
def test_no_day_is_found(text: str) -> None:
    assert find_day(text, TODAY) is None


def test_a_numeric_day_is_read_as_the_reader_writes_it() -> None:
    assert find_day("3/7/2027", TODAY).day == date(2027, 7, 3)
    assert find_day("3/7/2027", TODAY, month_first=True).day == date(2027, 3, 7)
    assert find_day("25/7/2027", TODAY, month_first=True).day == date(2027, 7, 25)


def test_a_month_that_has_begun_is_this_one_and_a_day_that_has_passed_is_next_years() -> None:
    assert find_day("in november", TODAY).day == date(2026, 11, 1)
    assert find_day("on 21 november", TODAY).day == date(2027, 11, 21)
    assert find_day("on 22 november", TODAY).day == TODAY


def test_the_day_in_words() -> None:
    asked = find_day("in march", TODAY)
    assert format_asked(asked, "en") == "March 2027" and format_asked(asked, "zh") == "2027年3月"
    assert last_day(asked) == date(2027, 3, 31)
    assert last_day(find_day("next year", TODAY)) == date(2027, 12, 31)


@given(st.text(max_size=120))
def test_whatever_is_typed_is_read_without_failing(text: str) -> None:
    asked = find_day(text, TODAY)
    assert asked is None or 0 <= asked.start < asked.end <= len(text)


@given(
    st.dates(date(2026, 11, 22), date(2036, 12, 31)), st.sampled_from(["ar", "en", "es", "fr", "hi", "ru", "ur", "zh"])
)
def test_what_babel_writes_is_read_back(day: date, language: str) -> None:
    from babel.dates import format_date

    written = format_date(day, "long", locale={"en": "en_GB"}.get(language, language))
    asked = find_day(written, TODAY)
    assert asked and asked.day == day, written


@pytest.mark.parametrize("text", ["agar march mein aaun", "law waselt fi march", "march tak kitna sona"])
def test_a_month_in_arabic_or_urdu_in_latin_letters(text: str) -> None:
    asked = find_day(text, TODAY)
    assert asked and (asked.day.month, asked.precision) == (3, "month") and text[asked.start : asked.end] == "march"
