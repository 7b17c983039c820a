"""Repairs slips of the pen in questions, by the words of the field only: `tobaco alowance` → `tobacco allowance`.

A word is left alone when a dictionary of its language knows it, when it is a name, a code or a number, when it is short, and when no
single word of the field is near. Nothing is guessed: better a slip that the encoder has to live with than a wrong word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from knowledge_base.index.plain_names import read_names
from knowledge_base.model import Entry
from knowledge_base.places_data.gazetteer import load, read_lines
from knowledge_base.places_data.words import fold
from knowledge_base.romanised import recognise

__all__ = ["Speller", "count_words", "texts_of"]

# The languages whose words the library lists.
DICTIONARIES = ("en", "es", "fr", "ru", "ar")
_LATIN = frozenset({"en", "es", "fr"})
_SHORTEST = 4
# Longer where the dictionary lacks many forms, which would pass for slips.
_SHORTEST_IN = {"es": 7, "fr": 5, "ru": 7, "ar": 6}
_TWO_SLIPS = 8  # letters from which two slips are forgiven
_ANY_FIRST = 6  # letters from which the first may be wrong
# How many times more often the nearest word must stand in the texts than another that is as near.
_CLEARLY = 4
# Short words lie close together: one is believed only when the field uses the other often.
_SHORT, _OFTEN, _VERY_OFTEN = 5, 3, 100
# How many times more often a word stands in the texts than its misspelling there.
_SURELY = 10
_REMEMBERED = 20_000  # words, of what was asked
_LETTER = r"[^\W\d_]"
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0640\u0900-\u0963\u200c\u200d"
# Not within addresses, codes and abbreviations: `gov.uk`, `ab-12`, `@name`.
_WORD = re.compile(rf"(?<![\w@#/.:+&-])(?:{_LETTER}|[{_MARKS}])+(?![\w@/\\&]|[.:+-]\w|['’]t\b)")
_STRETCH = "\u0640"  # draws an Arabic word out, as in `كـــم`
_MARK = re.compile("[\u064b-\u065f\u0670\u0640]")  # vowel signs and the stretching stroke of Arabic
# Languages in which letters are exchanged without another meaning: hamza and ta marbuta, nukta, ё. (Urdu's ی and ے are two.)
_EVENED = frozenset({"ar", "hi", "ru"})
_THREE_ALIKE = re.compile(r"(.)\1{2,}")
# Endings that the dictionaries do not list with every word.
_ENDINGS = {
    "en": ("s", "es", "ly", "ish"),
    "es": ("s", "es", "le", "la", "lo", "les", "las", "los", "me", "te", "se", "nos"),
    "fr": ("s", "e", "es", "x"),
    "ru": ("а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах", "я", "ю", "ем", "ой", "ей"),
    "ar": ("ي", "ه", "ها", "نا", "ك", "ات", "ين", "ون"),
}


@cache
def dictionary(language: str) -> frozenset[str]:
    """The words of `language`, folded; empty for a language that the library lacks. Read once, in a third of a second."""
    if language not in DICTIONARIES:
        return frozenset()
    return frozenset(map(fold, SpellChecker(language=language).word_frequency.dictionary))


def texts_of(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Titles and questions of `entries` by language: the texts from which `Speller` learns the words of the field."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault("en", []).append(entry.title)
        for language, questions in entry.questions.items():
            found.setdefault(language, []).extend(questions)
        for language, translation in entry.translations.items():
            found.setdefault(language, []).append(translation.title)
    return found


def count_words(texts: Mapping[str, Iterable[str]]) -> dict[str, Counter[str]]:
    """Language → how often its texts have each word."""
    return {language: Counter(word for line in lines for word in _words(line)) for language, lines in texts.items()}


class _Slip(NamedTuple):
    """How far a word is from what was written, whether letters were only exchanged, and how often the texts have it."""

    distance: int
    swapped: bool
    count: int
    form: str


class _Vocabulary:
    """The words of the field in one language: how often each stands in the texts, and by their first letter."""

    def __init__(self, counts: Counter[str]) -> None:
        self.written: dict[str, str] = {}  # folded → as it is written most often
        self._counts: Counter[str] = Counter()
        for word, number in counts.most_common():
            self.written.setdefault(fold(word), word)
            self._counts[fold(word)] += number
        self.words = frozenset(counts)
        self._by_first: dict[str, list[str]] = {}
        for form in self._counts:
            self._by_first.setdefault(form[:1], []).append(form)

    def nearest(self, form: str, inflected: bool, any_first: bool = True) -> str | None:
        """The one word that `form` (folded) is a slip for, None when there is none or it is not clear which.

        In an `inflected` language, of which the dictionary lacks many forms, only one slip inside the word counts: what differs at
        its beginning or end is another form of a word. Without `any_first` the first letter is taken as right, which is much quicker.
        """
        slips = self._near(form, form[0], 2 if len(form) >= _TWO_SLIPS and not inflected else 1)
        if inflected:
            slips = [slip for slip in slips if slip.form[:2] == form[:2] and slip.form[-1] == form[-1]]
        elif any_first:
            for first in self._by_first.keys() - {form[0]}:
                slips += self._near(form, first, 1)
        if not slips:
            return None
        best, *others = sorted(slips, key=lambda slip: (slip.distance, not slip.swapped, -slip.count, slip.form))
        rivals = [slip for slip in others if slip[:2] == best[:2] and not _same_word(slip.form, best.form)]
        if any(best.count < slip.count * _CLEARLY for slip in rivals):
            return None
        if len(form) <= _SHORT and best.count < (_OFTEN if len(best.form) >= _SHORTEST else _VERY_OFTEN):
            return None
        if len(form) < _ANY_FIRST and best.form[0] != form[0] and not best.swapped:
            return None
        return self.written[best.form]

    def count(self, word: str) -> int:
        return self._counts[fold(word)]

    def _near(self, form: str, first: str, most: int) -> list[_Slip]:
        words = self._by_first.get(first, ())
        near = process.extract(form, words, scorer=OSA.distance, processor=None, score_cutoff=most, limit=8)
        return [
            _Slip(int(distance), sorted(word) == sorted(form), self._counts[word], word) for word, distance, _ in near
        ]


def _same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one, as `cigar` and `cigars`: then either will do."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= 2


class Speller:
    """Repairs questions by the words of the packs. Safe to use from several threads: nothing is changed."""

    def __init__(self, vocabularies: Mapping[str, Mapping[str, int]]) -> None:
        self._vocabularies = {language: _Vocabulary(Counter(counts)) for language, counts in vocabularies.items()}
        # Questions are made of the same words, and to say what a slip is takes the longest.
        self._word = lru_cache(_REMEMBERED)(self._repair)

    @classmethod
    def from_texts(cls, texts: Mapping[str, Iterable[str]]) -> Speller:
        """A speller that knows the words of `texts` (language → texts), of `slang.yml` and the names of places."""
        return cls.from_counts(count_words(texts))

    @classmethod
    def from_counts(cls, told: Mapping[str, Mapping[str, int]]) -> Speller:
        """The same from how often the texts have each word, as `count_words` says."""
        counts = {language: Counter(words) for language, words in told.items()}
        if "en" in counts:
            counts["en"] = _without_slips(counts["en"])
        for language, words in _slang_and_places().items():
            counts.setdefault(language, Counter()).update(words)
        return cls(counts)

    def repair(self, text: str, language: str) -> str:
        """`text` with the slips in it repaired; the very same text when there is none, or none that is sure.

        `language` is the one of the message; Latin words in a message of another script are read as English.
        """
        if recognise(text):
            return text  # Arabic and Urdu in Latin letters would pass for misspelt English
        text = text.replace(_STRETCH, "")
        cased = any(sign.islower() for sign in text)
        out, at = [], 0
        for match in _WORD.finditer(text):
            is_name = cased and match.start() > 0 and match[0][0].isupper()
            repaired = None if is_name else self._word(match[0], language)
            if repaired is not None:
                out += [text[at : match.start()], repaired]
                at = match.end()
        return "".join([*out, text[at:]]) if out else text

    def _repair(self, word: str, language: str) -> str | None:
        form = fold(word)
        if len(form) < _SHORTEST:
            return None
        language = "en" if word.isascii() and language not in _LATIN else language
        vocabulary = self._vocabularies.get(language)
        if vocabulary is None or form in load().names:
            return None
        if form in vocabulary.written:  # at most accents, marks or letters that people exchange differ
            plain = _MARK.sub("", word.lower())
            repaired = vocabulary.written[form] if language in _EVENED and plain not in vocabulary.words else plain
            return repaired if repaired != word.lower() and not word.isascii() and language not in _LATIN else None
        if form in dictionary(language) or _is_form_of_known(form, language, vocabulary):
            return None
        for shorter in (_THREE_ALIKE.sub(r"\1\1", form), _THREE_ALIKE.sub(r"\1", form)):
            if shorter != form and (shorter in vocabulary.written or shorter in dictionary(language)):
                return vocabulary.written.get(shorter, shorter)
        return (
            vocabulary.nearest(form, language != "en") if len(form) >= _SHORTEST_IN.get(language, _SHORTEST) else None
        )


def _without_slips(counts: Counter[str]) -> Counter[str]:
    """`counts` without the slips among them: the packs keep people's own words as people wrote them. For English."""
    sure = _Vocabulary(Counter({word: number for word, number in counts.items() if fold(word) in dictionary("en")}))
    slips = {}
    for word, number in counts.items():
        form = fold(word)
        if len(form) > _SHORT and form not in sure.written and not _is_form_of_known(form, "en", sure):
            near = sure.nearest(form, inflected=False, any_first=False)
            if near and sure.count(near) >= number * _SURELY:
                slips[word] = number
    return counts - Counter(slips)


def _is_form_of_known(form: str, language: str, vocabulary: _Vocabulary) -> bool:
    known = dictionary(language)
    stems = (form.removesuffix(ending) for ending in _ENDINGS.get(language, ()) if form.endswith(ending))
    return any(len(stem) > 2 and (stem in known or stem in vocabulary.written) for stem in stems)


def _words(text: str) -> list[str]:
    return [_MARK.sub("", match[0].lower()) for match in _WORD.finditer(text) if len(match[0]) > 1]


@cache
def _slang_and_places() -> dict[str, frozenset[str]]:
    """Slang and its plain names, and the places that `aliases.txt` lists, by the language whose script they are in."""
    spaced, _ = read_names()
    words = {word.lower() for term, name in spaced.items() for word in (*term, *_words(name))}
    words |= {name.strip().lower() for line in read_lines("aliases.txt") for name in line.split(":", 1)[1].split(",")}
    found: dict[str, set[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha() and (language := _language_of(word)):
            found.setdefault(language, set()).add(word)
    return {language: frozenset(listed) for language, listed in found.items()}


def _language_of(word: str) -> str | None:
    if word.isascii():
        return "en"
    script = unicodedata.name(word[0], "").split(" ", 1)[0]
    return {"CYRILLIC": "ru", "ARABIC": "ar"}.get(script)
