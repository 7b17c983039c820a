"""Every block type as HTML, with nothing but the keys that it must have."""

from __future__ import annotations

import pytest

from bot.web.brand import Brand
from bot.web.render import Pages, static_files
from customs.blocks import check_block

BARE = [
    {"type": "paragraph", "text": "Yes."},
    {"type": "notice", "level": "info", "text": "Mind."},
    {"type": "list", "items": ["wine"]},
    {"type": "card", "title": "Office"},
    {"type": "table", "columns": ["a"], "rows": [["1"]]},
    {"type": "source", "title": "Limits", "url": "https://example.org/", "checked": "2026-11-21"},
    {"type": "buttons", "items": [{"title": "More", "payload": "/help"}]},
]


@pytest.mark.parametrize("block", BARE, ids=lambda block: block["type"])
@pytest.mark.parametrize("active", [True, False])
def test_a_block_without_its_optional_keys(block: dict, active: bool) -> None:
    pages = Pages(dict.fromkeys(static_files(Brand()), "1"), Brand())
    template = pages._environment.from_string(
        '{% import "blocks.html" as blocks %}{{ blocks.show(block, false, t, "en", active, "asked_back") }}'
    )
    html = template.render(block=check_block(block), t=lambda text, **_: text, active=active)
    assert "None" not in html
