"""Cells: no formula runs in anybody's table program, and whatever was written is read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.cells import Row, Sheet, guarded, unguarded
from knowledge_base.exchange.tables.csv_tables import read_csv, write_csv
from knowledge_base.exchange.tables.files import read_tables
from knowledge_base.exchange.tables.layout import ALL_COLUMNS
from knowledge_base.exchange.tables.xlsx_tables import read_xlsx, write_xlsx

RUNS = [
    "=1+1",
    "+971 4 000",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    "'=1",
    "''=1",
    "＝1",
    '=HYPERLINK("https://example.org")',
]


def sheet(*texts: str) -> Sheet:
    rows = [Row(number, {"entry": "qm.a", "language": "en", "question": text}) for number, text in enumerate(texts, 2)]
    return Sheet("questions", ("entry", "language", "question"), rows)


def csv_again(*texts: str) -> list[object]:
    read, faults = read_csv(write_csv(sheet(*texts)), "questions", ALL_COLUMNS)
    assert faults == []
    return [row.cells.get("question") for row in read.rows]


@pytest.mark.parametrize("text", RUNS)
def test_csv_holds_nothing_that_runs(text):
    written = write_csv(sheet(text)).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(written, newline="")))[1][2]
    assert cell.lstrip(" \t\r\n")[:1] not in {"=", "+", "-", "@", "＝", "＋"} and cell.startswith("'")
    assert csv_again(text) == [text.replace("\r", "\n")]


@pytest.mark.parametrize("text", RUNS)
def test_xlsx_holds_it_as_text(text):
    data = write_xlsx([sheet(text)])
    cell = load_workbook(io.BytesIO(data))["questions"]["C2"]
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert read_xlsx(data, "x")[0][0].rows[0].cells["question"] == text.replace("\r", "\n")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1, max_size=60)


@given(TEXTS)
def test_guard_and_back(text):
    assert unguarded(guarded(text)) == text


@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=4))
def test_any_text_through_csv(texts):
    assert csv_again(*texts) == texts


@settings(deadline=None)  # a workbook takes a while on a busy machine
@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3))
def test_any_text_through_xlsx(texts):
    try:
        data = write_xlsx([sheet(*texts)])
    except TableRefused as error:
        assert "cannot stand in XLSX" in str(error)
        return
    assert [row.cells["question"] for row in read_xlsx(data, "x")[0][0].rows] == texts


@pytest.mark.parametrize(
    "text", ["_x0041_", "_x005F_x0041_", "_x000D_", "  two  ", "line\nline", "0402", "1e10", "TRUE", "2027-01-02"]
)
def test_texts_that_xlsx_likes_to_change(text):
    assert read_xlsx(write_xlsx([sheet(text)]), "x")[0][0].rows[0].cells["question"] == text


def test_formulas_that_come_in_are_refused_with_their_place():
    book = Workbook()
    book.active.title = "questions"
    for line in (("entry", "language", "question"), ("qm.a", "en", "=1+1"), ("qm.a", "en", "plain")):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    (read,), (fault,) = read_tables(out.getvalue(), "x.xlsx")
    assert (fault.sheet, fault.row, fault.column) == ("questions", 2, "question") and "values" in fault.remedy
    assert [row.cells.get("question") for row in read.rows] == [None, "plain"]
    _, (fault,) = read_csv(b"entry,language,question\nqm.a,en,=1+1\n", "q", ALL_COLUMNS)
    assert (fault.row, fault.column) == (2, "question")


def test_a_cell_too_large_for_xlsx_is_said():
    with pytest.raises(TableRefused, match="Sheet questions, row 2: a text of 40000"):
        write_xlsx([sheet("x" * 40_000)])
    assert csv_again("x" * 40_000) == ["x" * 40_000]
