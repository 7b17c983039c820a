"""A message as tokens: numbers, amounts with their unit, prices, strengths, packages, names of goods, words that correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from knowledge_base.goods.lexicon import Lexicon, Term, lexicon
from knowledge_base.goods.messages import Message, form_of
from knowledge_base.goods.writing import Piece, table

# Unit as written → unit of a basket and how much of it.
_IN_BASKET = {
    "L": ("L", Decimal(1)), "ml": ("L", Decimal("0.001")), "cl": ("L", Decimal("0.01")), "kg": ("g", Decimal(1000)), "g": ("g", Decimal(1)),
    "lb": ("g", Decimal("453.59237")), "oz": ("oz", Decimal(1)), "tola": ("g", Decimal("11.6638038")), "gal": ("L", Decimal("3.785411784")), "jin": ("g", Decimal(500)),
}  # fmt: skip
_HOURS = {"hour": 1, "day": 24, "week": 168, "night": 24}
_GOODS = frozenset({"kind", "brand", "thing", "pack", "pair"})
# "kilo of tobacco", "كيلو معسل": units that count one when no number stands before them.
_WHOLE_UNITS = frozenset({"L", "kg", "tola", "lb"})
_SIGNS_OF_MONEY = frozenset("$£€₹¥₽₩฿₦₪₴₸")
_ARTICLES = frozenset("a an un una une".split())
_HAS_MODAL_AFTER = frozenset("i we you u my they he she it his her our their anyone someone one people".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a message: text[start:end]. `role` is a term's role, or number, amount, price, strength, span, sign, word.

    `value` is the number of an amount, a price or a strength; `unit` the unit of an amount, the currency of a price.
    """

    start: int
    end: int
    form: str
    role: str
    term: Term | None = None
    value: Decimal | None = None
    unit: str | None = None
    said: str = ""


def tokens(message: Message, masked: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The tokens of a message but for the spans `masked` (which facts took), amounts, prices and strengths put together."""
    return _joined(_single(message, masked), message)


def _single(message: Message, masked: Sequence[tuple[int, int]]) -> list[Token]:
    forms = [piece.form for piece in message.pieces]
    known = lexicon()
    found: list[Token] = []
    index = 0
    while index < len(forms):
        piece = message.pieces[index]
        if hidden := next((end for start, end in masked if start <= piece.start < end), None):
            if not found or found[-1].role != "masked":
                found.append(Token(piece.start, hidden, "", "masked"))
            index += 1
            continue
        match = known.at(forms, index, message.language)
        number = message.numbers.get(index)
        if number and not (match and match[1] > 1 and index + match[1] >= number[0] and match[0].role != "small"):
            last = min(number[0], len(forms))
            if _is_model(message, last, known):
                found.append(Token(piece.start, message.pieces[last].end, form_of(message, index, last), "word"))
                index = last + 1
                continue
            found.append(Token(piece.start, message.pieces[last - 1].end, "0", "number", value=number[1]))
            index = last
        elif match:
            term, length = match
            end = message.pieces[index + length - 1].end
            form = " ".join(forms[index : index + length])
            if term.role in _GOODS and length == 1 and known.is_attached(form):
                found.append(Token(piece.start, piece.start, "و", "op", Term("op", "also")))
                piece = Piece(piece.start + 1, piece.end, piece.form)
            if term.role == "pair":
                found.append(Token(piece.start, piece.start, "0", "number", value=Decimal(2)))
                term = Term("pack" if term.name in table_of_packs() else "unit", term.name)
            found.append(Token(piece.start, end, form, term.role, term, said=message.text[piece.start : end]))
            index += length
        else:
            sign = not any(letter.isalnum() for letter in piece.form)
            said = message.text[piece.start : piece.end]
            found.append(Token(piece.start, piece.end, piece.form, "sign" if sign else "word", said=said))
            index += 1
    return found


def _is_model(message: Message, last: int, known: Lexicon) -> bool:
    """Is a number written to a word that is no unit: "3d", "20ft"?"""
    if not 0 < last < len(message.pieces) or message.pieces[last].start != message.pieces[last - 1].end:
        return False
    form = message.pieces[last].form
    if not form.isascii() or not form.isalpha() or form in {"x"}:
        return False
    match = known.at([form], 0, message.language)
    return match is None or match[0].role == "small"


@lru_cache(maxsize=1)
def table_of_packs() -> frozenset[str]:
    """The names of the packages."""
    return frozenset(table("packs")["words"])


def _joined(single: list[Token], message: Message) -> list[Token]:
    text = message.text
    found: list[Token] = []
    index = 0
    while index < len(single):
        token = single[index]
        after = single[index + 1] if index + 1 < len(single) else None
        previous = found[-1] if found else None
        if token.role == "number":
            made, used = _from_number(token, single, index)
            found.append(made)
            index += used
            continue
        if token.role == "currency":
            if after and after.role == "number":
                further = single[index + 2] if index + 2 < len(single) else None
                glued = further is not None and further.role == "currency" and further.form not in _SIGNS_OF_MONEY
                end = further.end if glued and further else after.end  # "$500 usd"
                code = further.term.name if glued and further and further.term else token.term.name  # type: ignore[union-attr]
                found.append(Token(token.start, end, "", "price", value=after.value, unit=code))
                index += 3 if glued else 2
                continue
            token = replace(token, role="small")
        elif token.role == "unit":
            article = previous is not None and previous.form in _ARTICLES and token.term is not None
            unit = _IN_BASKET.get(token.term.name) if token.term else None
            if article and unit:
                found[-1] = Token(previous.start, token.end, "", "amount", value=unit[1], unit=unit[0])  # type: ignore[union-attr]
                index += 1
                continue
            follows = after is not None and (after.role in _GOODS or after.form in {"of", "de", "d"})
            if (
                unit
                and token.term
                and token.term.name in _WHOLE_UNITS
                and len(token.form) > 2
                and follows
                and token.form.isalpha()
            ):
                found.append(Token(token.start, token.end, "", "amount", value=unit[1], unit=unit[0]))
                index += 1
                continue
            token = replace(token, role="small")
        elif token.role == "pack" and not _is_package(token, previous, after):
            token = replace(token, role="small")
        found.append(token)
        index += 1
    return _without_carats(found, text)


def _from_number(token: Token, single: list[Token], index: int) -> tuple[Token, int]:
    """What a number makes with what stands right behind it: an amount, a price, a strength, a span of time; and how many it took."""
    after = single[index + 1] if index + 1 < len(single) else None
    further = single[index + 2] if index + 2 < len(single) else None
    value = token.value or Decimal(0)
    if after is None or after.role == "sign" and after.form != "%":
        return token, 1
    name = after.term.name if after.term else ""
    if after.role == "unit" and name == "percent" or after.form == "%":
        return Token(token.start, after.end, "", "strength", value=value), 2
    if after.role == "op" and name == "strength":
        strength = value / 2 if after.form == "proof" else value
        return Token(token.start, after.end, "", "strength", value=strength), 2
    if after.role == "unit" and name in _IN_BASKET:
        unit, factor = _IN_BASKET[name]
        return Token(token.start, after.end, "", "amount", value=value * factor, unit=unit), 2
    if after.role == "unit" and (name in _HOURS or name in {"month", "year"}):
        return Token(token.start, after.end, name, "span", value=value, unit=name), 2
    if after.role == "currency":
        belongs_to_next = (
            after.form in _SIGNS_OF_MONEY
            and further is not None
            and further.role == "number"
            and after.end == further.start
            and token.end != after.start
        )
        if name == "CNY" and after.form == "块" and (value < 10 or further is not None and further.role == "number"):
            return token, 2  # 一块手表: a measure word
        if not belongs_to_next:
            return Token(token.start, after.end, "", "price", value=value, unit=name), 2
    return token, 1


def is_modal(form: str, follows: str) -> bool:
    """Is it the verb and no tin: "i'm 25 can i bring"?"""
    return form == "can" and follows in _HAS_MODAL_AFTER


def _is_package(token: Token, previous: Token | None, after: Token | None) -> bool:
    """ "can" and "case" are mostly no packages where no number or article stands before them."""
    name = token.term.name if token.term else ""
    if name not in {"can", "case", "box", "tub", "pouch"} or not token.form.isascii():
        return True
    if token.form == "can":
        counted = previous is not None and (
            previous.role in {"number", "amount"} or previous.form in _ARTICLES | {"half", "each", "per"}
        )
        follows = after.form if after is not None else ""
        return (counted or follows == "of") and not is_modal(token.form, follows)
    if previous is None:
        return after is not None and after.form in {"of", "de"}
    return previous.role in {"number", "amount", "op", "sign"} and previous.form != "in" or previous.form in _ARTICLES | {"the", "half", "each"} or (after is not None and after.form == "of")  # fmt: skip


def _without_carats(found: list[Token], text: str) -> list[Token]:
    """Without the fineness of gold: "22k", "24 carat"."""
    if not any(token.term and (token.term.kind or "").startswith("gold") for token in found):
        return found
    kept: list[Token] = []
    skip = False
    for at, token in enumerate(found):
        if skip:
            skip = False
            continue
        after = found[at + 1].form if at + 1 < len(found) else ""
        if token.role == "number" and text[token.start : token.end].lower().replace(" ", "") in _FINENESS:
            continue
        if token.form in _CARATS and after == "0":
            skip = True  # "عيار ٢١"
            continue
        if token.role == "number" and token.value in {9, 14, 18, 21, 22, 24} and after in _CARATS:
            skip = True
            continue
        kept.append(token)
    return kept


_FINENESS = frozenset(f"{number}k" for number in (9, 10, 14, 18, 21, 22, 24))
_CARATS = frozenset("k kt ct carat karat carats karats قيراط عيار kilates carats карат कैरेट کیرٹ".split())
