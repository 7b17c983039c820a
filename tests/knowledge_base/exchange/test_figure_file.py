"""A changed figure in its file: nothing else moves, whatever the layout."""

from __future__ import annotations

import difflib
from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.exchange.figure_edit import FigureEdit, edited
from knowledge_base.exchange.figure_file import with_figure_text, write_figure
from knowledge_base.packs import read_pack
from tests.knowledge_base.exchange.packs import CONTENT, copied, pack

TODAY = date(2026, 11, 22)


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("figure", ["gb.alcohol.beer", "eu.alcohol.beer"])
def test_only_the_periods_change(figure, tmp_path):
    """The one is laid out in blocks, the other on one line."""
    administration = figure[:2]
    folder = copied(administration, tmp_path)
    before = (folder / "figures.yml").read_text(encoding="utf-8")
    after = edited(pack(administration).figures[figure], FigureEdit(figure, Decimal(77), date(2027, 1, 1)), {}, TODAY)
    write_figure(folder, after)
    lines = changed_lines(before, (folder / "figures.yml").read_text(encoding="utf-8"))
    assert 2 <= len(lines) <= 3 and any("2027-01-01" in line and "77" in line for line in lines)
    assert read_pack(folder).figures == {**pack(administration).figures, figure: after}
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("administration", ["ae", "eu", "gb", "us"])
def test_every_figure_of_the_packs_can_be_written(administration):
    text = (CONTENT / administration / "figures.yml").read_text(encoding="utf-8")
    figures = list(pack(administration).figures.values())
    for figure in figures[:: max(1, len(figures) // 12)]:
        value = {"text": 'other words: "x"', "date": date(2030, 2, 1)}.get(figure.unit or "", Decimal("3.5"))
        after = edited(figure, FigureEdit(figure.id, value, date(2029, 1, 1), status="verified"), {}, TODAY)
        assert with_figure_text(text, after) != text  # it verifies itself that all else is the same


def test_a_settled_conflict_goes_with_its_values():
    figure = pack("ae").figures["ae.tobacco.cigarettes"]
    assert figure.conflict
    text = (CONTENT / "ae" / "figures.yml").read_text(encoding="utf-8")
    after = edited(figure, FigureEdit(figure.id, Decimal(400), status="verified"), {}, TODAY)
    lines = changed_lines(text, with_figure_text(text, after))
    assert any("conflict:" in line for line in lines) and not after.conflict


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ChangeRefused, match="cannot be changed"):
        write_figure(tmp_path, pack("gb").figures["gb.alcohol.beer"])


def test_a_figure_that_went_meanwhile():
    with pytest.raises(ChangeRefused, match="no figure gb.alcohol.beer"):
        with_figure_text("figures: []\n", pack("gb").figures["gb.alcohol.beer"])
