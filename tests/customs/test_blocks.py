"""Blocks: the closed list, and text that any channel can show."""

from __future__ import annotations

import pytest

from customs.bidi import ISOLATE, POP
from customs.blocks import BlockError, buttons, check_block, check_outcome, notice, paragraph, plain_text
from customs.settings import ROOT, Settings
from customs.wording import catalogue

SOURCE = {"type": "source", "title": "Limits", "url": "https://example.org/a", "checked": "2026-11-21"}


def test_plain_text_has_everything_but_the_buttons() -> None:
    blocks = [
        notice("Mind this.", "warning"),
        paragraph("Yes."),
        {"type": "list", "items": ["wine", "beer"], "ordered": True},
        {"type": "list", "items": ["port"]},
        {"type": "card", "title": "Office", "text": "helps", "rows": [["Phone", "1"]], "url": "https://example.org"},
        {"type": "table", "caption": "Sum", "columns": ["a", "b"], "rows": [["1", "2"]]},
        SOURCE,
        buttons([("More", "/help")], "Related"),
    ]
    assert plain_text(blocks) == (
        "Mind this.\n\nYes.\n\n1. wine\n2. beer\n\n• port\n\nOffice\nhelps\nPhone: 1\nhttps://example.org\n\n"
        "Sum\na | b\n1 | 2\n\nLimits (checked on 21 November 2026)\nhttps://example.org/a\n\nRelated"
    )


def test_plain_text_tells_all_of_a_source_in_the_language_of_the_asker() -> None:
    whole = SOURCE | {"publisher": "Customs", "as_of": "2026-06-09"}
    assert plain_text([whole]).startswith("Limits (Customs, checked on 21 November 2026, page dated 9 June 2026)\nhttps://")
    assert "comprobado el 21 de noviembre de 2026" in plain_text([whole], "es")
    assert "dated" not in plain_text([whole | {"as_of": "2025-04, inferred"}])


def test_plain_text_keeps_numbers_in_order_in_arabic() -> None:
    lines = plain_text([paragraph("الهاتف: 800 80080"), SOURCE], "ar").split("\n")
    assert lines[0] == f"الهاتف: {ISOLATE}800 80080{POP}"
    assert lines[-1] == SOURCE["url"], "a mark behind an address would become a part of the link"


@pytest.mark.parametrize("language", [language for language in Settings({}).languages if language != "en"])
def test_what_stands_around_a_source_is_translated(language: str) -> None:
    words = catalogue(ROOT / "customs" / "locale", language)
    assert set(words) == {"checked on {day}", "page dated {day}"}
    assert all("{day}" in translation for translation in words.values())


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "html", "text": "<b>"}, "html"),
        ({"type": "paragraph"}, "lacks text"),
        ({"type": "paragraph", "text": "x", "style": "red"}, "unknown key style"),
        ({}, "None"),
    ],
)
def test_other_blocks_are_refused(block: dict[str, str], words: str) -> None:
    with pytest.raises(BlockError, match=words):
        check_block(block)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("done", None), ("answered", "why"), ("declined", None), ("failed", "bored"), ("asked_back", "out_of_scope")],
)
def test_other_outcomes_are_refused(outcome: str, reason: str | None) -> None:
    with pytest.raises(BlockError):
        check_outcome(outcome, reason)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("answered", None), ("declined", "no_guidance"), ("asked_back", "which_entry"), ("smalltalk", "")],
)
def test_the_closed_list(outcome: str, reason: str | None) -> None:
    check_outcome(outcome, reason)
