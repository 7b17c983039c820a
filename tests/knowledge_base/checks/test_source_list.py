"""Every figure beside its source, for a person to tick off."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from knowledge_base.check import checked_pack
from knowledge_base.checks.source_list import as_text, listed

TODAY = date(2026, 11, 21)


def conflicting(folder: Path) -> None:
    path = folder / "figures.yml"
    conflict = "status: conflicting\n    conflict: [{value: unknown, source: page, note: '=older'}]"
    path.write_text(
        path.read_text().replace("source: page\n    status: verified\n", f"source: page\n    {conflict}\n", 1)
    )


def test_each_figure_stands_with_its_values_source_and_entries(pack_folder: Path) -> None:
    text = as_text(list(listed(checked_pack(pack_folder, TODAY))))
    assert text.splitlines()[:4] == [
        "[ ] zz.wine.litres: 4 until 2026-06-30, 18 L  Wine (verified)",
        "      in zz.alcohol.wine",
        "      Limits (official; read 2026-01-02; page of undated)",
        "      https://customs.example.org/limits",
    ]
    assert text.count("[ ]") == 2


def test_a_source_that_says_otherwise_stands_below(pack_folder: Path) -> None:
    conflicting(pack_folder)
    rows = list(listed(checked_pack(pack_folder, TODAY)))
    assert [(row.figure, row.role) for row in rows][:2] == [
        ("zz.wine.litres", "source"),
        ("zz.wine.litres", "conflict"),
    ]
    assert "but unknown L (=older)" in as_text(rows)


def test_a_source_that_is_missing_is_named_so(pack_folder: Path) -> None:
    path = pack_folder / "figures.yml"
    path.write_text(path.read_text().replace("source: page", "source: gone"))
    assert "missing in sources.yml" in as_text(list(listed(checked_pack(pack_folder, TODAY))))


def test_the_table_can_be_read_back_and_computes_nothing(pack_folder: Path) -> None:
    path = pack_folder / "figures.yml"
    path.write_text(path.read_text().replace("label: Wine", "label: '=1+1, \"wine\"'"))
    rows = list(csv.DictReader(as_text(list(listed(checked_pack(pack_folder, TODAY))), "csv").splitlines()))
    assert rows[0]["label"] == '\'=1+1, "wine"' and rows[1]["value"] == "10000 GBP"
