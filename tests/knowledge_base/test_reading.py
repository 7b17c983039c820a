"""How hard an answer is to read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.packs import read_pack
from knowledge_base.reading import entry_grade, grade_of, sentences

EASY = "You may bring wine. Keep the bill with you. Show it when you are asked. If you have more, you must tell us. Then you pay tax."
HARD = (
    "Notwithstanding the aforementioned exemption, travellers transporting alcoholic beverages exceeding the applicable "
    "quantitative limitation remain unconditionally responsible for submitting a comprehensive declaration immediately."
)


def test_easy_words_are_for_children_and_hard_ones_are_not() -> None:
    easy, hard = grade_of(EASY), grade_of(HARD)
    assert easy is not None and hard is not None
    assert easy < 5 and hard > 14


def test_each_item_of_a_list_is_a_sentence() -> None:
    text = "Bring one of these:\n\n- a litre of wine\n- two litres of beer\n\nNot both. It is U.S. law."
    assert sentences(text) == [
        "Bring one of these:",
        "a litre of wine",
        "two litres of beer",
        "Not both.",
        "It is U.S. law.",
    ]
    items = "- " + "\n- ".join(["a bottle of wine from a shop"] * 8)
    assert grade_of(items) < grade_of(items.replace("\n- ", " and then "))


@pytest.mark.parametrize("text", ["", "Yes.", "Yes, notwithstanding.", "- \n- ", "٣٤٥ نعم", "!!! ??? ..."])
def test_what_is_too_short_is_not_judged(text: str) -> None:
    assert grade_of(text) is None


def test_an_entry_is_read_as_its_readers_get_it(pack_folder: Path) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("on.", f"on. {EASY}"))
    pack = read_pack(pack_folder)
    entry = pack.entries["zz.cash.declare"]
    assert entry_grade(entry, pack.figures, date(2026, 11, 21)) == pytest.approx(
        grade_of(f"Yes, from £10,000 on. {EASY}")
    )
    assert entry_grade(entry, {}, date(2026, 11, 21)) is None, "a missing figure is told elsewhere"
