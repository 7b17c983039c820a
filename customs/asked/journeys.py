"""Flights and bookings, by which an airline finds a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customs.asked.words import END, pattern

Span = tuple[int, int, str]

_LINK = r"(?:[ :#=.,\-—№º°]|\b(?:no|nr|num|number|code|ref|reference|is|was|my|on|n|numéro|est|número|es|el|номер|это|код)\b\.?|رقم|هو|نمبر|کوڈ|ہے|है|नंबर|कोड|是|号码|编号|号|为|：)*"
# Letters and digits of the airline, then up to four digits: EK 201, 5J 1024, BA117.
_FLIGHT = re.compile(_LINK + r"(?P<value>(?:[A-Z]{2}|[A-Z]\d|\d[A-Z]) ?-?\d{1,4}[A-Z]?)(?![^\W_\u3400-\u9fff])")
_BOOKING = re.compile(_LINK + r"(?P<value>[A-Z0-9]{5,8})(?![^\W_\u3400-\u9fff])")
_BOOKING_SMALL = re.compile(
    _LINK + r"(?P<value>(?=[a-z0-9]*\d[a-z0-9]*[a-z]|[a-z0-9]*[a-z][a-z0-9]*\d)[a-z0-9]{6})(?![^\W_\u3400-\u9fff])"
)
# What follows the word for a flight in lower case: "flight ek 201 tomorrow".
_FLIGHT_SMALL = re.compile(
    _LINK + r"(?P<value>(?!on|at|in|to|is|by|of|no|de|le|la|el|en)[a-z]{2} ?\d{2,4})(?![^\W_\u3400-\u9fff])"
)


def journey_spans(text: str) -> Iterator[Span]:
    """The spans of flight numbers and booking codes in `text`, whose digits are ASCII, each behind a word that names it."""
    for words_, kind, forms in (
        ("flight_after", "flight", (_FLIGHT, _FLIGHT_SMALL)),
        ("booking_after", "booking", (_BOOKING, _BOOKING_SMALL)),
    ):
        for found in pattern(words_).finditer(text):
            if (
                not re.match(END, text[found.end() : found.end() + 1])
                and not "\u3400" <= text[found.end() - 1] <= "\u9fff"
            ):
                continue
            for form in forms:
                if named := form.match(text, found.end()):
                    if kind == "flight" or _is_code(named["value"]):
                        yield *named.span("value"), kind
                    break


def _is_code(value: str) -> bool:
    """Is `value` a code, not a word in capitals or an amount? "AED500" and "URGENT" are none that anybody could be found by."""
    digits = sum(char.isdigit() for char in value)
    return (
        0 < digits
        and not re.fullmatch(r"[A-Z]{3}\d+|\d+[A-Z]{3}", value)
        or (digits == 0 and len(value) == 6 and not _speaks(value))
    )


def _speaks(value: str) -> bool:
    return len(re.findall("[AEIOUY]", value)) >= 2
