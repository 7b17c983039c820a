import re

import pytest

from benchmarks import report
from benchmarks.report import BEGIN, END, MarkerError, write_between_markers
from benchmarks.stages import OURS, STOCK, TOTAL
from customs.settings import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"


PROCESSES = {"ours": ("rasa", "actions"), "stock": ("stock",), "stock-action": ("stock-action", "stock-actions")}


def cell(system, concurrency, number, p50, rate, outcomes=None):
    return {
        "system": system, "concurrency": concurrency, "round": number, "turns": 10, "p50": p50, "p95": p50 * 2,
        "messages_per_s": rate, "cpu_ms": p50 / 2,
        "cpu_ms_by_process": dict.fromkeys(PROCESSES[system], p50 / 4), "outcomes": outcomes or {"answered": 10},
    }  # fmt: skip


@pytest.fixture
def result():
    cells = []
    for number, slow in enumerate((1, 3)):  # the second round on a machine that was busy
        cells += [
            cell("ours", 8, number, 20 * slow, 50 / slow),
            cell("stock", 8, number, 100 * slow, 10 / slow),
            cell("stock-action", 8, number, 60 * slow, 20 / slow),
        ]
    about = {
        "date": "2026-11-21", "commit": "abc1234", "release": "20261121-00000000", "encoder": "builtin:e5-small on onnx, 1 thread",
        "processor": "a processor", "cores": 2, "memory_gb": 23.0, "system": "Linux 6", "python": "3.11.7",
        "app": {"rasa-sdk": "1"}, "rasa": {"rasa": "3.6.21"}, "load_before": 0.1, "load_after": 2.0,
    }  # fmt: skip
    return {
        "about": about,
        "effort": {"rounds": 2, "seconds": 3, "windows": [(1, 10), (30, 40)], "series": 1},
        "cells": cells,
        "sessions": {"ours": [[20, 22]], "stock": [[50, 150]], "stock-action": [[60, 180]]},
        "stages": {
            "ours": {stage.title: 2.0 for stage in OURS} | {TOTAL: 26.0},
            "stock": {stage.title: 5.0 for stage in STOCK} | {TOTAL: 40.0},
            "stock-action": {stage.title: 6.0 for stage in STOCK} | {TOTAL: 48.0},
        },
        "memory_mb": {"rasa": 580.4, "actions": 300.0, "stock": 1300.0},
        "ready_after_s": {"rasa": 8.0, "actions": 3.0, "stock": 40.0},
    }


def rows(table):
    return [[field.strip() for field in line.strip("|").split("|")] for line in table.splitlines()]


def test_a_table_has_as_many_fields_in_every_line():
    table = report.table(["a", "b"], [["x", "1"], ["y", "2"]])
    assert rows(table) == [["a", "b"], ["---", "---:"], ["x", "1"], ["y", "2"]]


def test_ratios_are_of_rounds_and_say_whether_the_goal_is_reached(result):
    assert rows(report.ratio_table(result))[2:] == [
        ["stock, 8 at once", "0.20 (0.20–0.20) ✓", "5.0 (5.0–5.0) ✓"],
        ["stock with an action, 8 at once", "0.33 (0.33–0.33) ✗", "2.5 (2.5–2.5) ✗"],
    ]


def test_speed_has_the_median_and_the_range_of_the_rounds(result):
    table = rows(report.speed_table(result))
    assert [row[0] for row in table[2:]] == ["8: ours", "8: stock", "8: stock with an action"]
    assert table[2][1:] == ["40.0 (20.0–60.0)", "80.0 (40.0–120)", "33.3 (16.7–50.0)", "20.0 (10.0–30.0)"]


def test_every_stage_is_a_line_and_parts_are_marked(result):
    table = {row[0]: row[1:] for row in rows(report.stage_table(result))[2:]}
    parts = [name for name in table if name.startswith("– ")]
    assert parts == ["– of it: transcript", "– of it: language", "– of it: places"]
    assert table["encode"] == ["2.0", "–", "–"]
    assert table["NLU"] == ["2.0", "5.0", "6.0"]
    assert table["**total**"] == ["**26.0**", "**40.0**", "**48.0**"]
    assert len(table) == len({stage.title for stage in (*OURS, *STOCK)}) + 1


def test_sessions_show_the_growth(result):
    assert rows(report.session_table(result))[3] == ["stock", "50.0 (50.0–50.0)", "150 (150–150)", "× 3.0"]


def test_processes_have_their_figures_and_memory_is_summed_for_ours_only(result):
    table = rows(report.process_table(result))
    assert table[2] == ["rasa", "580", "10.0 (5.0–15.0)", "8.0"]
    assert table[-1][:2] == ["**ours together**", "880"]


def test_turns_without_an_answer_are_counted_in_every_system(result):
    assert report.failed_turns(result) == 0
    bad = {"failed/timeout": 1, "http_500": 1, "empty": 1, "TimeoutError": 1, "declined/no_guidance": 4, "other": 2}
    result["cells"].append(cell("ours", 8, 2, 20, 50, bad))
    result["cells"].append(cell("stock", 8, 2, 20, 50, {"empty": 2}))
    assert report.failed_turns(result) == 6


def test_the_whole_report_says_on_what_it_was_measured(result):
    text = report.render(result)
    for wanted in ("2026-11-21", "abc1234", "20261121-00000000", "e5-small", "2 cores", "load average 0.1", "3.6.21"):
        assert wanted in text
    assert BEGIN not in text and END not in text


def test_only_what_is_between_the_markers_is_replaced(tmp_path):
    document = tmp_path / "p.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_between_markers(document, "new\n\n")
    write_between_markers(document, "newer")
    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnewer\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["no markers", f"{BEGIN} only", f"{END} first {BEGIN}"])
def test_a_document_without_its_markers_is_left_as_it_is(tmp_path, text):
    document = tmp_path / "p.md"
    document.write_text(text, encoding="utf-8")
    with pytest.raises(MarkerError, match="p.md must have the lines"):
        write_between_markers(document, "new")
    assert document.read_text(encoding="utf-8") == text


def test_the_document_has_its_markers_and_a_result_with_every_stage():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    written = text[text.index(BEGIN) : text.index(END)]
    missing = [stage.title for stage in (*OURS, *STOCK) if stage.title not in written]
    assert not missing, "run `make bench-turn` again: the table in docs/performance.md is of other stages"
    assert re.search(r"^- 20\d\d-\d\d-\d\d, commit \w+\+?, release \S+, encoder ", written, re.MULTILINE)
