"""One thing with two numbers, amounts that are no figures, and pages that nothing rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.check import check_pack
from knowledge_base.packs import Fault

TODAY = date(2026, 11, 21)
MORE = """\
  - id: zz.cash.also
    label: {label}
    currency: GBP
    valid: [{{value: {value}}}]
    source: page
    status: verified
"""


def told(folder: Path) -> list[Fault]:
    return check_pack(folder, TODAY)


def with_figure(folder: Path, label: str, value: int, unit: str = "currency: GBP") -> list[Fault]:
    path = folder / "figures.yml"
    path.write_text(path.read_text() + MORE.format(label=label, value=value).replace("currency: GBP", unit))
    return [fault for fault in told(folder) if fault.key == "label"]


def test_one_thing_with_two_numbers_is_told(pack_folder: Path) -> None:
    (fault,) = with_figure(pack_folder, "CASH!", 9000)
    assert (fault.level, fault.item, fault.value) == ("warning", "zz.cash.also", "9000 GBP and 10000 GBP")
    assert "zz.cash.over" in fault.remedy


def test_one_number_under_two_ids_is_told(pack_folder: Path) -> None:
    (fault,) = with_figure(pack_folder, "cash", 10000)
    assert "same figure as zz.cash.over" in fault.remedy


@pytest.mark.parametrize(("label", "unit"), [("Cash", "unit: each"), ("Cash in a parcel", "currency: GBP")])
def test_another_unit_or_name_is_another_thing(pack_folder: Path, label: str, unit: str) -> None:
    assert with_figure(pack_folder, label, 9000, unit) == []


@pytest.mark.parametrize(
    "literal", ["$36,000", "£15", "€ 3", "AED 300", "EUR22", "270 days", "5%", "2 litres", "10000 euros"]
)
def test_an_amount_marked_as_a_name_is_told(pack_folder: Path, literal: str) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace(" on.", f" on, {{={literal}}}."))
    (fault,) = told(pack_folder)
    assert (fault.level, fault.value) == ("warning", f"{{={literal}}}") and "figure" in fault.remedy


@pytest.mark.parametrize(
    "literal",
    ["Form 12", "EUR1", "EUR.1", "31 December 2020", "9801.00.10", "8 am to 6 pm", "Section 301", "+44 300 322 9434"],
)
def test_a_name_with_a_number_is_a_name(pack_folder: Path, literal: str) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace(" on.", f" on, {{={literal}}}."))
    assert told(pack_folder) == []


def test_a_page_that_nothing_rests_on_is_told(pack_folder: Path) -> None:
    path = pack_folder / "sources.yml"
    line = path.read_text().splitlines()[-1].replace("id: page", "id: other").replace("/limits", "/more")
    path.write_text(path.read_text() + line + "\n")
    assert [(fault.item, fault.value) for fault in told(pack_folder)] == [("other", "unused")]


def test_the_emergency_numbers_page_is_a_source_like_others(pack_folder: Path) -> None:
    path = pack_folder / "administration.yml"
    path.write_text(path.read_text() + "emergency: {phone: '999', sources: [police]}\n")
    (fault,) = told(pack_folder)
    assert (fault.level, fault.item, fault.key, fault.value) == ("error", "emergency", "sources", "police")


def test_a_title_of_two_entries_is_an_error(pack_folder: Path) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("Must I declare cash?", "how much  wine"))
    (fault,) = told(pack_folder)
    assert (fault.level, fault.item, fault.key) == (
        "error",
        "zz.cash.declare",
        "title",
    ) and "zz.alcohol.wine" in fault.remedy


def test_an_entry_whose_time_is_over_and_a_page_read_long_ago_are_told(pack_folder: Path) -> None:
    for name, old, new in (
        ("faq/cash.yml", "    review_by", "    effective: {until: 2026-01-31}\n    review_by"),
        ("sources.yml", "2026-01-02", "2025-01-02"),
    ):
        (pack_folder / name).write_text((pack_folder / name).read_text().replace(old, new))
    assert {(fault.level, fault.item, fault.key) for fault in told(pack_folder)} == {
        ("warning", "zz.cash.declare", "effective.until"), ("warning", "page", "checked"),
    }  # fmt: skip
