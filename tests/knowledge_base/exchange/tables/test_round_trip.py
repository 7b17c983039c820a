"""Out and in again: nothing is lost, and a table that nobody touched changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.exchange.tables.files import read_tables, write_tables
from knowledge_base.exchange.tables.importing import planned
from knowledge_base.exchange.tables.layout import GUIDANCE, LAYOUTS, layout_of, sheets_of
from tests.knowledge_base.exchange.packs import pack

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("administration", ["ae", "eu", "gb", "us"])
def test_nothing_is_lost(administration, form):
    mine = pack(administration)
    data, ending = write_tables(sheets_of(mine), form)
    sheets, faults = read_tables(data, f"{administration}.{ending}")
    assert faults == []
    same = planned(sheets, mine, TODAY)
    assert (same.changes, same.faults, same.notes) == ([], [], []) and same.rows == sum(
        len(sheet.rows) for sheet in sheets
    )
    bare = mine.model_copy(update={"entries": {}, "figures": {}, "sources": {}, "topics": {}, "rules": {}})
    plan = planned(sheets, bare, TODAY)
    assert plan.faults == []
    again = plan.applied_to(bare)
    for part in ("entries", "figures", "sources", "topics"):
        assert list(getattr(again, part).items()) == list(getattr(mine, part).items())


def test_one_sheet_is_one_csv_file():
    data, ending = write_tables(sheets_of(pack("gb"), ["questions"]), "csv")
    assert ending == "csv" and data.startswith(b"\xef\xbb\xbfentry,language,question,remove,version\r\n")


def test_the_sheets_of_guidance_have_no_figures():
    assert [sheet.name for sheet in sheets_of(pack("gb"), GUIDANCE)] == ["entries", "questions", "translations"]


def test_a_sheet_is_known_by_its_columns_too():
    """A CSV file is called whatever its maker called it."""
    for name, layout in LAYOUTS.items():
        (sheet,) = sheets_of(pack("ae"), [name])
        assert layout_of(type(sheet)("My table (3)", sheet.columns, sheet.rows)) is layout
