"""The report's figures, by hand, and the neighbours' recall on vectors that can be looked through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import search_report
from benchmarks.neighbours import measure, recall
from benchmarks.report import MarkerError

RESULT = {
    "about": {"date": "2026-11-22", "commit": "abc", "processor": "a processor", "load": 0.1, "load_after": 0.2, "encoder": "e5"},
    "ef_search": [64],
    "sizes": [
        {
            "size": 10_000, "phrasings": 150_000, "first": {"build": 99.6, "open": 1.0}, "resident_mb": 300.4,
            "publish": {"build": 3.0, "open": 1.5, "processor": 4.0},
            "ms": {"search": [7.0, 9.0], "encode": [5.0, 6.0], "find": [2.0, 3.0], "pass": [5.0, 6.0]},
        },
        {
            "size": 100_000, "phrasings": 600_000, "first": {"build": 900.0, "open": 9.0}, "resident_mb": 3000.0,
            "publish": {"build": 60.0, "open": 9.0, "processor": 60.0},
            "ms": {"search": [10.0, 12.0], "encode": [5.0, 6.0], "find": [5.0, 6.0], "pass": [5.0, 6.0]},
        },
    ],
    "neighbours": [{"size": 1000, "flat_ms": 0.1, "ef64_ms": 0.05, "ef64_recall": 0.987, "build_s": 0.2}],
}  # fmt: skip


def test_goals_are_judged_where_they_hold() -> None:
    searched, published = search_report.search_table(RESULT), search_report.publish_table(RESULT)
    assert "1.40 ✓" in searched and "2.00 ✗" in searched
    assert "4.5 ✓" in published and "69.0 |" in published, "the goal for publishing is for ten thousand entries"
    slow = {**RESULT, "sizes": [{**RESULT["sizes"][0], "publish": {"build": 4.0, "open": 1.5, "processor": 4.0}}]}
    assert "5.5 ✗" in search_report.publish_table(slow)


def test_the_whole_report_goes_between_its_markers(tmp_path: Path) -> None:
    document = tmp_path / "speed.md"
    document.write_text(f"before\n{search_report.BEGIN}\nold\n{search_report.END}\nafter\n", encoding="utf-8")
    search_report.write(search_report.as_text(RESULT), document)
    written = document.read_text(encoding="utf-8")
    assert written.startswith("before\n") and written.endswith("after\n") and "old" not in written
    assert "commit abc" in written and "| 1,000 | 0.10 | 0.05 (0.987) | 0.2 |" in written
    document.write_text("nothing", encoding="utf-8")
    with pytest.raises(MarkerError, match="bench-search"):
        search_report.write("new", document)


def test_the_document_has_its_markers() -> None:
    text = search_report.DOCUMENT.read_text(encoding="utf-8")
    assert text.count(search_report.BEGIN) == text.count(search_report.END) == 1


def test_recall_counts_what_was_found() -> None:
    assert recall(np.array([[1, 2], [3, 9]]), np.array([[2, 1], [3, 4]])) == 0.75


def test_a_graph_finds_nearly_all_neighbours_of_a_small_bank() -> None:
    real = np.random.default_rng(1).standard_normal((50, 16)).astype(np.float32)
    (row,) = measure(real / np.linalg.norm(real, axis=1, keepdims=True), (400,))
    assert row["ef256_recall"] > 0.99 and row["ef256_recall"] >= row["ef64_recall"] and row["flat_ms"] > 0
