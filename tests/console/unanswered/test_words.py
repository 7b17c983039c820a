"""Every sentence of the queue and the reports has its translation, and the pages use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from wagtail.users.models import UserProfile

import knowledge_base.console as console

PARTS = [Path(console.__file__).parent / part for part in ("unanswered", "reports")]
IN_TEMPLATES = re.compile(r"""\{% translate (["'])(.*?)\1""")
IN_CODE = re.compile(r"""\b_\(\s*"((?:[^"\\]|\\.)*)"\s*\)""")
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


def catalogue(language: str) -> dict[str, str]:
    found = {}
    for part in PARTS:
        with (part / "locale" / f"{language}.po").open("rb") as file:
            found |= {message.id: message.string for message in read_po(file) if message.id}
    return found


def sentences() -> set[str]:
    found = set()
    for part in PARTS:
        for path in part.rglob("*.html"):
            found |= {match[1] for match in IN_TEMPLATES.findall(path.read_text(encoding="utf-8"))}
        for path in part.rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(IN_CODE.findall(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_sentence_is_translated_with_its_places(language):
    known = catalogue(language)
    assert len(sentences()) > 100
    assert sentences() - known.keys() == set()
    assert [
        sentence for sentence, text in known.items() if sorted(PLACES.findall(sentence)) != sorted(PLACES.findall(text))
    ] == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_pages_speak_it(signed_in, guidance, store, ask, language):
    ask("drone", group="g1")
    client = signed_in("author")
    UserProfile.objects.update_or_create(user=client.user, defaults={"preferred_language": language})
    english = {
        sentence
        for sentence, text in catalogue(language).items()
        if len(sentence) > 12 and sentence != text and "%" not in sentence
    }
    for path in (
        "/unanswered/",
        "/unanswered/g1/",
        "/unanswered/g1/new-answer/",
        "/reports/",
        "/reports/questions/",
        "/reports/guidance/",
    ):
        page = client.get(path).content.decode()
        assert [sentence for sentence in english if f">{sentence}<" in page] == [], path
