"""The page's sentences and who still has to translate which: `python -m bot.web.catalogues`.

Without an argument it lists what each language of CUSTOMS_LANGUAGES lacks; with a language's code it writes what is missing
into that language's catalogue, empty, for a translator to fill in. A sentence without a translation is shown in English.
"""

from __future__ import annotations

import sys
from pathlib import Path
from string import Formatter

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.web import pages, render
from customs.settings import Settings

FOLDER = render.HERE / "locale"
# Calls whose argument is a sentence: t("…") in templates, say(language, "…") in Python.
CALLS = {"t": None, "say": (2,)}
READERS = [("**/templates/*.html", "jinja2.ext:babel_extract"), ("*.py", "python")]


def sentences() -> set[str]:
    """Every English sentence that the page may show: those of its templates, its code and its tables of sentences."""
    tables = {
        *render.SUGGESTIONS,
        *render.AT_THE_BORDER,
        *render.SCRIPT_WORDS.values(),
        *pages.REFUSALS.values(),
        *pages.TITLES,
        pages.OTHERWISE,
    }
    called = {
        message
        for _, _, message, _, _ in extract_from_dir(render.HERE, READERS, keywords=CALLS, comment_tags=())
        if isinstance(message, str)
    }
    return tables | called


def read(language: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of `language`; an empty one if there is none. Raises `UnknownLocaleError` for no language."""
    path = folder / f"{language}.po"
    if not path.exists():
        return Catalog(Locale.parse(language), fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(language: str, folder: Path = FOLDER) -> list[str]:
    """What is wrong with a catalogue, one line each: missing, no longer used, or with other {names} than the sentence."""
    wanted = sentences()
    given = {message.id: message.string for message in read(language, folder) if message.id}
    lines = [f"{language}: missing: {text}" for text in sorted(wanted) if not given.get(text)]
    lines += [f"{language}: no longer used: {text}" for text in sorted(set(given) - wanted)]
    for text, translation in sorted(given.items()):
        if translation and _names(text) != _names(translation):
            lines.append(f"{language}: other {{names}} than in: {text}")
    return lines


def _names(text: str) -> list[str]:
    try:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name)
    except ValueError:  # a lone brace
        return ["?"]


def fill(language: str, folder: Path = FOLDER) -> int:
    """Write the sentences that `language` lacks into its catalogue, without translation; how many there were."""
    catalog = read(language, folder)
    new = sorted(text for text in sentences() if text not in catalog)
    for text in new:
        catalog.add(text)
    if new:
        with (folder / f"{language}.po").open("wb") as file:
            write_po(file, catalog, width=None, omit_header=False)
    return len(new)


def main(arguments: list[str]) -> int:
    """The command; returns its exit status."""
    if arguments:
        try:
            print(f"{FOLDER / arguments[0]}.po: {fill(arguments[0])} sentences to translate were added")
        except (UnknownLocaleError, ValueError):
            print(f"{arguments[0]!r} is no language code like fr or pt_BR.", file=sys.stderr)
            return 2
        return 0
    lines = [line for language in Settings().languages if language != "en" for line in faults(language)]
    print("\n".join(lines) or "Every language has every sentence.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
