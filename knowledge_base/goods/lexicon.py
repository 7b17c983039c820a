"""The words of goods, packages, brands and corrections, looked up quickly: one dictionary of phrases instead of long patterns.

Phrases are compared in small letters, without accents, apostrophes and hyphens, so that "Jack Daniel's", "jack-daniels" and "bière",
"biere" meet. The words are data: the YAML files beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from knowledge_base.goods.writing import HAN, key, table
from knowledge_base.packs import read_yaml

LANGUAGES = ("en", "ar", "es", "fr", "hi", "ru", "ur", "zh")
ANY = "*"  # a term that every language uses: brands, signs
# Arabic writes these to the word that they belong to.
_ATTACHED = ("وبال", "وال", "بال", "فال", "ولل", "لل", "ال", "و", "ب", "ل", "ف")
_HAN_SIGN = re.compile(f"[{HAN}]")
# Only these are looked for behind a slip of the pen, and only in words that are long enough to be told apart.
_SLIPPED = frozenset({"kind", "brand", "pack"})
_SHORTEST_SLIP = 6
_DICTIONARIES = frozenset({"en", "es", "fr", "ru", "ar"})
_LATIN = frozenset({"en", "es", "fr"})
_BORROWED = frozenset({"kind", "brand", "unit", "currency"})
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """What a phrase means. `role` says what sort of word it is (kind, brand, thing, pack, unit, currency, person, ...), `name` which one."""

    role: str
    name: str
    kind: str | None = None
    strength: Decimal | None = None
    doubtful: bool = False


class Lexicon:
    """Phrases and what they mean, by language."""

    def __init__(self) -> None:
        self._terms: dict[str, dict[str, Term]] = {}
        self._stems: dict[str, dict[str, Term]] = {}
        self._longest: dict[str, int] = {}
        self._slips: dict[str, set[str]] = {}  # a word without one of its letters → the words that it may be

    def add(self, phrases: Iterable[Any], term: Term, language: str = ANY) -> None:
        """Let `phrases` mean `term`; the first meaning of a phrase in a language stays. A star at the end stands for any ending."""
        for phrase in phrases:
            written = str(phrase)
            table = self._stems if written.endswith("*") else self._terms
            name = key(written.rstrip("*"))
            if not name:
                continue
            table.setdefault(name, {}).setdefault(language, term)
            if (
                table is self._terms
                and term.role in _SLIPPED
                and len(name) >= _SHORTEST_SLIP
                and name.isalpha()
                and not _HAN_SIGN.search(name)
            ):
                for shorter in _shortened(name):
                    self._slips.setdefault(shorter, set()).add(name)
            first, length = name.split()[0], len(name.split())
            if table is self._terms:
                self._longest[first] = max(length, self._longest.get(first, 0))

    def at(self, forms: list[str], at: int, language: str) -> tuple[Term, int] | None:
        """The meaning of the longest phrase that begins at piece `at`, and how many pieces it takes."""
        first = forms[at]
        for length in range(min(self._longest.get(first, 0), len(forms) - at), 0, -1):
            name = first if length == 1 else " ".join(forms[at : at + length])
            meanings = self._terms.get(name)
            if meanings is None and length > 1 and name[-1] == "s" and name.isascii():
                meanings = self._terms.get(name[:-1])  # "single malts"
            if meanings and (term := _chosen(meanings, language)):
                return term, length
        term = self._by_form(first, language) or self._by_slip(first, language)
        return (term, 1) if term else None

    def _by_slip(self, form: str, language: str) -> Term | None:
        """The one word that is a single slip away: "cigaretes", "wiskey"; None when there are several, or none."""
        if len(form) < _SHORTEST_SLIP or not form.isalpha() or _HAN_SIGN.search(form) or form in _not_slips():
            return None
        near = {
            word
            for shorter in _shortened(form)
            for word in self._slips.get(shorter, ())
            if word[0] == form[0] and OSA.distance(word, form, score_cutoff=1) == 1
        }
        terms = {term for word in near if (term := _chosen(self._terms[word], language))}
        one = len({(term.role, term.name) for term in terms}) == 1
        return terms.pop() if one and not _is_word(form, language) else None

    def is_unit(self, word: str) -> bool:
        """Is the word one of a unit in every language? What stands behind no number is passed over anyhow."""
        meanings = self._terms.get(key(word), {})
        return ANY in meanings and meanings[ANY].role == "unit"

    def is_attached(self, form: str) -> bool:
        """Does an Arabic word begin with "and", written to it: "وعطور"?"""
        return len(form) > 3 and form[0] == "و" and form not in self._terms

    def _by_form(self, form: str, language: str) -> Term | None:
        for length in range(len(form), _SHORTEST_STEM - 1, -1):
            if (meanings := self._stems.get(form[:length])) and (term := _chosen(meanings, language)):
                return term
        if form.isascii():
            if len(form) > 3 and form[-1] == "s":
                for ending in ("s", "es"):
                    if form.endswith(ending) and (meanings := self._terms.get(form[: -len(ending)])):
                        if term := _chosen(meanings, language):
                            return term
        elif "\u0621" <= form[0] <= "\u06ff" and language != "ur":
            for prefix in _ATTACHED:
                rest = form[len(prefix) :]
                if form.startswith(prefix) and len(rest) > 2:
                    meanings = self._terms.get(rest) or self._terms.get("ال" + rest)
                    if meanings and (term := _chosen(meanings, language)):
                        return term
        return None


def _shortened(word: str) -> set[str]:
    """`word`, and `word` without each of its letters."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


@cache
def _dictionary(language: str) -> SpellChecker:
    return SpellChecker(language=language)


def _is_word(form: str, language: str) -> bool:
    """Does a dictionary know the word: "turned" is no slip for a brand of tobacco."""
    return language in _DICTIONARIES and form in _dictionary(language).word_frequency


@cache
def _not_slips() -> frozenset[str]:
    return frozenset(key(word) for word in table("packs")["not_slips"])


def _chosen(meanings: dict[str, Term], language: str) -> Term | None:
    """What a phrase means in `language`, else what it means everywhere, else in English, else in any other.

    Between languages of Latin letters only names of goods are borrowed: "baskets" are shoes in French alone.
    """
    for choice in (language, ANY, "en"):
        if choice in meanings and (
            choice in (language, ANY) or language not in _LATIN or meanings[choice].role in _BORROWED
        ):
            return meanings[choice]
    return next((term for term in meanings.values() if language not in _LATIN or term.role in _BORROWED), None)


@cache
def lexicon() -> Lexicon:
    """All words of goods and of what is done with them. Built once, in a fraction of a second."""
    built = Lexicon()
    for op, words in table("corrections")["words"].items():
        for language, listed in words.items():
            built.add(listed, Term("op", op), language)
    for kind, parts in table("words").items():
        for part, words in parts.items():
            for language, listed in words.items():
                built.add(listed, Term("kind", part, kind), language)
    for kind, strengths in table("brands")["brands"].items():
        for strength, brands in strengths.items():
            percent = None if strength == "-" else Decimal(str(strength))
            for brand, also in brands.items():
                doubtful = key(brand) in _doubtful()
                built.add([brand, *(also or [])], Term("brand", brand, kind, percent, doubtful))
    for thing, words in table("things").items():
        for language, listed in words.items():
            built.add(listed, Term("thing", thing, "other"), language)
    packs = table("packs")
    for pack, words in packs["words"].items():
        for language, listed in words.items():
            built.add(listed, Term("pack", pack), language)
    for person, words in table("facts")["persons"].items():
        for language, listed in words.items():
            built.add(listed, Term("person", person), language)
    _add_quantities(built)
    for language, listed in table("small_words").items():
        built.add((word for word in listed if not built.is_unit(word)), Term("small", "small"), language)
    return built


@cache
def brand_names() -> frozenset[str]:
    """The names of all brands."""
    return frozenset(
        brand for strengths in table("brands")["brands"].values() for brands in strengths.values() for brand in brands
    )


@cache
def _doubtful() -> frozenset[str]:
    return frozenset(key(brand) for brand in table("brands")["doubtful"])


def _add_quantities(built: Lexicon) -> None:
    shared = read_yaml(Path(__file__).parent.parent / "quantities.yml")
    for unit, words in shared["units"].items():
        built.add(words, Term("unit", unit))
    for unit, words in table("packs")["more_units"].items():
        built.add(words, Term("unit", unit))
    for pack, words in table("packs")["pairs"].items():
        built.add(words, Term("pair", pack))
    for unit, words in shared["pairs"].items():
        built.add(words, Term("pair", unit))
    for code, words in table("packs")["currencies"].items():
        built.add(words, Term("currency", code))
    for code, words in shared["currencies"].items():
        built.add(words, Term("currency", code))
    _add_currencies(built)


def _add_currencies(built: Lexicon) -> None:
    """The names of all currencies in CLDR. A code of three letters is read in any case where it is no word of its own."""
    words_like_codes = {key(word) for word in table("packs")["words_like_codes"]}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for code, name in locale.currencies.items():
            if re.search(r"\d", name):
                continue  # "(1947–1973)": money of the past
            built.add(
                [name, *locale._data["currency_names_plural"].get(code, {}).values()], Term("currency", code), language
            )
            if language == "en" and code.lower() not in words_like_codes:
                built.add([code], Term("currency", code))
