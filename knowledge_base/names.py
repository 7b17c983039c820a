"""Names of countries and languages in every language, from CLDR."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from rapidfuzz import fuzz, process


def country_name(code: str, language: str) -> str:
    """The country's name in `language`; the ISO code itself when CLDR has none."""
    return Locale.parse(language).territories.get(code.upper(), code)


def administration_name(code: str, names: Mapping[str, str], language: str) -> str:
    """An administration's name in `language`: as the pack gives it, else CLDR's name of the country where the pack's English name
    is CLDR's too (Great Britain is not the United Kingdom), else the pack's English or first name.
    """
    english = names.get("en") or next(iter(names.values()))
    if language in names or country_name(code, "en") != english:
        return names.get(language) or english
    return country_name(code, language)


def own_name(language: str) -> str:
    """The language's name in itself: "العربية", "español"."""
    name = Locale.parse(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


# What people write for a language beside CLDR's names: stems in the scripts whose words change their ends, spellings in Latin letters.
_PEOPLE_WRITE = {
    "ar": "عربي عربى arabi 3arabi araby arabik арабск अरबी 阿拉伯",
    "en": "انجليزي انكليزي انگریزی انگلش английск अंग्रेज इंग्लिश 英语 英文 angrezi angrezy inglizi englizi inglesa inglish englsh",
    "es": "اسباني ہسپانوی испанск स्पेनिश 西班牙 西语 castellano espanola spanich",
    "fr": "فرنسي فرانسیسی فرنچ французск फ्रेंच फ्रांसीसी 法语 法文 francaise frensh",
    "hi": "هندي ہندی хинди हिंदी हिन्दी 印地 hindhi",
    "ru": "روسي روسی русск रूसी 俄语 俄文 russkij russki russkiy ruski",
    "ur": "اردو اوردو أردو урду उर्दू 乌尔都 urdo",
    "zh": "صيني چینی китайск चीनी 中文 汉语 华语 普通话 国语 mandarin putonghua zhongwen",
}
_NOT = re.compile(r"(?:\b(?:not|don't|dont|no|never|ne|pas|не|لا|ما|ليس)\b|不)[^,.;!?،。，]{0,18}$")


def _fold(text: str) -> str:
    """Without case, accents, vowel signs above letters, and the differences between Arabic's and Urdu's keyboards."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return plain.replace("ی", "ي").replace("ى", "ي").replace("ہ", "ه").replace("ک", "ك").replace("’", "'")


@cache
def _names_of_languages(languages: tuple[str, ...]) -> dict[str, str]:
    """Folded name → language code, of each language in each language."""
    found: dict[str, str] = {}
    for spoken in languages:
        try:
            names = Locale.parse(spoken).languages
        except (UnknownLocaleError, ValueError):
            continue
        for language in languages:
            if name := names.get(language):
                found[_fold(name)] = language
    for language in languages:
        found |= {_fold(name): language for name in _PEOPLE_WRITE.get(language, "").split()}
    return found


def language_named(text: str, languages: Iterable[str]) -> str | None:
    """The language that `text` names in any of `languages`, or None: "speak arabic please" → ar.

    Of several the last one counts that is not denied: "i don't speak english, arabic please" → ar.
    """
    text = _fold(text)
    found: list[tuple[int, str]] = []
    names = _names_of_languages(tuple(languages))
    for name, language in names.items():
        # Chinese is written without blanks, Arabic, Hindi and Russian join particles and endings to the name.
        pattern = rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" if name.isascii() else re.escape(name)
        found += [(match.start(), language) for match in re.finditer(pattern, text)]
    if not found:
        return _misspelt(text, names)
    wanted = [(at, language) for at, language in found if not _NOT.search(text[:at])]
    return max(wanted)[1] if wanted else None


def _misspelt(text: str, names: Mapping[str, str]) -> str | None:
    latin = [name for name in names if name.isascii() and len(name) >= 5]
    for word in re.findall(r"[a-z]{5,}", text):
        if near := process.extractOne(word, latin, scorer=fuzz.ratio, score_cutoff=83):
            return names[near[0]]
    return None
