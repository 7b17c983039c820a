"""A large bank in which little has changed: what is kept of it, what is worked out anew, and when all of it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index import made_by, renewal, shelf_building
from knowledge_base.index.ranking import Bank, unit
from knowledge_base.index.release import build_release, open_release
from knowledge_base.index.renewal import match_rows, renew
from knowledge_base.model import Pack
from knowledge_base.packs import read_pack
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.test_release import DAY, EXAMPLES, build


def vectors(seed: int, count: int, dimension: int = 12) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, dimension)))


def test_rows_are_matched_by_their_text() -> None:
    assert match_rows(["a", "b", "c"], ["c", "new", "a"]).tolist() == [2, -1, 0]


def test_a_renewed_bank_is_the_bank_of_the_other_questions_in_the_same_space() -> None:
    questions, answers = vectors(1, 40), vectors(2, 5)
    bank = Bank.build(questions, np.repeat(np.arange(5), 8), answers)
    # The second entry has left, the third lost two questions and got one, the last is new.
    kept = np.array([*range(8), *range(16, 22), -1, *range(24, 40), -1, -1])
    owner = np.array([0] * 8 + [1] * 7 + [2] * 8 + [3] * 8 + [4] * 2)
    fresh, told = vectors(3, 3), vectors(4, 5)
    renewed = renew(bank, kept, fresh, owner, told)
    given = np.empty((33, 12), dtype=np.float32)
    given[kept >= 0], given[kept < 0] = questions[kept[kept >= 0]], fresh
    np.testing.assert_allclose(renewed.questions, bank.place(given), atol=1e-6)
    np.testing.assert_allclose(renewed.answers, bank.place(told), atol=1e-6)
    for entry in range(5):
        np.testing.assert_allclose(
            renewed.centres[entry], unit(renewed.questions[owner == entry].sum(axis=0)), atol=1e-6
        )
        assert set(renewed.rows[entry]) - {-1} == set(np.flatnonzero(owner == entry))
    assert renewed.near.ntotal == renewed.size == 5


def change(pack_folder: Path) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("cash limit", "limit for cash", 1))


def test_of_a_large_bank_only_what_is_new_is_learned(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "MOST_RENEWED", 0.1)
    first = open_release(build(pack_folder, encoder, tmp_path), encoder)
    change(pack_folder)
    encoder.encoded.clear()
    with monkeypatch.context() as patched:
        patched.setattr(shelf_building, "_learned", lambda *_: pytest.fail("learned anew"))
        second = open_release(build(pack_folder, encoder, tmp_path), encoder)
    assert encoder.encoded == ["limit for cash"] and second.manifest["counts"]["zz"]["renewed"] == 1
    np.testing.assert_array_equal(second.shelves["zz"].bank.transform, first.shelves["zz"].bank.transform)
    alone = open_release(build(pack_folder, encoder, tmp_path / "alone"), encoder)
    assert second.words == alone.words and second.words != first.words
    assert second.shelves["zz"].question_text == alone.shelves["zz"].question_text
    # Two of eighteen are more than a tenth.
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("limit for cash", "most cash", 1))
    third = open_release(build(pack_folder, encoder, tmp_path), encoder)
    assert third.manifest["counts"]["zz"]["renewed"] == 0
    fresh = open_release(build(pack_folder, encoder, tmp_path / "fresh"), encoder)
    np.testing.assert_array_equal(third.shelves["zz"].bank.questions, fresh.shelves["zz"].bank.questions)


def test_a_small_bank_depends_on_its_content_alone(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path) -> None:
    build(pack_folder, encoder, tmp_path)
    change(pack_folder)
    second, alone = (open_release(build(pack_folder, encoder, tmp_path / name), encoder) for name in ("", "alone"))
    np.testing.assert_array_equal(second.shelves["zz"].bank.questions, alone.shelves["zz"].bank.questions)


def two_packs(pack_folder: Path) -> list[Pack]:
    """The pack, and the same of another administration."""
    pack = read_pack(pack_folder)
    entries = [entry.model_copy(update={"id": entry.id.replace("zz.", "yy.")}) for entry in pack.entries.values()]
    other = {
        "administration": pack.administration.model_copy(update={"id": "yy", "covers": ["YY"]}),
        "entries": {entry.id: entry for entry in entries},
        "topics": {name.replace("zz.", "yy."): topic for name, topic in pack.topics.items()},
    }
    return [pack, pack.model_copy(update=other)]


def test_an_administration_without_a_change_is_taken_over(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = two_packs(pack_folder)[1]
    first = build_release(two_packs(pack_folder), EXAMPLES, encoder, tmp_path, DAY)
    change(pack_folder)
    learned = []
    make = shelf_building._learned
    monkeypatch.setattr(shelf_building, "_learned", lambda *given: learned.append(given) or make(*given))

    def publish() -> Path:
        learned.clear()
        return build_release([read_pack(pack_folder), kept], EXAMPLES, encoder, tmp_path, DAY)

    second = publish()
    assert len(learned) == 1, "only what has changed"
    for path in (first / "yy").rglob("*.npy"):
        np.testing.assert_array_equal(np.load(path), np.load(second / path.relative_to(first)))
    (second / "yy" / "rows.json").write_text("[]")
    assert json.loads((publish() / "yy" / "rows.json").read_text()) and len(learned) == 1, (
        "what is damaged is made anew"
    )


def test_other_code_takes_nothing_over(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs = two_packs(pack_folder)
    build_release(packs, EXAMPLES, encoder, tmp_path, DAY)
    monkeypatch.setattr(made_by, "_BUILT_BY", made_by._BUILT_BY[1:])
    monkeypatch.setattr(shelf_building, "take_over", lambda *_: pytest.fail("taken over"))
    build_release(packs, EXAMPLES, encoder, tmp_path, DAY)
