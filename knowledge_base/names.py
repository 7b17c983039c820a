"""Names of countries and languages in every language, from CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError


def country_name(code: str, language: str) -> str:
    """The country's name in `language`; the ISO code itself when CLDR has none."""
    return Locale.parse(language).territories.get(code.upper(), code)


def own_name(language: str) -> str:
    """The language's name in itself: "العربية", "español"."""
    name = Locale.parse(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


@cache
def _names_of_languages(languages: tuple[str, ...]) -> dict[str, str]:
    """Folded name → language code, of each language in each language."""
    found: dict[str, str] = {}
    for spoken in languages:
        try:
            names = Locale.parse(spoken).languages
        except UnknownLocaleError:
            continue
        for language in languages:
            if name := names.get(language):
                found[name.casefold()] = language
    # What people write for it and CLDR does not know.
    people = {"espanol": "es", "castellano": "es", "francais": "fr", "عربي": "ar", "بالعربي": "ar", "arabi": "ar",
              "angrezi": "en", "inglés": "en", "ingles": "en", "hindhi": "hi", "urdo": "ur", "mandarin": "zh", "普通话": "zh",
              "русском": "ru", "русски": "ru", "по-русски": "ru", "russkij": "ru"}  # fmt: skip
    return found | {name: language for name, language in people.items() if language in languages}


def language_named(text: str, languages: Iterable[str]) -> str | None:
    """The language that `text` names in any of `languages`, or None: "speak arabic please" → ar."""
    names = _names_of_languages(tuple(languages))
    folded = text.casefold()
    words = set(re.findall(r"[\w-]+", folded))
    for name, language in sorted(names.items(), key=lambda item: -len(item[0])):
        # Chinese is written without blanks, Arabic and Hindi join particles to the name.
        if name in words or (len(name) > 1 and not name.isascii() and name in folded):
            return language
    return None
