"""Every kind of fault is found, and its line names file, entry, key, value and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.check import check_pack, stamp_translations
from knowledge_base.packs import read_pack

TODAY = date(2026, 11, 21)


def errors(folder: Path) -> list[str]:
    return [str(fault) for fault in check_pack(folder, TODAY) if fault.level == "error"]


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_good_pack_has_no_faults(pack_folder: Path) -> None:
    assert check_pack(pack_folder, TODAY) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "faq/alcohol.yml",
            "{zz.wine.litres} of",
            "18 litres of",
            ["alcohol.yml", "zz.alcohol.wine", "answer", "18", "figure"],
        ),
        ("faq/alcohol.yml", "{zz.wine.litres}", "{zz.wine.liters}", ["zz.wine.liters", "no such figure"]),
        ("faq/alcohol.yml", "{zz.wine.litres}", "{zz.wine.litres|roman}", ["|roman", "|number"]),
        ("faq/alcohol.yml", "still wine", "still { wine", ["brace"]),
        (
            "faq/alcohol.yml",
            "sources: [page]",
            "sources: [pgae]",
            ["zz.alcohol.wine", "sources", "pgae", "sources.yml"],
        ),
        ("faq/alcohol.yml", "related: [zz.cash.declare]", "related: [zz.cash.nothing]", ["zz.cash.nothing"]),
        ("faq/alcohol.yml", "wine limit, ", "", ["questions.en", "7 questions", "at least 8"]),
        ("faq/alcohol.yml", "wine limit, ", "Wine allowed!, ", ["wine allowed", "twice"]),
        ("faq/cash.yml", "cash limit", "wine limit", ["wine limit", "zz.alcohol.wine"]),
        ("faq/alcohol.yml", "audience: traveller", "audience: tourist", ["zz.alcohol.wine", "audience", "tourist"]),
        ("faq/alcohol.yml", "topic: alcohol", "topic: wine", ["topic", "wine", "alcohol"]),
        ("faq/alcohol.yml", "id: zz.alcohol.wine", "id: zz.cash.declare", ["zz.cash.declare", "twice"]),
        ("faq/alcohol.yml", "id: zz.alcohol.wine", "id: yy.alcohol.wine", ["yy.alcohol.wine", "begin with 'zz'"]),
        ("faq/alcohol.yml", "title: How", "titel: How", ["titel"]),
        ("figures.yml", "unit: L", "unit: pint", ["zz.wine.litres", "unit", "pint"]),
        ("figures.yml", "value: 18", "value: eighteen", ["zz.wine.litres", "eighteen"]),
        ("figures.yml", "value: 18", "value: null", ["zz.wine.litres", "unknown"]),
        ("figures.yml", "from: 2026-07-01", "from: 2026-06-01", ["zz.wine.litres", "overlap"]),
        ("figures.yml", "until: 2026-06-30, ", "", ["zz.wine.litres", "no end"]),
        ("figures.yml", "{from: 2026-07-01, value: 18}", "{from: 2027-07-01, value: 18}", ["no value for 2026-11-21"]),
        ("figures.yml", "source: page", "source: book", ["book", "sources.yml"]),
        ("figures.yml", "status: verified", "status: conflicting", ["conflicting", "conflict"]),
        ("sources.yml", "2026-01-02", "2027-01-02", ["page", "checked", "future"]),
        ("sources.yml", "https://customs.example.org/limits", "customs limits", ["page", "url"]),
        ("administration.yml", "id: zz", "id: yy", ["yy", "zz"]),
        ("administration.yml", "currency: GBP", "currency: pounds", ["currency", "pounds"]),
        ("administration.yml", "sources: [page]", "sources: [nowhere]", ["zz.contact.line", "nowhere"]),
        ("administration.yml", "format: 1", "format: 2", ["format"]),
        ("faq/cash.yml", "answer: Yes", "answer: Yes: no", ["cash.yml", "YAML"]),
    ],
)
def test_a_fault_is_named(pack_folder: Path, file: str, old: str, new: str, words: list[str]) -> None:
    spoil(pack_folder, file, old, new)
    found = errors(pack_folder)
    assert any(all(word in line for word in words) for line in found), found


def test_a_missing_file_is_named(pack_folder: Path) -> None:
    (pack_folder / "figures.yml").unlink()
    assert any("figures.yml" in line and "missing" in line for line in errors(pack_folder))


def test_a_file_that_is_not_utf8_is_named(pack_folder: Path) -> None:
    (pack_folder / "faq" / "cash.yml").write_bytes(b"topic: caf\xe9")
    assert any("UTF-8" in line for line in errors(pack_folder))


@pytest.mark.parametrize("value", ["2026-02-30", "[" * 3000 + "]" * 3000, "2026-13-01", "!!int x"])
def test_a_value_that_yaml_cannot_make_is_named(pack_folder: Path, value: str) -> None:
    spoil(pack_folder, "sources.yml", "2026-01-02", value)
    (line,) = errors(pack_folder)
    assert "sources.yml" in line and ("Mend the YAML" in line or "checked" in line)


def test_warnings_do_not_count_as_errors(pack_folder: Path) -> None:
    spoil(pack_folder, "faq/cash.yml", "2030-01-01", "2026-01-01")
    spoil(pack_folder, "figures.yml", "status: verified\n  - id", "status: unverified\n  - id")
    faults = check_pack(pack_folder, TODAY)
    assert {fault.level for fault in faults} == {"warning"}
    assert any("Review is due" in fault.remedy for fault in faults)
    assert any("not published" in fault.remedy for fault in faults)


def test_an_unused_figure_is_a_warning(pack_folder: Path) -> None:
    spoil(pack_folder, "faq/cash.yml", "{zz.cash.over}", "{=some amount}")
    assert [(fault.item, fault.value) for fault in check_pack(pack_folder, TODAY)] == [("zz.cash.over", "unused")]


def test_arabic_digits_are_digits_too(pack_folder: Path) -> None:
    spoil(pack_folder, "faq/cash.yml", "on.", "on ٥.")
    assert any("٥" in line for line in errors(pack_folder))


def test_too_long_an_answer(pack_folder: Path) -> None:
    spoil(pack_folder, "faq/cash.yml", "on.", "on." + " So it is." * 42)
    assert [(fault.level, fault.key) for fault in check_pack(pack_folder, TODAY)] == [("warning", "answer")]
    spoil(pack_folder, "faq/cash.yml", "So it is. So it is.", "So it is. So it is. So it is.")
    assert any("words" in line for line in errors(pack_folder))


HARD = (
    "Notwithstanding the aforementioned administrative considerations, individuals transporting substantial "
    "monetary instruments internationally are unconditionally obligated to communicate comprehensive "
    "documentation to the responsible supervisory administration immediately."
)


def test_a_hard_answer_is_a_warning(pack_folder: Path) -> None:
    spoil(pack_folder, "faq/cash.yml", "on.", f"on. {HARD}")
    (fault,) = check_pack(pack_folder, TODAY)
    assert (fault.level, fault.item, fault.key) == ("warning", "zz.cash.declare", "answer") and "grade" in fault.value


TRANSLATION = """\
    translations:
      fr: {title: Combien de vin, answer: "Oui, {zz.wine.litres}.", of: ''}
"""


def test_a_translation_is_stamped_and_goes_stale(pack_folder: Path) -> None:
    path = pack_folder / "faq" / "alcohol.yml"
    block = TRANSLATION.replace(
        "{title: Combien de vin, answer: ", "\n        title: Combien de vin\n        answer: "
    ).replace(", of: ''}", "\n        of: ''")
    path.write_text(path.read_text() + block)
    assert any("stamp" in fault.remedy for fault in check_pack(pack_folder, TODAY))
    assert stamp_translations(pack_folder) == 1
    assert check_pack(pack_folder, TODAY) == []
    assert read_pack(pack_folder).entries["zz.alcohol.wine"].translations["fr"].of
    spoil(pack_folder, "faq/alcohol.yml", "still wine", "only still wine")
    assert any("original changed" in fault.remedy for fault in check_pack(pack_folder, TODAY))
    assert stamp_translations(pack_folder) == 0, "a stale mark is for the translator to renew"


def test_a_translation_with_other_figures(pack_folder: Path) -> None:
    path = pack_folder / "faq" / "alcohol.yml"
    path.write_text(path.read_text() + TRANSLATION.replace("{zz.wine.litres}", "{zz.cash.over}"))
    assert any("translations.fr" in line and "same figures" in line for line in errors(pack_folder))
