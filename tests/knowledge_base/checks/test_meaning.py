"""Questions that find another entry, twins, and figures that sound the same; with vectors that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.check import checked_pack
from knowledge_base.checks.meaning import Meanings, without_question
from knowledge_base.index.ranking import Bank
from knowledge_base.packs import Fault

TODAY = date(2026, 11, 21)
WORDS = ("wine", "cash", "bottle", "money", "red", "coin", "grape", "bank")


def vectors(kind: str, texts: list[str]) -> np.ndarray:
    """One axis a word, and a last one that is the same for every text."""
    rows = [[float(word in text.lower()) for word in WORDS] + [0.2] for text in texts]
    found = np.array(rows, dtype=np.float32).reshape(len(texts), len(WORDS) + 1)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def write(folder: Path, wine: list[str], cash: list[str]) -> None:
    for name, questions in (("alcohol", wine), ("cash", cash)):
        path = folder / "faq" / f"{name}.yml"
        lines = [
            f"      en: {questions}" if line.strip().startswith("en: [") else line
            for line in path.read_text().splitlines()
        ]
        path.write_text("\n".join(lines) + "\n")


WINE = [
    "wine",
    "wine bottle",
    "red wine",
    "wine grape",
    "bottle of red wine",
    "grape wine red",
    "bottle grape",
    "red grape wine",
]
CASH = ["cash", "cash money", "coin cash", "cash bank", "money coin", "bank money", "bank coin cash", "money cash coin"]


@pytest.fixture
def apart(pack_folder: Path) -> Path:
    """A pack whose two entries are asked for in words of their own."""
    write(pack_folder, WINE, CASH)
    return pack_folder


def faults(folder: Path) -> list[Fault]:
    return list(Meanings(checked_pack(folder, TODAY), vectors).faults())


def test_entries_that_keep_apart_have_no_faults(apart: Path) -> None:
    meanings = Meanings(checked_pack(apart, TODAY), vectors)
    assert list(meanings.faults()) == []
    assert meanings.found == meanings.asked == len(WINE) + len(CASH) + 2, "titles are asked too"


def test_a_question_that_finds_another_entry_is_told(apart: Path) -> None:
    write(apart, [*WINE, "cash money coin bank"], CASH)
    (fault,) = [fault for fault in faults(apart) if fault.remedy.startswith("Finds")]
    assert (fault.level, fault.item, fault.key, fault.value) == (
        "warning", "zz.alcohol.wine", "questions.en", "cash money coin bank",
    )  # fmt: skip
    assert "zz.cash.declare" in fault.remedy


def test_a_question_does_not_find_itself() -> None:
    texts = ["wine", "wine bottle", "cash", "cash coin", "money"]
    bank = Bank.build(
        vectors("query", texts), np.array([0, 0, 1, 1, 2]), vectors("document", ["wine", "cash", "money"])
    )
    found = without_question(bank, 0, np.ones(3, dtype=bool))
    own = found.questions[0][~np.isnan(found.questions[0])]
    assert own == pytest.approx([float(bank.questions[1] @ bank.questions[0])])
    assert found.centres[0] == pytest.approx(float(bank.questions[1] @ bank.questions[0]), abs=1e-5)
    assert np.isnan(without_question(bank, 4, np.ones(3, dtype=bool)).questions[2]).all(), (
        "the only wording of an entry"
    )
    assert without_question(bank, 4, np.ones(3, dtype=bool)).centres[2] == -1.0


def test_a_question_that_stands_nearly_the_same_in_another_entry_is_told(apart: Path) -> None:
    write(apart, [*WINE, "grape bank"], [*CASH, "a bank of grape"])
    told = [fault for fault in faults(apart) if fault.remedy.startswith("Nearly '")]
    assert [(fault.item, fault.value) for fault in told] == [("zz.alcohol.wine", "grape bank")]
    assert "'a bank of grape' of zz.cash.declare" in told[0].remedy


def test_two_entries_that_say_the_same_are_told_with_the_figures_in_which_they_differ(apart: Path) -> None:
    write(apart, WINE, [f"{text} please" for text in WINE])
    path = apart / "faq" / "cash.yml"
    path.write_text(
        path.read_text()
        .replace("Must I declare cash?", "How much wine then?")
        .replace(
            "answer: Yes, from {zz.cash.over} on.", "answer: Yes, wine worth {zz.cash.over}, still wine, not form."
        )
    )
    told = [fault for fault in faults(apart) if "make one of them" in fault.remedy]
    assert [fault.item for fault in told] == ["zz.alcohol.wine"]
    assert "zz.cash.declare" in told[0].remedy and "zz.cash.over, zz.wine.litres" in told[0].remedy


FIGURE = """\
  - id: zz.cash.from
    label: Cash to declare
    currency: GBP
    valid: [{value: 9000}]
    source: page
    status: verified
"""


def test_two_figures_that_sound_the_same_are_told_unless_one_answer_tells_them_apart(apart: Path) -> None:
    (apart / "figures.yml").write_text((apart / "figures.yml").read_text() + FIGURE)
    (fault,) = faults(apart)
    assert (fault.item, fault.key, fault.value) == ("zz.cash.over", "label", "Cash: 10000 GBP")
    assert "zz.cash.from, which is 9000 GBP" in fault.remedy
    path = apart / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("{zz.cash.over} on", "{zz.cash.over} on, not {zz.cash.from}"))
    assert faults(apart) == []


def test_an_entry_whose_time_has_not_come_is_not_asked_for(apart: Path) -> None:
    write(apart, [*WINE, "cash money coin bank"], CASH)
    path = apart / "faq" / "alcohol.yml"
    path.write_text(path.read_text() + "    effective: {from: 2027-01-01}\n")
    assert not [fault for fault in faults(apart) if fault.remedy.startswith("Finds")]


def test_a_pack_whose_answers_cannot_be_filled_in_does_not_stop_it(apart: Path) -> None:
    for name in ("alcohol", "cash"):
        path = apart / "faq" / f"{name}.yml"
        path.write_text(path.read_text().replace("{zz.wine.litres}", "{zz.no}").replace("{zz.cash.over}", "{zz.no}"))
    assert faults(apart) == []
