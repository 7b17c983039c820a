"""Every sentence of the page is there in every language, and nothing else is."""

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.replies import CUT, FAILURES
from bot.web.pages import OTHERWISE, REFUSALS
from bot.web.render import HERE, SCRIPT_WORDS, SUGGESTIONS
from customs.settings import Settings
from customs.wording import catalogue

LANGUAGES = [language for language in Settings({}).languages if language != "en"]


def page_sentences():
    templates = "".join(path.read_text() for path in (HERE / "templates").iterdir())
    in_templates = set(re.findall(r'\bt\("([^"]+)"', templates))
    return in_templates | {OTHERWISE, *REFUSALS.values(), *SCRIPT_WORDS.values(), *SUGGESTIONS}


CATALOGUES = [(HERE / "locale", page_sentences()), (Path("bot/locale").resolve(), {CUT, *FAILURES.values()})]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("folder", "sentences"), CATALOGUES, ids=["page", "failures"])
def test_catalogues_are_complete(folder, sentences, language):
    found = catalogue(folder, language)
    assert set(found) == sentences
    for sentence, translation in found.items():
        names = [sorted(name for _, name, _, _ in Formatter().parse(text) if name) for text in (sentence, translation)]
        assert names[0] == names[1], sentence


def test_the_module_shows_only_sentences_that_the_page_gives_it():
    used = set(re.findall(r"\bwords\.(\w+)", (HERE / "static" / "chat.js").read_text()))
    assert used == set(SCRIPT_WORDS)
