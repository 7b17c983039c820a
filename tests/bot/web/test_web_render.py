"""Every block type as HTML, with nothing but the keys that it must have."""

from __future__ import annotations

import pytest

from bot.web.brand import Brand
from bot.web.render import Pages, isolate, static_files
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


def test_right_to_left_text_keeps_numbers_and_untranslated_sentences_in_order() -> None:
    assert isolate("الهاتف: 800 80080", True) == 'الهاتف: <bdi dir="ltr">800 80080</bdi>'
    assert isolate("الرسم £394.09 & أكثر", True) == 'الرسم <bdi dir="ltr">£394.09</bdi> &amp; أكثر'
    assert isolate("200 سيجارة", True) == "200 سيجارة"
    assert isolate("Take green if <all> is free.", True) == "<bdi>Take green if &lt;all&gt; is free.</bdi>"
    assert isolate("£394.09", False) == "£394.09"


def test_a_source_stands_in_one_line() -> None:
    """A paragraph of an answer keeps its line breaks, so that one in the template would be seen."""
    pages = Pages(dict.fromkeys(static_files(Brand()), "1"), Brand())
    template = pages._environment.from_string(
        '{% import "blocks.html" as blocks %}{{ blocks.show(block, false, t, "en", true, "answered") }}'
    )
    block = BARE[5] | {"publisher": "Customs", "as_of": "2026-06-09"}
    (line,) = [line for line in template.render(block=block, t=lambda text, **_: text).splitlines() if line.strip()]
    assert line.startswith('<p class="source"') and line.endswith("</p>")
