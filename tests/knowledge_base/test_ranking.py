"""How scores are put together, on vectors that can be worked out by hand; and what a calibration learns from them."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.index import calibration
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


def similarities(questions, answers, centres) -> Similarities:
    return Similarities(*(np.array(part, dtype=np.float32) for part in (questions, answers, centres)))


def test_the_score_is_the_weighted_sum_of_its_parts() -> None:
    # Entry 0 has four questions: its three nearest count, (0.9 + 0.6 + 0.3) / 3 = 0.6. Entry 1 has one: 0.5.
    found = rank(
        similarities([0.9, 0.0, 0.3, 0.6, 0.5], [0.1, 0.2], [0.4, 0.3]),
        rows_by_entry(np.array([0, 0, 0, 0, 1]), 2),
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
        similarities([0.95, 0.1, 0.1, 0.7, 0.7, 0.7], [0.0, 0.0], [0.0, 0.0]),
        rows_by_entry(np.array([0, 0, 0, 1, 1, 1]), 2),
        np.zeros(2),
    )
    assert found.order()[0] == 1


def test_an_excluded_entry_is_not_found_and_not_counted() -> None:
    found = rank(
        similarities([0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]),
        rows_by_entry(np.arange(3), 3),
        np.zeros(3),
        np.array([False, True, True]),
    )
    assert found.order().tolist() == [1, 2]
    margin, lead, agreement = found.features(1)
    assert margin == pytest.approx(found.score[1] - found.score[2]) and lead > 0.9 and agreement == 1.0


def test_features_tell_a_clear_winner_from_a_tie() -> None:
    rows = rows_by_entry(np.arange(2), 2)
    clear = rank(similarities([0.9, 0.1], [0.9, 0.1], [0.9, 0.1]), rows, np.zeros(2)).features(0)
    tie = rank(similarities([0.5, 0.4], [0.4, 0.5], [0.5, 0.5]), rows, np.zeros(2))
    tied = tie.features(int(tie.order()[0]))
    assert clear[FEATURES.index("margin")] == pytest.approx(0.8 * (QUESTION_WEIGHT + ANSWER_WEIGHT + CENTRE_WEIGHT))
    assert tied[FEATURES.index("margin")] < 0.05 and tied[FEATURES.index("lead")] < 0.7 < clear[FEATURES.index("lead")]
    assert clear[FEATURES.index("agreement")] == 1.0 > tied[FEATURES.index("agreement")]


def test_an_entry_alone_has_nobody_to_beat() -> None:
    found = rank(similarities([0.2], [0.2], [0.2]), rows_by_entry(np.array([0]), 1), np.zeros(1))
    assert found.features(0) == pytest.approx([1.0, 1.0, 1.0])


def test_an_entry_without_questions_is_far_away_but_has_an_answer() -> None:
    found = rank(similarities([0.3], [0.1, 0.9], [0.3, 0.0]), rows_by_entry(np.array([0]), 2), np.zeros(2))
    assert found.nearest == pytest.approx([0.3, -1.0]) and np.isfinite(found.score).all()


def unit(*rows) -> np.ndarray:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def test_the_bank_evens_out_ways_of_asking() -> None:
    # Axes: wine, cash, voice. Both entries are asked in two voices, so the third axis says nothing of the subject.
    questions = unit([1, 0, 1.5], [1, 0, -1.5], [0, 1, 1.5], [0, 1, -1.5])
    bank = Bank(questions, np.array([0, 0, 1, 1]), unit([1, 0, 0], [0, 1, 0]))
    asked = unit([0.9, 0, 1.5])[0]
    before = questions @ asked
    after = bank.compare(asked).questions
    assert before[2] > before[1], "raw, the other subject in the same voice is nearer"
    assert after[1] - after[2] > before[1] - before[2] + 0.2, "evened out, it falls back"


def test_a_bank_without_spread_is_only_centred() -> None:
    bank = Bank(unit([1, 0], [0, 1]), np.array([0, 1]), unit([1, 0], [0, 1]))
    assert bank.compare(unit([1, 0])[0]).questions == pytest.approx([1.0, -1.0])


def test_an_empty_bank_compares_with_nothing() -> None:
    bank = Bank(np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=int), unit([1, 0]))
    found = bank.compare(unit([1, 0])[0])
    assert found.questions.shape == (0,) and found.answers.shape == (1,)


def test_calibration_learns_that_a_lead_means_right() -> None:
    random = np.random.default_rng(1)
    subjects = np.eye(6, dtype=np.float32)
    owner = np.repeat(np.arange(6), 5)
    questions = unit(*(subjects[owner] + random.normal(0, 0.25, (30, 6))))
    features, labels, right = calibration.leave_one_out(questions, owner, subjects, np.zeros((30, 6)))
    assert len(features) == len(labels) == 60 and right > 0.8
    fitted = calibration.fit(features, labels)
    assert fitted.probability(np.array([0.9, 0.99, 1.0])) > 0.7 > 0.3 > fitted.probability(np.array([0.01, 0.3, 0.3]))
    again = calibration.Calibration.from_arrays(fitted.to_arrays())
    assert again.probability(features[0]) == pytest.approx(fitted.probability(features[0]))


def test_leaving_one_out_really_takes_the_question_away() -> None:
    # Each entry has one question; without it nothing but the (same) answer is left of it, so another must come on top.
    vectors = unit([1, 0, 0], [0.9, 0.3, 0], [0, 0, 1])
    answers = unit([0, 1, 0], [0, 1, 0], [0, 1, 0])
    _, labels, right = calibration.leave_one_out(vectors, np.arange(3), answers, np.zeros((3, 3)))
    assert right == 0.0 and labels.tolist() == [0] * 6


def test_a_bank_too_small_to_learn_from_trusts_the_margin() -> None:
    fitted = calibration.fit(np.zeros((0, len(FEATURES))), np.zeros(0))
    assert fitted.probability(np.array([1.0, 0, 0])) > 0.5 >= fitted.probability(np.array([0.0, 0, 0]))


def test_words_in_common() -> None:
    lexical = Lexical.build(["Wine and beer limits", "Form 6059B for cash", "Dogs"])
    assert lexical.scores("my form 6059").argmax() == 1
    assert lexical.scores("the of and how much").tolist() == [0, 0, 0]
    assert lexical.scores("wine beer")[0] == 1.0 and lexical.scores("wine")[0] == 0.5, "one word is weak evidence"
