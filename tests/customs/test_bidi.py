"""Numbers, codes and whole sentences keep their order inside Arabic and Urdu."""

from __future__ import annotations

import re
import time

import pytest

from customs.bidi import ISOLATE, NUMBERS, POP, RIGHT_TO_LEFT_MARK, right_to_left


def test_arabic_keeps_codes_and_dates_readable() -> None:
    text = right_to_left("النموذج C88/SAD حتى 2026-10-01 أو +971 4 417 7777 أو /country، 200 سيجارة")
    for code in ("C88/SAD", "2026-10-01", "+971 4 417 7777", "/country"):
        assert f"{ISOLATE}{code}{POP}" in text
    assert f"{ISOLATE}200" not in text
    assert right_to_left("AED 60,000 هو الحد").startswith(RIGHT_TO_LEFT_MARK)
    assert not right_to_left("الحد").startswith(RIGHT_TO_LEFT_MARK)


@pytest.mark.parametrize("whole", ["800 80080", "8517 13 00", "£394.09", "US$8,000.50", "20%", "20\u00a0%", "1–3", "10,000 €", "9:30", "1/2"])
def test_numbers_that_fall_apart_are_found_as_a_whole(whole: str) -> None:
    assert re.findall(NUMBERS, f"رقم {whole} هنا") == [whole]


@pytest.mark.parametrize("whole", ["200", "12,000.50", "3.5", "60000"])
def test_a_bare_number_needs_nothing(whole: str) -> None:
    assert not re.findall(NUMBERS, f"رقم {whole} هنا")


def test_a_line_that_nobody_translated_keeps_its_full_stop_behind_it() -> None:
    assert right_to_left("You declare 5-6 days before.\nنعم.") == (
        f"{RIGHT_TO_LEFT_MARK}{ISOLATE}You declare 5-6 days before.{POP}\nنعم."
    )
    assert right_to_left("\n") == "\n"


def test_a_long_row_of_digits_takes_no_time() -> None:
    began = time.perf_counter()
    right_to_left("1" * 4000 + "1," * 2000 + " x")
    assert time.perf_counter() - began < 5
