"""Days are written out in the reader's language."""

from __future__ import annotations

import pytest

from customs.days import long_date


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "21 November 2026"), ("es", "21 de noviembre de 2026"), ("ar", "21 نوفمبر 2026"), ("zh", "2026年11月21日")],
)
def test_a_day(language: str, written: str) -> None:
    assert long_date("2026-11-21", language) == written


@pytest.mark.parametrize(("text", "language"), [("soon", "en"), ("2026-13-01", "en"), ("", "ar"), ("2026-11-21", "xx")])
def test_what_cannot_be_written_out_stays(text: str, language: str) -> None:
    assert long_date(text, language) == text
