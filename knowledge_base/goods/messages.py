"""A text cleaned and parted into words, numbers and signs, as everything that reads goods and facts starts from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from knowledge_base.folding import fold
from knowledge_base.goods.writing import Piece, clean, key, pieces, table
from knowledge_base.numbers import find_numbers, multiplied


@dataclass(frozen=True)
class Message:
    """A cleaned text with its pieces and numbers; `told` joins the pieces, every number as 0, for whole phrases."""

    text: str
    language: str
    pieces: list[Piece]
    numbers: dict[int, tuple[int, Decimal]]  # first piece → (piece after the last, value)
    told: str
    at: dict[int, int] = field(repr=False)  # offset in `told` → piece


@lru_cache(maxsize=64)
def read_message(text: str, language: str) -> Message:
    """`text` cleaned and parted. Its numbers are read as `language` ("ur", "ur-Latn") writes them."""
    language = language.partition("-")[0]
    text = clean(text)
    parts = pieces(text)
    numbers = _numbers(text, parts, language)
    begins = first_words_of_facts()
    told, at, index = [], {}, 0
    length = 1
    while index < len(parts):
        end, form = index + 1, parts[index].form
        if index in numbers:
            end, form = numbers[index][0], "0"
        if form[0] == "و" and form not in begins and form[1:] in begins:
            form = form[1:]  # Arabic writes "and" to the word
        at[length] = index
        told.append(form)
        length += len(form) + 1
        index = end
    return Message(text, language, parts, numbers, f" {' '.join(told)} ", at | {length: len(parts)})


@lru_cache(maxsize=1)
def first_words_of_facts() -> frozenset[str]:
    """The words with which phrases of facts.yml begin."""
    phrases = (
        phrase
        for values in table("facts").values()
        for listed in (values.values() if isinstance(values, dict) else [values])
        if isinstance(listed, list)
        for phrase in listed
    )
    return frozenset(key(phrase).split()[0] for phrase in phrases)


def _numbers(text: str, parts: Sequence[Piece], language: str) -> dict[int, tuple[int, Decimal]]:
    folded = fold(text)
    by_start = {piece.start: index for index, piece in enumerate(parts)}
    not_numbers = _not_numbers(language)
    found: dict[int, tuple[int, Decimal]] = {}
    taken = 0
    for start, end, value, spelled in sorted(
        find_numbers(folded, language), key=lambda number: (number[0], -number[1])
    ):
        first = by_start.get(start)
        if start < taken or first is None or (spelled and folded[start:end] in not_numbers):
            continue
        value, end = multiplied(folded, value, end)
        last = first
        while last < len(parts) and parts[last].start < end:
            last += 1
        if abs(value) < Decimal("1e15"):
            found[first] = (last, value)
            taken = end
    return found


@lru_cache(maxsize=16)
def _not_numbers(language: str) -> frozenset[str]:
    return frozenset(str(word) for word in table("packs")["not_numbers"].get(language, []))


def form_of(message: Message, first: int, last: int) -> str:
    """The text from one piece to another, as it is compared."""
    return message.text[message.pieces[first].start : message.pieces[last].end].lower()
