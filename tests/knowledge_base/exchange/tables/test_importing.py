"""The dry run: every change is shown, every wrong row named, and nothing is removed that nobody asked to remove."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.exchange.tables.cells import Row, Sheet
from knowledge_base.exchange.tables.files import read_tables, write_tables
from knowledge_base.exchange.tables.importing import planned
from knowledge_base.exchange.tables.layout import sheets_of
from knowledge_base.exchange.tables.plan import TablePlan
from knowledge_base.model import Pack
from tests.knowledge_base.exchange.packs import pack

TODAY = date(2026, 11, 22)
SOURCE = {
    "id": "page",
    "title": "P",
    "publisher": "P",
    "url": "https://example.org/",
    "kind": "official",
    "as_of": "undated",
    "checked": "2026-11-20",
}
ENTRY = {
    "id": "qm.gift.limit", "title": "How much?", "audience": "both", "answer": "Up to {qm.gift}.\n", "sources": ["page"], "review_by": "2027-05-21",
    "questions": {"en": ["how much", "what limit"], "ar": ["كم"]}, "effective": {"from": "2026-01-02"}, "related": [],
    "translations": {"fr": {"title": "Combien ?", "answer": "Jusqu’à {qm.gift}.\n", "of": "00000000"}},
}  # fmt: skip
FIGURE = {
    "id": "qm.gift", "label": "Gift", "currency": "EUR", "valid": [{"value": "45"}], "source": "page", "status": "verified", "note": "for staff",
}  # fmt: skip


@pytest.fixture
def mine() -> Pack:
    """A pack of one entry and one figure."""
    head = pack("gb").administration.model_copy(update={"id": "qm"})
    data = {
        "administration": head, "sources": {"page": SOURCE}, "figures": {"qm.gift": FIGURE}, "entries": {"qm.gift.limit": ENTRY},
        "topics": {"qm.gift.limit": "gifts"},
    }  # fmt: skip
    return Pack.model_validate(data)


def plan_of(mine: Pack, name: str, *rows: dict, language: str | None = None) -> TablePlan:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    return planned(
        [Sheet(name, columns, [Row(number, row) for number, row in enumerate(rows, 2)])], mine, TODAY, language
    )


def told(plan: TablePlan) -> list[tuple[str, str, str, str]]:
    return [(change.kind, change.column, change.before, change.after) for change in plan.changes]


def test_a_changed_cell_and_nothing_else(mine):
    plan = plan_of(mine, "entries", {"id": "qm.gift.limit", "title": "How much is free?"})
    assert told(plan) == [("changed", "title", "How much?", "How much is free?")]
    assert plan.changes[0].words == [("same", "How much"), ("added", " is free"), ("same", "?")]
    assert plan.entries == {
        "qm.gift.limit": mine.entries["qm.gift.limit"].model_copy(update={"title": "How much is free?"})
    }


def test_what_is_not_in_the_table_stays(mine):
    plan = plan_of(mine, "questions", {"entry": "qm.gift.limit", "language": "en", "question": "what is free"})
    assert told(plan) == [("added", "question", "", "what is free")]
    assert plan.entries["qm.gift.limit"].questions == {"en": ["how much", "what limit", "what is free"], "ar": ["كم"]}
    empty = plan_of(mine, "entries", {"id": "qm.gift.limit"})
    assert (empty.changes, empty.faults) == ([], [])


def test_a_question_is_worded_anew_in_its_place_and_taken_out_when_told(mine):
    (sheet,) = sheets_of(mine, ["questions"])
    first, second, third = (dict(row.cells) for row in sheet.rows)
    plan = plan_of(mine, "questions", first | {"question": "how many"}, second | {"remove": "yes"}, third)
    assert told(plan) == [("changed", "question", "how much", "how many"), ("removed", "question", "what limit", "")]
    assert plan.entries["qm.gift.limit"].questions == {"en": ["how many"], "ar": ["كم"]}


def test_a_row_that_somebody_else_changed_meanwhile(mine):
    (entries,), (questions,) = sheets_of(mine, ["entries"]), sheets_of(mine, ["questions"])
    entry = mine.entries["qm.gift.limit"]
    later = mine.model_copy(
        update={
            "entries": {
                entry.id: entry.model_copy(update={"title": "Other", "questions": {"en": ["other"], "ar": ["كم"]}})
            }
        }
    )
    plan = plan_of(later, "entries", dict(entries.rows[0].cells) | {"answer": "No."})
    (fault,) = plan.faults
    assert (fault.column, plan.changes) == ("version", []) and "export it again" in fault.remedy
    plan = plan_of(later, "questions", dict(questions.rows[0].cells) | {"question": "new"})
    assert plan.faults[0].column == "version" and not plan.entries


def test_an_optional_value_is_cleared_by_a_word_and_never_by_an_empty_cell(mine):
    plan = plan_of(mine, "figures", {"id": "qm.gift", "note": "(empty)"})
    assert told(plan) == [("changed", "note", "for staff", "")] and plan.figures["qm.gift"].note is None
    assert (
        plan_of(mine, "entries", {"id": "qm.gift.limit", "effective_from": "(empty)"})
        .entries["qm.gift.limit"]
        .effective.start
        is None
    )
    plan = plan_of(mine, "entries", {"id": "qm.gift.limit", "title": "(empty)"})
    assert plan.faults[0].remedy == "Must not be empty."


def test_a_new_entry_with_all_that_it_needs(mine):
    row = {
        "id": "qm.gift.many",
        "topic": "gifts",
        "title": "Several?",
        "audience": "both",
        "answer": "Yes.",
        "sources": "page",
        "review_by": date(2027, 1, 2),
    }
    sheets = [
        Sheet(
            "questions",
            ("entry", "language", "question"),
            [Row(2, {"entry": "qm.gift.many", "language": "en", "question": "several gifts"})],
        ),
        Sheet("entries", tuple(row), [Row(2, row)]),
    ]
    plan = planned(sheets, mine, TODAY)
    assert plan.faults == [] and plan.topics == {"qm.gift.many": "gifts"}
    assert plan.entries["qm.gift.many"].questions == {"en": ["several gifts"]} and plan.entries[
        "qm.gift.many"
    ].review_by == date(2027, 1, 2)
    assert any("questions" in fault.key for fault in plan.found), "customs check tells that one question is too few"


def test_a_translation_made_beside_the_original_of_today_is_marked_so(mine):
    (sheet,) = sheets_of(mine, ["translations"])
    cells = dict(sheet.rows[0].cells) | {"answer": "Jusqu’à {qm.gift} en tout."}
    assert (
        plan_of(mine, "translations", cells).entries["qm.gift.limit"].translations["fr"].of
        == mine.entries["qm.gift.limit"].fingerprint
    )
    del cells["original"]
    assert plan_of(mine, "translations", cells).entries["qm.gift.limit"].translations["fr"].of == "00000000"


@pytest.mark.parametrize(
    ("sheet", "row", "column", "told_"),
    [
        ("entries", {"title": "x"}, "id", "says what the row is about"),
        ("entries", {"id": "gb.x", "title": "x"}, "id", "begin with 'qm'"),
        ("entries", {"id": "qm.new", "title": "x"}, "topic", "A new row needs topic, audience"),
        ("entries", {"id": "qm.gift.limit", "audience": "everybody"}, "audience", "traveller"),
        ("entries", {"id": "qm.gift.limit", "review_by": "soon"}, "review_by", "2027-01-31"),
        ("entries", {"id": "qm.gift.limit", "review_by": "02/01/2027"}, "review_by", "2027-01-02 or 2027-02-01"),
        ("entries", {"id": "qm.gift.limit", "title": Decimal("402")}, "title", "format the cell as text"),
        ("entries", {"id": "qm.gift.limit", "title": date(2027, 1, 2)}, "title", "format the cell as text"),
        ("entries", {"id": "qm.gift.limit", "most_asked": "maybe"}, "most_asked", "yes or no"),
        ("entries", {"id": "qm.gift.limit", "coming_from_only": "Atlantis"}, "coming_from_only", "Atlantis"),
        ("questions", {"entry": "qm.nobody", "language": "en", "question": "x"}, "entry", "no such entry"),
        ("questions", {"entry": "qm.gift.limit", "language": "English", "question": "x"}, "question", "match pattern"),
        ("questions", {"entry": "qm.gift.limit", "language": "en"}, "question", "Must not be empty"),
        ("translations", {"entry": "qm.gift.limit", "language": "es", "title": "x"}, "answer", "needs answer"),
        ("values", {"figure": "qm.gift", "from": "2027-01-01", "value": "60.000"}, "value", "60.000 or 60000"),
        ("values", {"figure": "qm.gift", "from": "2027-01-01", "value": "50 USD"}, "value", "does not belong"),
        ("values", {"figure": "qm.none", "value": "5"}, "figure", "no such figure"),
        ("sources", {"id": "page", "url": "not an address"}, "url", "valid URL"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_changes_nothing(mine, sheet, row, column, told_):
    plan = plan_of(mine, sheet, row)
    (fault,) = plan.faults
    assert (fault.sheet, fault.row, fault.column) == (sheet, 2, column) and told_ in fault.remedy
    assert (plan.changes, plan.entries, plan.figures, plan.sources) == ([], {}, {}, {})
    assert f"sheet {sheet}, row 2, column {column}" in str(fault)


def test_one_wrong_row_does_not_stop_the_others(mine):
    plan = plan_of(
        mine,
        "questions",
        {"entry": "qm.x", "language": "en", "question": "a"},
        {"entry": "qm.gift.limit", "language": "en", "question": "b"},
    )
    assert len(plan.faults) == 1 and told(plan) == [("added", "question", "", "b")]


def test_one_row_twice(mine):
    row = {"id": "qm.gift.limit", "title": "x"}
    plan = plan_of(mine, "entries", row, row)
    assert len(plan.changes) == 1 and "row 2 too" in plan.faults[0].remedy


def test_the_last_line_break_of_an_answer_is_no_change(mine):
    plan = plan_of(mine, "entries", {"id": "qm.gift.limit", "answer": "Up to {qm.gift} each."})
    assert told(plan) == [("changed", "answer", "Up to {qm.gift}.\n", "Up to {qm.gift} each.\n")]
    assert plan_of(mine, "entries", {"id": "qm.gift.limit", "answer": "Up to {qm.gift}."}).changes == []


def test_a_later_value_ends_the_one_before(mine):
    plan = plan_of(mine, "values", {"figure": "qm.gift", "from": "2027-01-01", "value": "50 €"})
    assert [(str(each.start), str(each.until), each.value) for each in plan.figures["qm.gift"].valid] == [
        ("None", "2026-12-31", Decimal(45)), ("2027-01-01", "None", Decimal(50)),
    ]  # fmt: skip
    assert ("changed", "until", "", "2026-12-31") in told(plan)
    assert plan_of(
        mine, "values", {"figure": "qm.gift", "from": "2027-01-01", "value": "1.050,5"}, language="de"
    ).figures["qm.gift"].valid[-1].value == Decimal("1050.5")


def test_a_number_of_a_workbook_is_exact(mine):
    assert plan_of(mine, "values", {"figure": "qm.gift", "value": Decimal("0.1")}).figures["qm.gift"].valid[
        0
    ].value == Decimal("0.1")


def test_days_that_a_table_program_wrote_its_own_way(mine):
    """Excel writes 2026-01-02 as 02/01/2026 or 1/2/2026 when it saves CSV; that is no change."""
    (sheet,) = sheets_of(mine, ["entries"])
    for written in ("02/01/2026", "1/2/2026", "2026-01-02", "02.01.2026"):
        plan = plan_of(mine, "entries", dict(sheet.rows[0].cells) | {"effective_from": written})
        assert (plan.changes, plan.faults) == ([], [])


def test_other_columns_and_sheets_are_told(mine):
    plan = planned(
        [
            Sheet("entries", ("id", "my notes"), [Row(2, {"id": "qm.gift.limit", "my notes": "x"})]),
            Sheet("todo", ("what",), []),
        ],
        mine,
        TODAY,
    )
    assert "todo" in plan.notes[0] and "my notes" in plan.notes[1] and not plan.changes


def test_a_whole_pack_with_one_word_changed():
    """Through a real file: of thousands of rows only the one that was touched is a change."""
    mine = pack("eu")
    sheets = sheets_of(mine)
    row = sheets[0].rows[5]
    row.cells["title"] = f"{row.cells['title']} (new)"
    data, ending = write_tables(sheets, "xlsx")
    plan = planned(read_tables(data, f"x.{ending}")[0], mine, TODAY)
    assert [(change.sheet, change.row, change.kind) for change in plan.changes] == [("entries", row.number, "changed")]
