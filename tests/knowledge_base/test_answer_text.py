"""From an answer as staff write it to blocks."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.answer_text import figures_in, fill, to_blocks
from tests.knowledge_base.test_figures import figure

DAY = date(2026, 11, 21)
FIGURES = {"gb.x.y": figure()}


def test_placeholders() -> None:
    assert (
        fill("Up to {gb.x.y}, that is {gb.x.y|number}; {=Form 6}.", FIGURES, DAY, "en")
        == "Up to 4 litres, that is 4; Form 6."
    )
    assert figures_in("{gb.x.y} {=gb.z} {gb.a.b|number}") == {"gb.x.y", "gb.a.b"}


def test_values_are_isolated_in_a_right_to_left_text() -> None:
    assert fill("{=US$800}", {}, DAY, "ar") == "\u2068US$800\u2069"


def test_an_unknown_figure_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        fill("{gb.no.such}", FIGURES, DAY, "en")


def test_blocks() -> None:
    text = "Yes: four.\nReally.\n\nWhat counts:\n- wine\n- beer,\n  also strong\n\nEnd."
    assert to_blocks(text) == [
        {"type": "paragraph", "text": "Yes: four. Really."},
        {"type": "paragraph", "text": "What counts:"},
        {"type": "list", "items": ["wine", "beer, also strong"], "ordered": False},
        {"type": "paragraph", "text": "End."},
    ]
