"""Arabic, Urdu and Hindi written in Latin letters: recognised by marker words, and turned into forms that search can use.

No language-identification library knows these. The marker words are exact; the forms for search match a word's consonants only,
because everybody spells the vowels as they like (`momken`, `mumkin`, `momkin`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("romanised_words")


def _markers() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in (FOLDER / "markers.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, words = line.split(":", 1)
            found.setdefault(name, set()).update(words.split())
    return {name: frozenset(words) for name, words in found.items()}


_MARKERS = _markers()
_ARABIC_STRONG = _MARKERS["arabic"]
_ARABIC_WEAK = _MARKERS["arabic weak"]
_URDU_STRONG = _MARKERS["urdu_hindi"]
_URDU_WEAK = _MARKERS["urdu_hindi weak"]
_URDU_NOT_HINDI = _MARKERS["urdu"]
_HINDI_NOT_URDU = _MARKERS["hindi"]
_GREETINGS = _MARKERS["greeting"]
# `3olbet`, `a2dar`, `tasree7`: a digit in place of a letter, but not `3kg`, `2nd`, `b2b`, `mp3`, `a380`, `iphone15`.
_DIGIT_WORD = re.compile(r"(?:[a-z']+[2356789][a-z']*|[2356789](?=[a-z']{3})[a-z']+)(?:[2356789][a-z']*)*")
_NOT_ARABIC = re.compile(
    r"\d+(?:k|kg|kgs|g|gr|grams?|mg|mcg|l|lt|ltr|ltrs|lit(?:er|re)s?|ml|cl|dl|m|cm|mm|km|oz|lbs?|gb|tb|mb|mah|wh|v|w|pcs?|packs?|packets?|cartons?|bottles?"
    r"|x|st|nd|rd|th|s|d|days?|dias?|jours?|ans|years?|yrs?|yo|hours?|hrs?|mins?|times|usd|eur|aed|gbp|inr|rs|euros?|dollars?|pounds?|dirhams?|boxes|box)"
    r"|[a-z]{1,2}\d|[a-z]\d[a-z]|mp\d|covid\d*|iphone\d*|ps\d|form\d+|ch\d+|h\d+[a-z]\d*|[a-z]+\d{2,}[a-z]*"
)
_TELLING = 3  # consonants from which a word is recognised whatever its vowels
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class _Lexeme(NamedTuple):
    native: str
    english: str


def _lexicon(name: str) -> dict[str, _Lexeme]:
    """`spelling, spelling | native | English` lines as a table from each spelling, and from its skeleton if that says enough."""
    found: dict[str, _Lexeme] = {}
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        spellings, native, english = (part.strip() for part in line.split("|"))
        for spelling in spellings.split(","):
            found[spelling.strip()] = lexeme = _Lexeme(native, english)
            if len(bones := skeleton(spelling.strip())) >= _TELLING:
                found.setdefault("=" + bones, lexeme)
    return found


def _look_up(word: str, lexicon: dict[str, _Lexeme]) -> _Lexeme | None:
    bones = skeleton(word)
    return lexicon.get(word) or (lexicon.get("=" + bones) if len(bones) >= _TELLING else None)


def skeleton(word: str) -> str:
    """The consonants of a romanised word; a vowel counts only at the beginning, doubled letters count once."""
    word = word.lower().replace("'", "").replace("’", "")
    for wide, narrow in (
        ("kh", "5"),
        ("gh", "R"),
        ("sh", "S"),
        ("ch", "S"),
        ("th", "T"),
        ("dh", "D"),
        ("q", "k"),
        ("ph", "f"),
    ):
        word = word.replace(wide, narrow)
    word = word.replace("c", "k").replace("z", "s").replace("v", "w").replace("x", "ks")
    first, rest = word[:1], re.sub("[aeiouyh2]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", ("a" if first in "aeiou" else first) + rest)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _is_digit_word(word: str) -> bool:
    return bool(_DIGIT_WORD.fullmatch(word)) and not _NOT_ARABIC.fullmatch(word)


@lru_cache(maxsize=512)  # a turn asks for one text several times
def recognise(text: str) -> str | None:
    """`ar` for Arabic in Latin letters, `ur` or `hi` for Urdu and Hindi (`ur` when nothing tells them apart), else None."""
    words = _words(text)
    if not words:
        return None
    digits = sum(map(_is_digit_word, words))
    arabic = digits + sum(word in _ARABIC_STRONG for word in words)
    urdu = sum(word in _URDU_STRONG for word in words)
    if (
        not arabic
        and not urdu
        and len(greetings := _GREETINGS.intersection(words))
        and len(greetings) * 2 >= len(words)
    ):
        return "ar"
    scores = {
        "ar": (arabic, sum(word in _ARABIC_WEAK for word in words)),
        "ur": (urdu, sum(word in _URDU_WEAK for word in words)),
    }
    language = max(scores, key=lambda name: (scores[name][0], scores[name][1]))
    strong, weak = scores[language]
    # One strange word in a long sentence is a name or a dish, not another language.
    if not strong or (strong + weak < 2 and strong / len(words) < 0.5) or (strong + weak) / len(words) < 0.2:
        return None
    if language == "ar":
        return "ar"
    hindi = sum(word in _HINDI_NOT_URDU for word in words)
    return "hi" if hindi > sum(word in _URDU_NOT_HINDI for word in words) else "ur"


def is_greeting(text: str) -> bool:
    """Whether `text` is nothing but a greeting that Arabic shares with Urdu, such as `assalam o alaikum`."""
    words = [word for word in _words(text) if len(word) > 1]
    return bool(words) and sum(word in _GREETINGS for word in words) * 2 >= len(words)


_LETTERS = [
    ("sh", "ش"), ("ch", "ش"), ("kh", "خ"), ("gh", "غ"), ("th", "ث"), ("dh", "ذ"), ("ou", "و"), ("oo", "و"), ("ee", "ي"), ("ei", "ي"), ("ai", "ي"),
    ("aa", "ا"), ("3'", "غ"), ("7'", "خ"), ("2", "أ"), ("3", "ع"), ("5", "خ"), ("6", "ط"), ("7", "ح"), ("8", "ق"), ("9", "ص"), ("b", "ب"), ("t", "ت"),
    ("j", "ج"), ("g", "ج"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"), ("f", "ف"), ("v", "ف"), ("q", "ق"), ("k", "ك"), ("c", "ك"), ("l", "ل"),
    ("m", "م"), ("n", "ن"), ("h", "ه"), ("w", "و"), ("y", "ي"), ("p", "ب"), ("x", "كس"), ("o", "و"), ("u", "و"), ("i", "ي"),
]  # fmt: skip
_PREFIXES = {
    "el": "ال",
    "al": "ال",
    "fel": "في ال",
    "fil": "في ال",
    "bel": "بال",
    "bil": "بال",
    "lel": "لل",
    "lil": "لل",
    "wel": "وال",
    "wal": "وال",
    "wil": "وال",
}


def transliterate(word: str) -> str:
    """One word of romanised Arabic in Arabic letters, by rule: a short `a` or `e` is left out, the other vowels are written."""
    word = re.sub(r"(.)\1", lambda pair: pair[0] if pair[0] in {"aa", "ee", "oo"} else pair[1], word.lower())
    out, at = "", 0
    while at < len(word):
        for latin, arabic in _LETTERS:
            if word.startswith(latin, at):
                # Short i and u inside a closed syllable are not written; at the end they are.
                short = (
                    latin in {"i", "u", "o"}
                    and 0 < at < len(word) - 1
                    and word[at + 1 : at + 3].isalpha()
                    and len(word) - at > 2
                )
                out += "" if short else arabic
                at += len(latin)
                break
        else:
            if word[at] in "ae" and (at == 0 or at == len(word) - 1):
                out += "ا" if at == 0 else "ة"
            at += 1
    return out


def _in_arabic(words: list[str]) -> str:
    out, prefix = [], ""
    for word in words:
        if word in _PREFIXES:
            prefix = _PREFIXES[word]
            continue
        known = _look_up(word, ARABIC)
        native = known.native if known and known.native != "-" else word if word.isdigit() else transliterate(word)
        out.append(prefix + (native.removeprefix("ال") if prefix else native))
        prefix = ""
    return " ".join(out)


def _in_english(words: list[str], lexicon: dict[str, _Lexeme]) -> str:
    glosses = [(found.english if (found := _look_up(word, lexicon)) else word, word) for word in words]
    if sum(gloss != word for gloss, word in glosses) * 3 < len(words):
        return ""  # too little is known of it: a line half in English would lead astray
    return " ".join(gloss for gloss, word in glosses if gloss and gloss != "-")


def search_forms(text: str) -> list[str]:
    """`text` and, when it is romanised, the forms in which search finds more: native letters (Arabic) and an English gloss.

    Always at least `text` itself, which comes first; no form twice.
    """
    language = recognise(text)
    forms = [text]
    if language == "ar":
        words = _words(text)
        forms += [_in_arabic(words), _in_english([word for word in words if word not in _PREFIXES], ARABIC)]
    elif language:
        forms.append(_in_english(_words(text), URDU))
    return list(dict.fromkeys(form for form in forms if form.strip()))


def is_known(text: str) -> bool:
    """Is every word of a romanised `text` in the lexicon, so that its forms say all that it says?"""
    language = recognise(text)
    lexicon = ARABIC if language == "ar" else URDU
    return bool(language) and all(_look_up(word, lexicon) or word in _PREFIXES or word.isdigit() for word in _words(text))


ARABIC = _lexicon("arabic.txt")
URDU = _lexicon("urdu_hindi.txt")
