"""Thresholds and strict shares, with cases that can be counted by hand."""

from __future__ import annotations

import pytest

from benchmarks.selective import choose_threshold, finding, judge, replying
from knowledge_base.evaluation import Labelled


def question(number: int, answerable: bool = True) -> Labelled:
    expect = ("answered", None, ("zz.a.b",)) if answerable else ("declined", "out_of_scope", ())
    return Labelled(f"q{number}", "?", "zz", "en", *expect, must=(), must_not=(), group="zz")


RIGHT, SECOND, WRONG = [("zz.a.b", 0.0)], [("zz.c.d", 0.0), ("zz.a.b", 0.0)], [("zz.c.d", 0.0)]


def judged(*cases: tuple[float, list, bool]) -> list:
    return [
        judge(question(number, answerable), [(entry, score) for entry, _ in ranking])
        for number, (score, ranking, answerable) in enumerate(cases)
    ]


def test_a_ranking_is_judged_by_its_first_entry_and_the_facts_it_must_hold() -> None:
    one = question(1)
    assert judge(one, RIGHT).right and judge(one, RIGHT).place == 1
    assert not judge(one, SECOND).right and judge(one, SECOND).place == 2
    lacking = judge(one, RIGHT, frozenset({("q1", "zz.a.b")}))
    assert not lacking.right and lacking.place == 1, "found, but its answer lacks a figure"
    assert judge(one, [(f"zz.x.{n}", 0.0) for n in range(5)] + RIGHT).place == 0, "the sixth is not looked at"
    assert judge(one, []).score == float("-inf")


def test_the_threshold_lets_most_answers_out_without_too_many_wrong_ones() -> None:
    cases = judged((0.9, RIGHT, True), (0.8, RIGHT, True), (0.7, WRONG, True), (0.6, RIGHT, True), (0.5, WRONG, False))
    assert choose_threshold(cases, most_wrong=0.0) == 0.8
    assert choose_threshold(cases, most_wrong=0.2) == 0.6, "one of five may be wrong"
    assert choose_threshold(cases, most_wrong=1.0) == 0.6, "a lower one brings nothing"


def test_equal_scores_stand_or_fall_together() -> None:
    assert choose_threshold(judged((0.9, RIGHT, True), (0.9, WRONG, True)), most_wrong=0.0) == float("inf")


def test_an_answer_to_what_has_none_counts_as_wrong() -> None:
    cases = judged((0.9, RIGHT, False), (0.8, RIGHT, True))
    assert not cases[0].question.answerable
    shares = replying(cases, 0.85)
    assert shares["answered_outside"][0] == 1.0 and shares["silent"][0] == 1.0 and shares["right"][0] == 0.0


def test_shares_add_up() -> None:
    cases = judged((0.9, RIGHT, True), (0.8, WRONG, True), (0.3, RIGHT, True), (0.2, SECOND, True), (0.1, WRONG, False))
    shares = {name: of[0] for name, of in replying(cases, 0.5).items()}
    assert shares == {"right": 0.25, "wrong": 0.25, "silent": 0.5, "answered_outside": 0.0}
    found = {name: of[0] for name, of in finding(cases).items()}
    assert found == {"r1": 0.5, "r5": 0.75, "mrr": pytest.approx(0.625)}
