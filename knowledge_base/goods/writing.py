"""How texts and phrases are compared: in small letters, without accents, signs that nobody sees, and parted into pieces.

"Jack Daniel's", "jack-daniels" and "bière", "biere" meet in one form; places in the text stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.folding import fold
from knowledge_base.packs import read_yaml

_HERE = Path(__file__).parent
HAN = "\u3040-\u30ff\u3400-\u9fff"
_LETTERS = rf"(?:(?![\d_{HAN}])[\w\u0300-\u036f\u064b-\u065f\u0900-\u0963])+"
_PIECES = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTERS}|[{HAN}]|[^\w\s'’-]|(?<=\s)-(?=\s)|\n")
# Vowel signs of Arabic, the stretching stroke, marks of direction, joiners.
_UNSEEN = re.compile("[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTION = re.compile(rf"(\d)?\s?([{''.join(_FRACTIONS)}])")
_JOINED_AND = re.compile(r"(?<!\w)و([\u0621-\u06ff]{2,})")
_SLASHES = {"1/2": ".5", "1/4": ".25", "3/4": ".75"}
_SLASHED = re.compile(r"(?<![\d/])(?:(\d) )?(1/2|1/4|3/4)(?![\d/])")
_TIMES_BEFORE = re.compile(r"(?<!\w)[x×](?=\d)", re.IGNORECASE)
_TIMES = re.compile(r"(?<=\d)\s*[x×*х]\s*(?=\d)", re.IGNORECASE)
_NUKTA = "\u093c"
_WIDE_STOPS = re.compile(r"([，。；！？、：])(?=\S)")
_PLAIN = {ord(sign): unicodedata.normalize("NFD", sign)[0] for sign in "àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćčďđēėęěğīįłńňőřśşšťūůűźżžё"} | {
    ord("ё"): "е", ord("ँ"): "ं", ord("ø"): "o", ord("ı"): "i", ord("ے"): "ي",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, number or sign of a text: text[start:end], and how it is compared."""

    start: int
    end: int
    form: str


def clean(text: str, limit: int = 2_000) -> str:
    """`text` as it is read: composed, without signs that nobody sees, fractions as decimals, "2x70cl" parted."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text[:limit]))
    pattern, instead = _rewrites()
    text = pattern.sub(lambda found: instead.get(found[0].lower(), found[0]), text)
    if "و" in text:
        text = _JOINED_AND.sub(lambda found: f"و {found[1]}" if fold(found[1]) in _arabic_numbers() else found[0], text)
    text = _SLASHED.sub(lambda found: f"{found[1] or '0'}{_SLASHES[found[2]]}", text)
    text = _TIMES_BEFORE.sub("x ", text)
    text = _FRACTION.sub(lambda found: f"{found[1] or ' 0'}{_FRACTIONS[found[2]]}", text)
    # A number right behind a wide comma would pass for a part of one.
    return _WIDE_STOPS.sub(r"\1 ", _TIMES.sub(" x ", text))


@cache
def _rewrites() -> tuple[re.Pattern[str], dict[str, str]]:
    instead = {str(phrase): str(read_as) for phrase, read_as in table("packs")["rewrites"].items()}
    return re.compile("|".join(map(re.escape, instead)), re.IGNORECASE), instead


@cache
def _arabic_numbers() -> frozenset[str]:
    numbers = read_yaml(_HERE.parent / "quantities.yml")["numbers"]
    return frozenset(
        fold(str(word)) for listed in numbers.values() for word in listed if "\u0621" <= str(word)[0] <= "\u06ff"
    )


def pieces(cleaned: str) -> list[Piece]:
    """The words, numbers and signs of a cleaned text."""
    plain = fold(cleaned).translate(_PLAIN)
    found = [Piece(found.start(), found.end(), found[0]) for found in _PIECES.finditer(plain)]
    # The dot of borrowed Hindi letters is left out by many.
    return [replace(p, form=p.form.replace(_NUKTA, "")) for p in found] if _NUKTA in plain else found


def key(phrase: str) -> str:
    """How a phrase is looked up."""
    return " ".join(piece.form for piece in pieces(clean(str(phrase))))


@cache
def table(name: str) -> Any:
    """The content of a data file of this folder."""
    return read_yaml(_HERE / f"{name}.yml")
