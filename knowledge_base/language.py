"""Which of the offered languages a message is in: by its script first, by its words only within the Latin script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from knowledge_base.romanised import is_greeting, recognise

LANGUAGES = ("ar", "en", "es", "fr", "hi", "ru", "ur", "zh")
_SCRIPTS = {
    "ar": "arabic",
    "ur": "arabic",
    "fa": "arabic",
    "ps": "arabic",
    "hi": "devanagari",
    "ru": "cyrillic",
    "zh": "han",
}
# Letters of Urdu (and Persian) that Arabic does not write.
_URDU_LETTERS = frozenset("ٹڈڑںھہےۓگچپژکیۃ")
_HEAH_GOAL = frozenset("ٹڈڑںہھے")  # these are Urdu's own
_ARABIC_LETTERS = frozenset("ةىيكأإ")
# Beside another script, Latin letters are brands and units: `iPhone 15 كم جمرك`. A Han sign says as much as three letters.
_OTHER_SCRIPT_WINS = 0.3
_HAN_WEIGHT = 3
# Latin words that only a sentence has; without one, two words in another script are the sentence and the Latin ones are names.
_GLUE = frozenset(
    "a an the is are to of in on for my your i what how can do does el la los de en que un una le les des du et est je".split()
)
_FEW_WORDS = 2
# Words so plain that even one of them tells the language.
_TELLTALE = {
    "en": "hello thanks what how when where which the does can should please allowed bring i is are my of and do any for not with".split(),
    "es": "hola gracias cuánto cuanto cuánta cuántos cuantos cuántas dónde donde qué puedo aduana aduanas dinero efectivo buenos buenas días adiós equipaje "
    "cigarrillos cigarros ayuda español impuestos puedo quiero traigo traer cobran maleta".split(),
    "fr": "bonjour bonsoir merci combien douane douanes salut où quoi puis-je argent français bagages droits aide alcools vin médicaments".split(),
}  # fmt: skip
_TELLTALE_SIGNS = {"es": re.compile("[ñ¿¡]"), "fr": re.compile("[çœêèùâîôû]")}
_PROBABLE = 0.75
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Identified(NamedTuple):
    """The language of a message, `romanised` (`ar`, `hi`, `ur`) when it is written in Latin letters, and whether it is `sure`."""

    language: str
    romanised: str | None = None
    sure: bool = False


def identify(
    text: str, allowed: Sequence[str] = LANGUAGES, session: str | None = None, page: str | None = None
) -> Identified:
    """The language of `text` among `allowed`.

    One or two words that tell nothing keep the language of the conversation (`session`), else that of the page, else English,
    else the first one allowed. Never fails: what is in none of the languages comes back as that default, not `sure`.
    """
    allowed = tuple(allowed) or LANGUAGES
    default = next((name for name in (session, page, "en") if name in allowed), allowed[0])
    counts = _count_scripts(text)
    total = sum(counts.values())
    if not total:
        return Identified(default)
    script = max((name for name in counts if name != "latin"), key=lambda name: counts[name], default=None)
    if script is None or _is_latin_with_a_quote(text):
        return _identify_latin(text, allowed, default)
    if counts[script] / total < _OTHER_SCRIPT_WINS and not _only_names_are_latin(text):
        return _identify_latin(text, allowed, default)
    if script == "arabic":
        language, sure = _arabic_or_urdu(text, session, page)
    else:
        language, sure = {"devanagari": "hi", "cyrillic": "ru", "han": "zh"}.get(script), True
    if language in allowed:
        return Identified(language, None, sure)
    same = [name for name in allowed if _SCRIPTS.get(name) == script]
    return Identified(same[0] if same else default)


def _count_scripts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for sign in text:
        if not sign.isalpha():
            continue
        code = ord(sign)
        if code < 0x250 or 0x1E00 <= code < 0x1F00 or 0xFF21 <= code <= 0xFF5A:
            name = "latin"
        elif 0x600 <= code < 0x780 or 0x8A0 <= code < 0x900 or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF:
            name = "arabic"
        elif 0x900 <= code < 0x980:
            name = "devanagari"
        elif 0x400 <= code < 0x530:
            name = "cyrillic"
        elif 0x3040 <= code < 0x3100:
            name = "kana"
        elif 0x4E00 <= code < 0xA000 or 0x3400 <= code < 0x4DC0 or 0x20000 <= code < 0x32000:
            name = "han"
        else:
            name = "other"
        counts[name] = counts.get(name, 0) + (_HAN_WEIGHT if name in {"han", "kana"} else 1)
    if counts.get("kana", 0) * 5 > counts.get("han", 0):  # Japanese writes both; Chinese has no kana
        counts["kana"] = counts.get("kana", 0) + counts.pop("han", 0)
    return counts


def _words_of_other_scripts(words: list[str]) -> int:
    return sum(any(sign.isalpha() and ord(sign) > 0x370 for sign in word) for word in words)


def _only_names_are_latin(text: str) -> bool:
    words = text.lower().split()
    return _words_of_other_scripts(words) >= _FEW_WORDS and not _GLUE.intersection(words)


def _is_latin_with_a_quote(text: str) -> bool:
    """Whether a Latin sentence only quotes a word of another script: `what does المسافر mean`."""
    words = text.lower().split()
    others = _words_of_other_scripts(words)
    return len(_GLUE.intersection(words)) >= _FEW_WORDS and others * 3 <= len(words) - others


def _arabic_or_urdu(text: str, session: str | None, page: str | None) -> tuple[str, bool]:
    text = unicodedata.normalize("NFKC", text)
    urdu = sum(sign in _URDU_LETTERS for sign in text)
    if sum(sign in _HEAH_GOAL for sign in text):
        return "ur", True
    if urdu and not any(sign in _ARABIC_LETTERS for sign in text):
        return "ur", True
    if urdu * 4 > sum(map(str.isalpha, text)):  # a Persian keyboard's ی and ک in an Arabic sentence are fewer
        return "ur", False
    # A word or two without any letter of either: `شراب` is both.
    if not any(sign in _ARABIC_LETTERS for sign in text) and len(text.split()) <= _FEW_WORDS + 1:
        known = next((name for name in (session, page) if name in {"ar", "ur"}), None)
        return known or "ar", known is not None
    return "ar", True


@lru_cache(maxsize=8)
def _identifier(languages: tuple[str, ...]):
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([name for name in languages if name in identifier.labels])
    return identifier


def _identify_latin(text: str, allowed: tuple[str, ...], default: str) -> Identified:
    latin = tuple(name for name in allowed if name not in _SCRIPTS)
    romanised = recognise(text)
    if romanised == "ar" and default in {"ur", "hi"} and is_greeting(text):
        romanised = default  # Muslims of every language greet in Arabic
    if romanised in {"ur", "hi"}:
        # Spoken alike, written alike in Latin letters: the conversation or the page decides where the words do not.
        romanised = default if default in {"ur", "hi"} else romanised
        other = {"ur": "hi", "hi": "ur"}[romanised]
        romanised = romanised if romanised in allowed else other
    if romanised in allowed:
        return Identified(romanised, romanised, True)
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    long_words = [word for word in words if len(word) > 1]  # `u.a.e.` is one word at most
    told = {name: sum(word in known for word in words) for name, known in _TELLTALE.items() if name in latin}
    for name, signs in _TELLTALE_SIGNS.items():
        if name in told:
            told[name] += bool(signs.search(text.lower()))
    best = max(told, key=lambda name: told[name], default=None)
    plain = best is not None and told[best] > 0 and list(told.values()).count(told[best]) == 1
    if len(long_words) <= _FEW_WORDS:
        # One English word is no reason to leave the conversation's language; `hola` is one to leave English.
        if plain and (best != "en" or default == "en" or len(words) == told[best]):
            return Identified(best, None, True)
        return Identified(default)
    if not latin:
        return Identified(default)
    language, probability = _identifier(latin).classify(text)
    if len(long_words) <= _FEW_WORDS + 1 and not plain and probability < _PROBABLE:
        return Identified(default)
    if plain and best != language and probability < 0.95:
        return Identified(best, None, False)
    return Identified(language, None, bool(probability >= _PROBABLE))
