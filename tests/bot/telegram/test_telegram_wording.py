"""Every sentence of the channel stands in every language, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.telegram import following, inline, location, privacy, under_answers, watch
from bot.telegram.handlers import COMMANDS, FAILED, OTHERWISE, UNREADABLE, language_name
from bot.telegram.render import say
from customs.wording import catalogue

# Modules whose sentences for people are constants.
SUBJECTS = (following, inline, privacy, location, under_answers, watch)
LANGUAGES = ("ar", "es", "fr", "hi", "ru", "ur", "zh")
SOURCE = "".join(path.read_text() for path in say.folder.parent.glob("*.py"))
CONSTANTS = {
    sentence
    for module in SUBJECTS
    for name, value in vars(module).items()
    if name.isupper()
    for sentence in (value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value])
    if isinstance(sentence, str) and re.match("[A-Z/]", sentence)
}
SENTENCES = (
    CONSTANTS
    | {*COMMANDS.values(), *UNREADABLE.values(), OTHERWISE, FAILED}
    | {
        sentence
        for sentence in re.findall(r'(?:say|_offer|_refuse)\([^"\']*["\']([A-Z][^"\']+|as of [^"\']+)["\']', SOURCE)
        if "%s" not in sentence  # a log line
    }
    | set(re.findall(r"say\(language, '([^']+)'", SOURCE))
    | {"Helpful", "Not helpful"}
)


def test_the_sentences_are_found():
    assert len(SENTENCES) > 23 and "Only the latest answer can be rated." in SENTENCES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    words = catalogue(say.folder, language)
    assert SENTENCES <= set(words), SENTENCES - set(words)
    assert set(words) <= SENTENCES, "translated, but nowhere said: " + str(set(words) - SENTENCES)
    for sentence, translation in words.items():
        assert set(re.findall(r"\{\w+\}|/\w+", sentence)) == set(re.findall(r"\{\w+\}|/[a-z]+", translation)), (
            translation
        )
        assert translation != sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_fits_telegrams_limits(language):
    for meaning in COMMANDS.values():
        assert 1 <= len(say(language, meaning)) <= 256


def test_languages_are_named_in_themselves():
    assert [language_name(code) for code in ("es", "hi", "zh")] == ["Español", "हिन्दी", "中文"]
    assert Path(say.folder).name == "locale"
