"""Where a person's address stands in a message: after "my address is", or known by its street, with the town behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from customs.asked.numbers import amount_after
from customs.asked.words import END, LETTER, pattern, word_set, words

Span = tuple[int, int, str]

_CLAUSE = re.compile(r"[^.;!?؟。！？।۔\n]*(?:\.(?=\S)[^.;!?؟。！？।۔\n]*)*")
# An address ends where a sentence goes on with something else.
_GOES_ON = re.compile(
    r"[,،，;]?\s+(?:and |so )?(?:how|what|when|can|do|is|i|will|how|please|comment|combien|est-ce|cómo|cuánto|puedo|сколько|как|нужно|можно|كم|هل|كيف|क्या|कितना|کیا|کتنا)\b.*|\s+(?:है|ہے|हैं|ہیں)(?=[\s,،।۔]|$).*|，.*|(?:我|请|要|多少|需要).*",
    re.IGNORECASE | re.DOTALL,
)
_IN_STREETS = frozenset("de du des la le les el los las del y the of al st".split())
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5,6}(?:-\d{4})?|[A-Z]{2} \d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2})"
_TOWN = r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+(?: (?:[a-z]{2,3} ){0,2}[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+){0,2}"
# What stands behind the street: floor and door, the postcode, the town.
_BEHIND = re.compile(
    rf"(?:(?<=[ºª°]) ?[A-Z]|,? (?:apto?|apartment|flat|unit|suite|piso|puerta|étage|кв|корп|стр|к)\.? ?#?\d+\w?|, ?\d{{1,2}}\s?[ºª°](?: ?[A-Z]\b)?"
    rf"|,? {_POSTCODE}(?: {_TOWN})?|, ?(?:г\. ?)?{_TOWN}(?:,? {_POSTCODE})?)(?!{LETTER})"
)
_UNCASED_TOWN = re.compile(r"[,،] ?(?P<town>[\u0620-\u06ff]{3,}|[\u0900-\u097f]{3,})(?: \d{5,6})?(?![\w\u0900-\u097f])")


def address_spans(text: str) -> Iterator[Span]:
    """The spans of addresses in `text`, whose digits are ASCII."""
    for found in pattern("address_after").finditer(text):
        if not re.match(END, text[found.end() : found.end() + 1]) and text[found.end() - 1] not in "是：:址在":
            continue
        clause = _CLAUSE.match(text, found.end())
        rest = _GOES_ON.sub("", clause[0]).rstrip(" ,،，")
        start = found.end() + len(rest) - len(rest.lstrip(" :：,-—"))
        end = found.end() + len(rest)
        # "what is my address on the form" tells none.
        if any(char.isdigit() for char in rest):
            yield start, end, "address"
    for form in _streets():
        for found in form.finditer(text):
            end = _sentence_at(found)
            # "1,900 in Milan and drive" is no street, "flat 3 euro" no home.
            if (end == found.end() or len(text[found.start() : end].split()) > 2) and not amount_after(text, end):
                yield found.start(), _with_town(text, end), "address"


@cache
def _streets() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in words()["streets"])


def _sentence_at(street: re.Match[str]) -> int:
    """Where a `street` ends because the sentence goes on: "14 rue de la Paix et j'importe"."""
    for word in re.finditer(r"[^\W\d_]+", street[0]) if street[0][0].isdigit() else ():
        if word[0].casefold() in word_set("no_name") - _IN_STREETS:
            return street.start() + len(street[0][: word.start()].rstrip())
    return street.end()


def _with_town(text: str, end: int) -> int:
    """Where the address ends that goes on behind its street at `end`."""
    for _ in range(4):
        behind = _BEHIND.match(text, end)
        if behind is None and (town := _UNCASED_TOWN.match(text, end)):
            behind = None if town["town"] in word_set("no_name") else town
        if behind is None or any(
            word.casefold() in word_set("no_name") for word in re.findall(r"[^\W\d_]{3,}", behind[0])
        ):
            return end
        if amount_after(text, behind.end()):
            return end
        end = behind.end()
    return end
