"""Files as table programs of all regions write them, and files that are none."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.days import order_in, possible_days, read_day
from knowledge_base.exchange.tables.files import MOST_BYTES, read_tables
from knowledge_base.exchange.tables.words import word_diff

TEXT = "entry;language;question\r\nqm.a;fr;combien d’alcool\r\nqm.a;ar;كم؟\r\n"


def question(data: bytes, encoding: str | None = None) -> list[object]:
    (sheet,), faults = read_tables(data, "q.csv", encoding)
    assert not faults
    return [row.cells["question"] for row in sheet.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_excel_writes(separator, encoding):
    assert question(TEXT.replace(";", separator).encode(encoding)) == ["combien d’alcool", "كم؟"]


def test_the_line_that_names_the_separator():
    assert question(("sep=;\r\n" + TEXT).encode()) == ["combien d’alcool", "كم؟"]


def test_old_encodings_are_chosen_and_never_guessed():
    data = "entry;language;question\nqm.a;ar;كم؟\n".encode("cp1256")
    with pytest.raises(TableRefused, match="q, line 2: not utf-8.*arabic"):
        question(data)
    assert question(data, "arabic") == ["كم؟"]
    with pytest.raises(TableRefused, match="'latin'"):
        question(data, "latin")


def test_quotes_newlines_and_empty_rows():
    data = b'entry,language,question\n,,\n"qm.a",en,"two\nlines, ""quoted"""\n\n'
    (sheet,), _ = read_tables(data, "q.csv")
    assert [(row.number, row.cells["question"]) for row in sheet.rows] == [(3, 'two\nlines, "quoted"')]


def test_a_row_with_too_many_cells_is_named():
    _, (fault,) = read_tables(b"entry,language,question\nqm.a,en,how much, in all\n", "q.csv")
    assert (fault.sheet, fault.row) == ("q", 2) and "quotes" in fault.remedy


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old XLS format or has a password"),
        (b"PK\x03\x04" + b"x" * 60, "is damaged"),
        (zipped(word__document_xml=b"<x/>"), "holds no table"),
        (zipped(xl__workbook_xml=b"<x/>"), "no XLSX workbook"),
        (zipped(xl__workbook_xml=b"0" * 50_000_000), "unpacks to more than"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "not utf-8"),
        (b"id\0,title\n", "no text"),
        (b'entry,question\nqm.a,"open\n', "line"),
        (b"x" * (MOST_BYTES + 1), "at most"),
    ],
)
def test_what_is_no_table_is_refused(data, told):
    with pytest.raises(TableRefused, match=told) as refused:
        read_tables(data, "given.file")
    assert "given.file" in str(refused.value) or "given" in str(refused.value)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data):
    try:
        read_tables(data, "x")
    except TableRefused:
        pass


@given(st.binary(max_size=200))
def test_no_broken_archive_breaks_it(data):
    whole = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"<worksheet/>")
    place = len(data) % len(whole)
    try:
        read_tables(whole[:place] + data + whole[place + len(data) :], "x")
    except TableRefused:
        pass


def test_days():
    assert read_day("2027-01-02", None) == read_day("2.1.2027", None) == read_day("2027/1/2", None) == date(2027, 1, 2)
    assert read_day("02/01/2027", None) is None and len(possible_days("02/01/2027")) == 2
    assert order_in(["02/01/2027", "31/01/2027"]) == "day first" and order_in(["1/31/2027"]) == "month first"
    assert order_in(["1/31/2027", "31/1/2027"]) is None
    assert read_day("02/01/2027", "day first") == date(2027, 1, 2) and read_day("02/01/2027", "month first") == date(
        2027, 2, 1
    )
    assert read_day("02/02/2027", None) == date(2027, 2, 2) and read_day("30.02.2027", None) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_word_diff_holds_both_texts(before, after):
    pieces = word_diff(before, after)
    assert "".join(text for op, text in pieces if op != "added") == before
    assert "".join(text for op, text in pieces if op != "removed") == after


def test_a_word_diff_is_of_words_and_figures():
    assert word_diff("up to {a.b} of beer", "up to {a.c} of beer") == [
        ("same", "up to "), ("removed", "{a.b}"), ("added", "{a.c}"), ("same", " of beer"),
    ]  # fmt: skip
