"""Blocks: the closed list, and text that any channel can show."""

from __future__ import annotations

import pytest

from customs.blocks import BlockError, buttons, check_block, check_outcome, notice, paragraph, plain_text

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
        "Sum\na | b\n1 | 2\n\nLimits (checked on 2026-11-21)\nhttps://example.org/a\n\nRelated"
    )


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
