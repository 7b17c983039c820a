"""Grading, intervals, and the labelled questions themselves: well formed, about entries that exist, and not out of the bank."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from customs.commands.evaluate import FOLDER, Result, as_text, below_thresholds, read_thresholds, summary
from customs.settings import ROOT
from knowledge_base.evaluation import (
    EvaluationError,
    Given,
    Grade,
    Labelled,
    auroc,
    fast_part,
    grade,
    interval,
    plain,
    rank_of,
    read_questions,
)
from knowledge_base.index.scope import read_examples
from knowledge_base.packs import pack_folders, read_pack

CONTENT = ROOT / "knowledge_base" / "content"
NEAR_COPY = 90  # of 100: the same words in another order, or a letter changed


@pytest.fixture(scope="module")
def questions() -> list[Labelled]:
    return read_questions(FOLDER)


@pytest.fixture(scope="module")
def packs() -> list:
    return [read_pack(folder) for folder in pack_folders(CONTENT, ["ae", "gb", "us", "eu"])]


def test_they_name_entries_and_figures_that_exist(questions: list[Labelled], packs: list) -> None:
    entries = {entry for pack in packs for entry in pack.entries}
    figures = {figure for pack in packs for figure in pack.figures}
    for question in questions:
        assert set(question.entries) <= entries, question.id
        named = {word for word in (*question.must, *question.must_not) if word[:3] in {"ae.", "gb.", "us.", "eu."}}
        assert named <= figures, question.id


def test_they_are_many_and_of_every_kind(questions: list[Labelled]) -> None:
    for group in ("ae", "gb", "us", "eu", "languages"):
        assert sum(question.group == group for question in questions) >= 30, group
    assert sum(question.group == "scope" for question in questions) >= 70
    spoken = {question.language for question in questions}
    assert spoken >= {"ar", "en", "es", "fr", "hi", "ru", "ur", "zh", "ar-Latn", "ur-Latn"}
    halves = [question.half for question in questions if not question.held_out]
    assert 0.4 < halves.count("choosing") / len(halves) < 0.6


def near_copies(asked: list[str], known: list[str]) -> list[tuple[int, int]]:
    """The numbers of texts in `asked` and `known` that hold the same words, in whatever order, but for a tenth of their letters."""
    sorted_words = [[" ".join(sorted(plain(text).split())) for text in texts] for texts in (asked, known)]
    found = []
    for start in range(0, len(asked), 100):  # in parts, so that a bank of any size fits the memory
        part = sorted_words[0][start : start + 100]
        scores = process.cdist(
            part, sorted_words[1], scorer=fuzz.ratio, score_cutoff=NEAR_COPY, dtype=np.uint8, workers=-1
        )
        found += [(start + int(one), int(other)) for one, other in zip(*np.nonzero(scores))]
    return found


@pytest.mark.parametrize(
    ("one", "other", "copy"),
    [
        ("How much wine may I bring?", "how much wine may i bring", True),
        ("how much wine may I bring", "wine may i bring, how much", True),
        ("how much wine may i brng home", "how much wine may i bring home", True),
        ("how much wine may i bring", "how much beer may my wife bring", False),
        ("wine", "wine limit at the border", False),
    ],
)
def test_what_counts_as_a_copy(one: str, other: str, copy: bool) -> None:
    assert bool(near_copies([one], ["something else", other])) is copy
    assert near_copies(["something else"] * 250 + [one], [other]) == ([(250, 0)] if copy else [])


def test_none_is_a_copy_of_what_the_search_knows(questions: list[Labelled], packs: list) -> None:
    known = [
        text
        for pack in packs
        for entry in pack.entries.values()
        for texts in entry.questions.values()
        for text in texts
    ]
    known += [entry.title for pack in packs for entry in pack.entries.values()]
    known += [text for text, _ in read_examples(ROOT / "knowledge_base" / "scope")]
    asked = [question.question for question in questions]
    copies = [f"{questions[one].id}: {asked[one]!r} is {known[other]!r}" for one, other in near_copies(asked, known)]
    assert not copies, "\n".join(copies)


def labelled(**more) -> Labelled:
    fields = {
        "id": "q", "question": "?", "administration": "zz", "language": "en", "outcome": "answered", "reason": None,
        "entries": ("zz.a.b",), "must": (), "must_not": (), "group": "zz",
    }  # fmt: skip
    return Labelled(**(fields | more))


def given(outcome: str, reason: str | None = None, entry: str | None = None, offered=(), text: str = "") -> Given:
    return Given(outcome, reason, entry, tuple(offered), text)


OUTSIDE = {"outcome": "declined", "reason": "out_of_scope", "entries": ()}


@pytest.mark.parametrize(
    ("question", "reply", "expected"),
    [
        ({}, given("answered", entry="zz.a.b"), "right"),
        ({}, given("answered", entry="zz.c.d"), "wrong"),
        ({}, given("declined", "no_guidance"), "silent"),
        ({}, given("failed", "error"), "silent"),
        ({}, given("asked_back", "which_entry", offered=["zz.a.b"]), "asked_back"),
        ({}, given("asked_back", "which_fact", entry="zz.a.b"), "right"),
        ({"must": ("4 litres",)}, given("asked_back", "which_fact", entry="zz.a.b"), "asked_back"),
        ({}, given("asked_back", "which_fact", entry="zz.c.d"), "asked_back"),
        (OUTSIDE, given("declined", "out_of_scope"), "right"),
        (OUTSIDE, given("declined", "no_guidance"), "right"),
        (OUTSIDE, given("answered", entry="zz.a.b"), "wrong"),
        (OUTSIDE, given("asked_back", "which_entry"), "asked_back"),
    ],
)
def test_grades(question: dict, reply: Given, expected: str) -> None:
    assert grade(labelled(**question), reply, question.get("must", ())).grade == expected


def test_offered_tells_a_helpful_asking_back_from_another() -> None:
    assert grade(labelled(), given("asked_back", "which_entry", offered=["zz.x.y", "zz.a.b"])).offered
    assert not grade(labelled(), given("asked_back", "which_entry", offered=["zz.x.y"])).offered


def test_the_right_entry_without_the_fact_is_wrong() -> None:
    reply = given("answered", entry="zz.a.b", text="Up to \u20681,٤00\u2069 g are free.")
    assert grade(labelled(), reply, ["1,400"]).grade == "right"
    assert grade(labelled(), reply, ["2,000"]).why == "the answer lacks 2,000"
    assert grade(labelled(), reply, [], ["are free"]).why == "the answer says are free"


def test_intervals_and_areas() -> None:
    assert interval([1.0] * 20) == (1.0, 1.0, 1.0)
    mean, low, high = interval([0.0, 1.0] * 50)
    assert mean == 0.5 and 0.35 < low < 0.5 < high < 0.65
    assert all(map(math.isnan, interval([])))
    assert auroc([3, 2], [1, 2]) == pytest.approx(0.875) and math.isnan(auroc([], [1]))
    assert rank_of(["b"], ["a", "b"]) == 2 and rank_of(["c"], ["a", "b"]) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("questions: [{id: a, question: b, language: en, expect: {outcome: answered}}]", "a needs entries"),
        ("questions: [{id: a, question: b, language: en, expect: {outcome: guessed}}]", "guessed.*answered"),
        ("questions: [{id: a, question: b, language: en, expect: {outcome: declined}, mood: bad}]", "unknown key mood"),
        ("questions: [{id: a, question: b}]", "lacks id, question, language or expect"),
        ("questions: []", "no labelled questions"),
    ],
)
def test_a_faulty_question_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "zz.yml").write_text(text)
    with pytest.raises(EvaluationError, match=message):
        read_questions(tmp_path)


def test_thresholds() -> None:
    report = {"measures": {"answerable_right": [0.7, 0.6, 0.8], "answerable_wrong": [0.04, 0, 0.1]}}
    assert below_thresholds(report, {"least": {"answerable_right": 0.7}, "most": {"answerable_wrong": 0.04}}) == []
    missed = below_thresholds(report, {"least": {"answerable_right": 0.71}, "most": {"answerable_wrong": 0.03}})
    assert len(missed) == 2 and "at least 0.71" in missed[0] and "at most 0.03" in missed[1]
    surely = below_thresholds(report, {"least": {"answerable_right": 0.75}, "most": {"answerable_wrong": 0.03}}, True)
    assert surely == [], "within the interval"
    assert below_thresholds(report, {"least": {"answerable_right": 0.81}}, True)
    with pytest.raises(EvaluationError, match="no measure 'luck'"):
        below_thresholds(report, {"least": {"luck": 1}})
    for part in ("all", "fast"):
        assert set(read_thresholds(FOLDER / "thresholds.yml", part)) == {"least", "most"}


def test_a_misspelt_bound_or_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yml").write_text("all: {lest: {recall_at_1: 0.5}}")
    with pytest.raises(EvaluationError, match="'lest'.*least or most"):
        read_thresholds(tmp_path / "thresholds.yml")
    with pytest.raises(EvaluationError, match="no bounds for 'fast', but for all"):
        read_thresholds(tmp_path / "thresholds.yml", "fast")


QUESTION = "{{id: {id}, question: b, language: en, expect: {{outcome: declined, reason: out_of_scope}}}}"


def test_questions_that_are_held_out_are_read_and_marked(tmp_path: Path) -> None:
    (tmp_path / "held_out").mkdir()
    (tmp_path / "zz.yml").write_text(f"questions: [{QUESTION.format(id='a')}]")
    (tmp_path / "held_out" / "zz.yml").write_text(f"questions: [{QUESTION.format(id='b')}]")
    dev, held_out = read_questions(tmp_path)
    assert dev.half in ("choosing", "reporting") and held_out.half == "held-out"
    (tmp_path / "held_out" / "zz.yml").write_text(f"questions: [{QUESTION.format(id='a')}]")
    with pytest.raises(EvaluationError, match="the id 'a' stands twice"):
        read_questions(tmp_path)


def test_the_fast_part_is_small_fair_and_stays(questions: list[Labelled]) -> None:
    part = fast_part(questions)
    assert 60 <= len(part) <= 110
    assert {q.reason or q.outcome for q in part} == {q.reason or q.outcome for q in questions if not q.held_out}
    assert {q.language for q in part} == {q.language for q in questions if not q.held_out}
    assert fast_part(list(reversed(questions))) == list(reversed(part)), "whatever the order of the files"
    without_one = [question for question in questions if question.id != part[0].id]
    assert len(set(part) - set(fast_part(without_one))) == 1, "one question more or less moves one"
    assert fast_part([labelled(held_out=True)]) == []


def test_the_report_counts_and_lists_failures() -> None:
    asked = given("asked_back", "which_entry", offered=["zz.a.b"])
    results = [
        Result(labelled(id="one"), given("answered", entry="zz.a.b"), Grade("right"), (("zz.a.b", 0.9),), 0.95),
        Result(labelled(id="two", language="ur"), asked, Grade("asked_back", "which_entry", True), (("zz.x.y", 0.2), ("zz.a.b", 0.1)), 0.9),
        Result(labelled(id="three"), given("declined", "no_guidance"), Grade("silent", "declined"), (), 0.5),
        Result(labelled(id="four", **OUTSIDE), given("answered", entry="zz.a.b"), Grade("wrong", "answered zz.a.b"), (("zz.a.b", 0.4),), 0.7),
    ]  # fmt: skip
    report = summary(results)
    measures = {name: values[0] for name, values in report["measures"].items()}
    assert measures["answerable_right"] == pytest.approx(1 / 3, abs=1e-3)
    assert measures["answerable_right_or_offered"] == pytest.approx(2 / 3, abs=1e-3)
    assert measures["recall_at_1"] == pytest.approx(1 / 3, abs=1e-3) and measures["mrr"] == pytest.approx(0.5)
    assert measures["outside_not_answered"] == 0.0
    assert measures["scope_auroc"] == pytest.approx(2 / 3, abs=1e-3), "0.95 and 0.9 lie above 0.7, 0.5 does not"
    assert report["by"]["language"]["ur"] == {
        "right": 0,
        "wrong": 0,
        "silent": 0,
        "asked_back": 1,
        "of which offered": 1,
    }
    text = as_text(results, report, "20260101-00000000")
    assert "WRONG      four" in text and "zz.x.y 20%" in text and "one:" not in text
