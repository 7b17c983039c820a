"""Every sentence of the page is there in every language, and nothing else is."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.replies import CUT, FAILURES
from bot.web import catalogues
from bot.web.render import HERE, SCRIPT_WORDS
from customs.settings import Settings
from customs.wording import catalogue

LANGUAGES = [language for language in Settings({}).languages if language != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language(language):
    assert catalogues.faults(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_failures_are_told_in_every_language(language):
    assert set(catalogue(Path("bot/locale").resolve(), language)) == {CUT, *FAILURES.values()}


def test_sentences_of_templates_code_and_tables_are_found():
    found = catalogues.sentences()
    # a template, a call in Python, the module's table, a title that is handed over as a name
    assert {"Skip to your question", "Close the chat", "Looking it up…", "Your conversation was deleted"} <= found
    templates = "".join(path.read_text() for path in (HERE / "templates").iterdir())
    assert set(re.findall(r'\bt\("([^"]+)"', templates)) <= found


def test_what_is_missing_left_over_or_misspelt_is_listed(tmp_path):
    (tmp_path / "fr.po").write_text(
        'msgid "Print"\nmsgstr "Imprimer"\n\nmsgid "Fax"\nmsgstr "Fax"\n\n'
        'msgid "Characters left: {count}"\nmsgstr "Reste {nombre}"\n'
    )
    lines = catalogues.faults("fr", tmp_path)
    assert "fr: missing: Copy" in lines and "fr: no longer used: Fax" in lines
    assert "fr: other {names} than in: Characters left: {count}" in lines
    assert "fr: missing: Print" not in lines


def test_a_translator_begins_a_language_without_code(tmp_path):
    count = catalogues.fill("fa", tmp_path)
    assert count == len(catalogues.sentences())
    with (tmp_path / "fa.po").open("rb") as file:
        assert {message.id for message in read_po(file) if message.id} == catalogues.sentences()
    assert catalogues.fill("fa", tmp_path) == 0
    assert catalogues.main(["no language"]) == 2


def test_the_modules_show_only_sentences_that_the_page_gives_them():
    modules = "".join((HERE / "static" / name).read_text() for name in ("chat.js", "more.js"))
    assert set(re.findall(r"\bwords\.(\w+)", modules)) == set(SCRIPT_WORDS)
