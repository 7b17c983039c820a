"""Every sentence of the console is there in Arabic and French, and no catalogue keeps one that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

CONSOLE = Path(settings.BASE)
_TAG = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(r"{%\s*blocktranslate\b.*?%}(.*?){%\s*endblocktranslate\s*%}", re.S)
_HEADING = re.compile(r'heading=_\("([^"]*)"\)')
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def sentences(part: str) -> set[str]:
    """The msgids that the part's Python files and templates name; of a plural the singular."""
    found: set[str] = set()
    for path in (CONSOLE / part).rglob("*.py"):
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords=_KEYWORDS):
                found.add(message[0] if isinstance(message, tuple) else message)
    for path in (CONSOLE / part).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {double or single for double, single in _TAG.findall(text)} | set(_HEADING.findall(text))
        for block in _BLOCK.findall(text):
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", _PLURAL.split(block)[0]))
    return found


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(
    "part", ["accounts", "guidance", "workflow", "templates"]
)  # the others have tests of their own
def test_every_sentence_is_translated(part: str, language: str) -> None:
    wanted = sentences(part)
    path = (CONSOLE if part == "templates" else CONSOLE / part) / "locale" / f"{language}.po"
    known: dict[str, object] = {}
    if path.exists():
        with path.open("rb") as file:
            messages = [message for message in read_po(file, locale=language) if message.id]
        known = {message.id[0] if isinstance(message.id, tuple) else message.id: message.string for message in messages}
    assert sorted(wanted - {key for key, string in known.items() if string}) == []
    assert sorted(set(known) - wanted) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Sans une seconde personne"), ("ar", "دون شخص ثانٍ"), ("en", "Without a second person")],
)
def test_the_catalogues_reach_django(language: str, words: str) -> None:
    with translation.override(language):
        assert translation.gettext("Without a second person") == words
