"""Personal data is taken out of a message before anything of it is kept for staff.

>>> redact("Hi, my name is Jane Roe, +971 50 123 4567. How much is duty on HS 8517.13 worth AED 12,000?").text
'Hi, my name is [name], [phone]. How much is duty on HS 8517.13 worth AED 12,000?'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from customs.asked.addresses import address_spans
from customs.asked.journeys import journey_spans
from customs.asked.names import name_spans
from customs.asked.numbers import ascii_digits, number_spans
from customs.asked.spelled import spelled_spans

Span = tuple[int, int, str]
KINDS = ("name", "email", "phone", "id", "card", "iban", "parcel", "plate", "flight", "booking", "birth", "address",
         "link", "handle")  # fmt: skip

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+%'-])[A-Za-z0-9_.+%'-]{1,64}\s?(?:@|\(at\)|\[at\]|＠)\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.me|wa\.me|facebook\.com|instagram\.com)/\S+", re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![\w/])@[A-Za-z][\w.]{2,31}|(?<=微信号)[\s:：是为]*[A-Za-z][\w-]{5,19}|(?<=微信)[\s:：是为]*[A-Za-z][\w-]{5,19}"
)
# "jane at example dot com": by the ending it is no place.
_SPOKEN_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9_.+%-]{1,64}(?:\s+(?:dot|punto|point|точка|underscore)\s+[\w-]{1,40}){0,3}\s+(?:at|arroba|arobase|собака|собачка)\s+(?:[\w-]+\s+(?:dot|punto|point|точка)\s+){1,3}(?:com|net|org|edu|gov|co|io|info|ae|uk|us|fr|es|de|ru|ру|cn|pk|eu|sa|example)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, a word in brackets for each piece; `removed` holds the pieces, longest first."""

    text: str
    removed: tuple[str, ...] = ()


def redact(text: str) -> Redacted:
    """`text` with names, addresses and personal numbers replaced by `[name]`, `[phone]` and so on.

    Knows the eight languages together. Any string will do; redacting twice changes nothing more.
    """
    pieces = [(start, end, kind) for start, end, kind in _merged(_spans(text)) if text[start:end].strip()]
    made, at = [], 0
    for start, end, kind in pieces:
        made += [text[at:start], f"[{kind}]"]
        at = end
    removed = {_PLACEHOLDER.sub("", text[start:end]).strip() for start, end, _ in pieces} - {""}
    return Redacted("".join([*made, text[at:]]), tuple(sorted(removed, key=len, reverse=True)))


def without(text: str, removed: Iterable[str]) -> str:
    """`text` (a reply) without the pieces that were `removed` from what it answers."""
    for piece in removed:
        if len(piece) > 2:
            text = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", "[removed]", text)
    return text


def spans(text: str) -> list[Span]:
    """Where personal data stands in `text`: (start, end, kind), in order, not overlapping."""
    return _merged(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    plain = ascii_digits(text)
    done = [found.span() for found in _PLACEHOLDER.finditer(text)]
    for found in _all(plain):
        yield from _outside(found, done)


def _all(text: str) -> Iterator[Span]:
    yield from _found(text)
    for look in (address_spans, number_spans, journey_spans, spelled_spans, name_spans):
        yield from look(text)


def _outside(span: Span, done: list[tuple[int, int]]) -> Iterator[Span]:
    """The parts of `span` beside what was taken out before."""
    start, end, kind = span
    for left, right in done:
        if right <= start or end <= left:
            continue
        if start < left:
            yield start, left, kind
        start = right
    if start < end:
        yield start, end, kind


def _found(text: str) -> Iterator[Span]:
    for kind, form in (("email", _EMAIL), ("email", _SPOKEN_EMAIL), ("link", _LINK), ("handle", _HANDLE)):
        for found in form.finditer(text):
            if kind != "link" or re.search(r"\d|[?#@]|/.", found[0][8:]):
                yield *found.span(), kind


def _merged(found: Iterable[Span]) -> list[Span]:
    """The spans in order, overlapping ones as one, whose kind is the longest's."""
    merged: list[Span] = []
    sizes: list[int] = []
    for start, end, kind in sorted(found):
        if merged and start < merged[-1][1]:
            first, last, old = merged[-1]
            longest = max(sizes[-1], end - start)
            merged[-1] = first, max(last, end), kind if end - start > sizes[-1] else old
            sizes[-1] = longest
        else:
            merged.append((start, end, kind))
            sizes.append(end - start)
    return merged
