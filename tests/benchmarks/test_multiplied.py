"""The multiplied knowledge base: real where it says so, unlike where it must be, and the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.multiplied import ADMINISTRATION, MultipliedEncoder, multiply
from customs.settings import ROOT
from knowledge_base.answer_text import figures_in
from knowledge_base.model import Pack
from knowledge_base.packs import read_pack


class LetterEncoder:
    """A vector of how often each letter stands in a text."""

    id, dimension, gate_dimension = "letters", 26, 26

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_query(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        rows = (
            np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32) + 0.01
        )
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_document = encode_query

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.encode_query(texts)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(ROOT / "knowledge_base" / "content" / "gb")


@pytest.fixture
def encoder(pack: Pack, tmp_path: Path) -> MultipliedEncoder:
    made = MultipliedEncoder(LetterEncoder(), tmp_path / "real.db")
    made.learn([pack])
    return made


def test_there_are_as_many_entries_as_asked_for_and_the_first_are_real(pack: Pack) -> None:
    count = len(pack.entries)
    made = list(multiply([pack], 2 * count + 1).entries.values())
    assert len(made) == 2 * count + 1 and {entry.administration for entry in made} == {ADMINISTRATION}
    for real, first, copy in zip(pack.entries.values(), made, made[count:]):
        assert first.questions == real.questions and first.answer == real.answer
        assert copy.answer != real.answer and set(figures_in(copy.answer)) == set(figures_in(real.answer))
        assert not set(copy.questions["en"]) & set(real.questions["en"])


def test_phrasings_are_cut_where_told(pack: Pack) -> None:
    for entry in multiply([pack], 10, phrasings=3).entries.values():
        assert sum(map(len, entry.questions.values())) == 3


def test_a_copy_is_near_its_original_but_not_it_and_always_the_same(encoder: MultipliedEncoder) -> None:
    real, copy, again, other = encoder.encode_query(
        ["how much wine", "how much wine ⟦900⟧", "how much wine ⟦900⟧", "how much wine ⟦901⟧"]
    )
    assert np.allclose(np.linalg.norm([real, copy, other], axis=1), 1, atol=1e-5)
    assert np.array_equal(copy, again)
    assert 0.5 < real @ copy < 0.9999 and copy @ other < 0.9999
    one, two = encoder.encode_query(["how much wine ⟦900⟧", "which wine ⟦900⟧"])
    alone = encoder.encode_query(["how much wine", "which wine"])
    shifts = np.array([one, two]) - alone
    cosine = shifts[0] @ shifts[1] / np.linalg.norm(shifts[0]) / np.linalg.norm(shifts[1])
    assert cosine > 0.5, "the ways of asking of a copy move together"


def test_an_answer_takes_its_titles_vector_place(encoder: MultipliedEncoder) -> None:
    first, second = encoder.encode_document(["Wine ⟦900⟧ four litres", "Wine ⟦900⟧ six other words"])
    assert first @ second > 0.99


def test_a_question_from_outside_goes_to_the_real_encoder(encoder: MultipliedEncoder) -> None:
    before = len(encoder.real.asked)
    for _ in range(2):
        encoder.encode_query(["may i bring cheese"])
    assert encoder.real.asked[before:] == ["may i bring cheese"] * 2, "each time: that is what is measured"
