"""Personal data is taken out of a message before anything of it is kept for staff.

>>> redact("Hi, my name is Jane Roe, +971 50 123 4567. How much is duty on HS 8517.13 worth AED 12,000?").text
'Hi, my name is [name], [phone]. How much is duty on HS 8517.13 worth AED 12,000?'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from customs.asked.names import name_spans
from customs.asked.numbers import amount_after, ascii_digits, number_spans
from customs.asked.words import END, pattern, word_set, words

Span = tuple[int, int, str]
KINDS = ("name", "email", "phone", "id", "card", "iban", "parcel", "plate", "birth", "address", "link", "handle")

_EMAIL = re.compile(
    r"[A-Za-z0-9_.+%'-]+\s?(?:@|\(at\)|\[at\]|＠)\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.me|wa\.me|facebook\.com|instagram\.com)/\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w/])@[A-Za-z][\w.]{2,31}")
_CLAUSE = re.compile(r"[^.;!?؟。！？।۔\n]*(?:\.(?=\S)[^.;!?؟。！？।۔\n]*)*")
# An address ends where a sentence goes on with something else.
_GOES_ON = re.compile(
    r"[,،，;]?\s+(?:and |so )?(?:how|what|when|can|do|is|i|will|how|please|comment|combien|est-ce|cómo|cuánto|puedo|сколько|как|нужно|можно|كم|هل|كيف|क्या|कितना|کیا|کتنا)\b.*|，.*|(?:我|请|要|多少|需要).*",
    re.IGNORECASE | re.DOTALL,
)
_IN_STREETS = frozenset("de du des la le les el los las del y the of al st".split())
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
    for found in (*_found(plain), *_addresses(plain), *number_spans(plain), *name_spans(plain)):
        yield from _outside(found, done)


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
    for kind, form in (("email", _EMAIL), ("link", _LINK), ("handle", _HANDLE)):
        for found in form.finditer(text):
            if kind != "link" or re.search(r"\d|[?#@]|/.", found[0][8:]):
                yield *found.span(), kind


def _addresses(text: str) -> Iterator[Span]:
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
    for form in words()["streets"]:
        for found in re.finditer(form, text, re.IGNORECASE):
            end = _sentence_at(found)
            # "1,900 in Milan and drive" is no street, "flat 3 euro" no home.
            if (end == found.end() or len(text[found.start() : end].split()) > 2) and not amount_after(text, end):
                yield found.start(), end, "address"


def _sentence_at(street: re.Match[str]) -> int:
    """Where a `street` ends because the sentence goes on: "14 rue de la Paix et j'importe"."""
    for word in re.finditer(r"[^\W\d_]+", street[0]) if street[0][0].isdigit() else ():
        if word[0].casefold() in word_set("no_name") - _IN_STREETS:
            return street.start() + len(street[0][: word.start()].rstrip())
    return street.end()


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
