"""Sums of money as people say them in examples: "i carry 23,417 euros" is compared as "i carry 23000 euros".

To the encoder a crooked amount is a handful of odd syllables: it moves a question further from its subject than a slip does, and by
another way for each amount. What is owed and allowed is reckoned from the amount as it was written, elsewhere.
"""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge_base.quantities import find_quantities

_LEAST = 1000
_DIGITS_KEPT = 2
_NUMBER = re.compile(r"\d(?:[\d.,'٫٬  \u202f]*\d)?")


def round_amounts(text: str, language: str = "en") -> str:
    """`text` with amounts of money from a thousand on rounded to two digits; all else stays as it is."""
    if sum(char.isdigit() for char in text) < 4:
        return text
    for amount in reversed(find_quantities(text, language)):
        if amount.currency is None or amount.value < _LEAST:
            continue
        written = text[amount.start : amount.end]
        number = _NUMBER.search(written)
        rounded = _rounded(amount.value)
        if number is None or _NUMBER.search(written, number.end()) or rounded == amount.value:
            continue
        text = text[: amount.start + number.start()] + str(rounded) + text[amount.start + number.end() :]
    return text


def _rounded(value: Decimal) -> int:
    step = 10 ** (value.adjusted() + 1 - _DIGITS_KEPT)
    return int((value / step).to_integral_value()) * step
