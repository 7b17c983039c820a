"""How scores are put together, on vectors that can be worked out by hand; and what a calibration learns from them."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from knowledge_base.index import calibration, ranking
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.ranking import (
    ANSWER_WEIGHT,
    CENTRE_WEIGHT,
    FEATURES,
    LEXICAL_WEIGHT,
    QUESTION_WEIGHT,
    Bank,
    Similarities,
    rank,
    rows_by_entry,
)


def similarities(questions, answers, centres, owner=None) -> Similarities:
    """questions: to all of them, in a row; owner: the entry of each, one apiece by default."""
    rows = rows_by_entry(np.arange(len(questions)) if owner is None else np.array(owner), len(answers))
    padded = np.append(np.array(questions, dtype=np.float32), np.float32(np.nan))[rows]
    parts = (np.array(part, dtype=np.float32) for part in (answers, centres))
    return Similarities(np.arange(len(answers)), padded, *parts)


def test_the_score_is_the_weighted_sum_of_its_parts() -> None:
    # Entry 0 has four questions: its three nearest count, (0.9 + 0.6 + 0.3) / 3 = 0.6. Entry 1 has one: 0.5.
    found = rank(
        similarities([0.9, 0.0, 0.3, 0.6, 0.5], [0.1, 0.2], [0.4, 0.3], [0, 0, 0, 0, 1]),
        np.array([1.0, 0.0]),
    )
    assert found.nearest == pytest.approx([0.6, 0.5])
    assert found.score[0] == pytest.approx(
        QUESTION_WEIGHT * 0.6 + ANSWER_WEIGHT * 0.1 + CENTRE_WEIGHT * 0.4 + LEXICAL_WEIGHT
    )
    assert found.score[1] == pytest.approx(QUESTION_WEIGHT * 0.5 + ANSWER_WEIGHT * 0.2 + CENTRE_WEIGHT * 0.3)
    assert found.order().tolist() == [0, 1]


def test_one_lucky_phrasing_does_not_beat_three_good_ones() -> None:
    found = rank(
        similarities([0.95, 0.1, 0.1, 0.7, 0.7, 0.7], [0.0, 0.0], [0.0, 0.0], [0, 0, 0, 1, 1, 1]),
        np.zeros(2),
    )
    assert found.order()[0] == 1


def test_an_excluded_entry_is_not_found_and_not_counted() -> None:
    found = rank(
        similarities([0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]),
        np.zeros(3),
        np.array([False, True, True]),
    )
    assert found.order().tolist() == [1, 2]
    margin, lead, agreement = found.features(1)
    assert margin == pytest.approx(found.score[1] - found.score[2]) and lead > 0.9 and agreement == 1.0


def test_the_features_of_every_entry_are_those_of_the_formula() -> None:
    chance = np.random.default_rng(3)
    parts = chance.uniform(-1, 1, (3, 12))
    parts[:, 4] = parts[:, 7]  # a tie
    for allowed in (None, chance.random(12) < 0.6, np.arange(12) == 5):
        found = rank(similarities(*parts), np.zeros(12), allowed)
        kept = np.isfinite(found.score)
        for entry in np.flatnonzero(kept):
            others = found.score[kept & (np.arange(12) != entry)]
            margin = found.score[entry] - others.max() if len(others) else 1.0
            lead = 1 / np.exp((found.score[kept] - found.score[entry]) / ranking._TEMPERATURE).sum()
            firsts = [part[entry] == part[kept].max() for part in (found.nearest, found.answer, found.centre)]
            assert found.features(entry) == pytest.approx([margin, lead, np.mean(firsts)], rel=1e-5)


def test_features_tell_a_clear_winner_from_a_tie() -> None:
    clear = rank(similarities([0.9, 0.1], [0.9, 0.1], [0.9, 0.1]), np.zeros(2)).features(0)
    tie = rank(similarities([0.5, 0.4], [0.4, 0.5], [0.5, 0.5]), np.zeros(2))
    tied = tie.features(int(tie.order()[0]))
    assert clear[FEATURES.index("margin")] == pytest.approx(0.8 * (QUESTION_WEIGHT + ANSWER_WEIGHT + CENTRE_WEIGHT))
    assert tied[FEATURES.index("margin")] < 0.05 and tied[FEATURES.index("lead")] < 0.7 < clear[FEATURES.index("lead")]
    assert clear[FEATURES.index("agreement")] == 1.0 > tied[FEATURES.index("agreement")]


def test_an_entry_alone_has_nobody_to_beat() -> None:
    found = rank(similarities([0.2], [0.2], [0.2]), np.zeros(1))
    assert found.features(0) == pytest.approx([1.0, 1.0, 1.0])


def test_an_entry_without_questions_is_far_away_but_has_an_answer() -> None:
    found = rank(similarities([0.3], [0.1, 0.9], [0.3, 0.0]), np.zeros(2))
    assert found.nearest == pytest.approx([0.3, -1.0]) and np.isfinite(found.score).all()


def unit(*rows) -> np.ndarray:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def test_the_bank_evens_out_ways_of_asking() -> None:
    # Axes: wine, cash, voice. Both entries are asked in two voices, so the third axis says nothing of the subject.
    questions = unit([1, 0, 1.5], [1, 0, -1.5], [0, 1, 1.5], [0, 1, -1.5])
    bank = Bank.build(questions, np.array([0, 0, 1, 1]), unit([1, 0, 0], [0, 1, 0]))
    asked = unit([0.9, 0, 1.5])[0]
    before = questions @ asked
    after = bank.compare(asked).questions.ravel()
    assert before[2] > before[1], "raw, the other subject in the same voice is nearer"
    assert after[1] - after[2] > before[1] - before[2] + 0.2, "evened out, it falls back"


def test_a_bank_without_spread_is_only_centred() -> None:
    bank = Bank.build(unit([1, 0], [0, 1]), np.array([0, 1]), unit([1, 0], [0, 1]))
    assert bank.compare(unit([1, 0])[0]).questions.ravel() == pytest.approx([1.0, -1.0])


def test_an_empty_bank_compares_with_nothing() -> None:
    bank = Bank.build(np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=int), unit([1, 0]))
    found = bank.compare(unit([1, 0])[0])
    assert np.isnan(found.questions).all() and found.answers.shape == (1,)


def large_bank(entries: int = 1200) -> Bank:
    random = np.random.default_rng(3)
    subjects = unit(*random.normal(0, 1, (entries, 24)))
    owner = np.repeat(np.arange(entries), 3)
    questions = unit(*(subjects[owner] + random.normal(0, 0.1, (3 * entries, 24))))
    return Bank.build(questions, owner, subjects)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return large_bank()


@pytest.mark.parametrize("graph", [False, True], ids=["flat", "graph"])
def test_the_shortlist_of_a_large_bank_holds_what_a_full_comparison_puts_on_top(
    bank: Bank, graph: bool, monkeypatch
) -> None:
    if graph:
        monkeypatch.setattr(ranking, "GRAPH_FROM", 1000)
        bank = large_bank()
        assert isinstance(bank.near, faiss.IndexHNSW)
    random = np.random.default_rng(5)
    asked = unit(*random.normal(0, 1, (40, 24)))
    short = [bank.compare(vector) for vector in asked]
    assert {len(found.entries) for found in short} == {ranking.SHORTLIST}
    monkeypatch.setattr(ranking, "FULL_UNTIL", 10**6)
    for vector, found in zip(asked, short):
        full = rank(bank.compare(vector), np.zeros(bank.size))
        tops = full.entries[full.order()[:3]].tolist()
        ranked = rank(found, np.zeros(bank.size))
        assert ranked.entries[ranked.order()[:3]].tolist() == tops
        assert ranked.score[ranked.order()[:3]] == pytest.approx(full.score[full.order()[:3]], abs=1e-5)


def test_only_allowed_entries_are_compared_and_named_ones_always(bank: Bank) -> None:
    vector = np.ones(24, dtype=np.float32)
    nearest = bank.compare(vector).entries
    allowed = np.ones(bank.size, dtype=bool)
    allowed[nearest] = False
    again = bank.compare(vector, allowed).entries
    assert len(again) == ranking.SHORTLIST and not set(again) & set(nearest)
    far = np.setdiff1d(np.arange(bank.size), np.concatenate([nearest, again]))[0]
    codes = np.zeros(bank.size, dtype=np.float32)
    codes[[far, nearest[0]]] = 1.0
    entries = bank.compare(vector, allowed, codes).entries
    assert far in entries and nearest[0] not in entries, "a named entry is compared, unless it may not be found"


def test_a_saved_bank_compares_alike(bank: Bank, tmp_path: Path) -> None:
    bank.save(tmp_path / "bank")
    opened = Bank.load(tmp_path / "bank")
    vector = np.arange(24, dtype=np.float32)
    for one, other in zip(vars(bank.compare(vector)).values(), vars(opened.compare(vector)).values()):
        assert np.array_equal(one, other, equal_nan=True)
    assert isinstance(opened.questions.base, np.memmap), "the vectors stay in the file"


def test_calibration_learns_that_a_lead_means_right() -> None:
    random = np.random.default_rng(1)
    subjects = np.eye(6, dtype=np.float32)
    owner = np.repeat(np.arange(6), 5)
    questions = unit(*(subjects[owner] + random.normal(0, 0.25, (30, 6))))
    features, labels, right = calibration.leave_one_out(
        Bank.build(questions, owner, subjects), lambda number: np.zeros(6)
    )
    assert len(features) == len(labels) == 60 and right > 0.8
    fitted = calibration.fit(features, labels)
    assert fitted.probability(np.array([1.4, 0.99, 1.0])) > 0.7 > 0.3 > fitted.probability(np.array([0.01, 0.3, 0.3]))
    again = calibration.Calibration.from_arrays(fitted.to_arrays())
    assert again.probability(features[0]) == pytest.approx(fitted.probability(features[0]))


def test_leaving_one_out_really_takes_the_question_away() -> None:
    # Each entry has one question; without it nothing but the (same) answer is left of it, so another must come on top.
    vectors = unit([1, 0, 0], [0.9, 0.3, 0], [0, 0, 1])
    answers = unit([0, 1, 0], [0, 1, 0], [0, 1, 0])
    _, labels, right = calibration.leave_one_out(Bank.build(vectors, np.arange(3), answers), lambda number: np.zeros(3))
    assert right == 0.0 and labels.tolist() == [0] * 6


def test_a_bank_too_small_to_learn_from_trusts_the_margin() -> None:
    fitted = calibration.fit(np.zeros((0, len(FEATURES))), np.zeros(0))
    assert fitted.probability(np.array([1.0, 0, 0])) > 0.5 >= fitted.probability(np.array([0.0, 0, 0]))


def test_words_in_common() -> None:
    lexical = Lexical.build(["Wine and beer limits", "Form 6059B for cash", "Dogs"])
    assert lexical.scores("my form 6059").argmax() == 1
    assert lexical.scores("the of and how much").tolist() == [0, 0, 0]
    assert lexical.scores("wine beer")[0] == 1.0 and lexical.scores("wine")[0] == 0.5, "one word is weak evidence"
