"""Counts over the store, worked out by hand, and the CSV files made of them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.asked import AskedTurn, Store
from knowledge_base.asked import reports
from knowledge_base.asked.csv_file import csv_of, safe
from knowledge_base.asked.reports import Filters, Span

MONDAY = 1_794_787_200.0  # 2026-11-16T00:00Z
HOUR = 3600.0
TOPICS = {"gb.alcohol.allowance": "alcohol", "ae.cash.declare": "cash"}
ROWS = [
    # hours, person, outcome, reason, administration, language, channel, entry, rating, why
    (1, "a", "answered", None, "gb", "en", "web", "gb.alcohol.allowance", "up", None),
    (2, "a", "answered", None, "gb", "en", "web", "gb.alcohol.allowance", None, None),
    (3, "b", "answered", None, "gb", "fr", "telegram", "gb.alcohol.allowance", "down", "outdated"),
    (26, "c", "declined", "no_guidance", "ae", "ar", "telegram", None, None, None),
    (27, "c", "calculated", None, "ae", "ar", "telegram", "ae.cash.declare", "down", None),
    (28, "d", "smalltalk", None, None, "en", "web", None, None, None),
    (170, "d", "failed", "timeout", None, "en", "web", None, None, None),
]
WEEKS = Span(MONDAY, MONDAY + 14 * 24 * HOUR, "week")


@pytest.fixture
def store(place):
    store = Store(place)
    store.add(
        AskedTurn(f"t{n}", MONDAY + hours * HOUR, person, channel, "=said", False, outcome, reason, language, administration, entry,
                  rating=rating, rating_reason=why)
        for n, (hours, person, outcome, reason, administration, language, channel, entry, rating, why) in enumerate(ROWS)
    )  # fmt: skip
    yield store
    store.close()


def counted(store, filters: Filters = Filters(), span: Span = WEEKS) -> list:  # noqa: B008 - frozen
    return reports.turns_of(store, span, filters, TOPICS)


def test_outcomes_over_weeks_and_days(store):
    first, second = reports.outcomes_over_time(counted(store), WEEKS)
    assert (first["step"], first["questions"], first["people"]) == ("2026-11-16", 5, 3)
    assert (first["answered"], first["calculated"], first["declined"], first["failed"]) == (3, 1, 1, 0)
    assert (second["step"], second["questions"], second["failed"]) == ("2026-11-23", 1, 1)
    days = Span(MONDAY + HOUR, MONDAY + 49 * HOUR)
    rows = reports.outcomes_over_time(counted(store, span=days), days)
    assert [(row["step"], row["questions"]) for row in rows] == [
        ("2026-11-16", 3),
        ("2026-11-17", 2),
        ("2026-11-18", 0),
    ]


@pytest.mark.parametrize(
    ("dimension", "value", "questions", "people", "unanswered"),
    [
        ("administration", "gb", 3, 2, 0.0),
        ("administration", "ae", 2, 1, 50.0),
        ("administration", "none", 1, 1, 100.0),
        ("language", "ar", 2, 1, 50.0),
        ("channel", "telegram", 3, 2, 33.3),
        ("topic", "alcohol", 3, 2, 0.0),
        ("topic", "none", 2, 2, 100.0),
    ],
)
def test_by_administration_language_channel_and_topic(store, dimension, value, questions, people, unanswered):
    (row,) = [row for row in reports.by_dimension(counted(store), dimension) if row[dimension] == value]
    assert (row["questions"], row["people"], row["unanswered_percent"]) == (questions, people, unanswered)


def test_an_unknown_dimension_is_refused(store):
    with pytest.raises(ValueError, match="channel"):
        reports.by_dimension([], "person")


def test_filters_take_only_what_fits(store):
    assert len(counted(store, Filters(administration="gb", language="en"))) == 2
    assert len(counted(store, Filters(topic="cash"))) == 1
    assert counted(store, Filters(outcome="handed_over")) == []


def test_top_answers_by_people_failures_and_feedback(store):
    turns = counted(store)
    top = reports.top_entries(turns)
    assert [(row["entry"], row["people"], row["questions"], row["up"], row["down"]) for row in top] == [
        ("gb.alcohol.allowance", 2, 3, 1, 1), ("ae.cash.declare", 1, 1, 0, 1),
    ]  # fmt: skip
    assert reports.failures(turns) == [{"reason": "timeout", "questions": 1, "people": 1, "last": "2026-11-23T02:00Z"}]
    rows = {row["entry"]: row for row in reports.feedback(turns)}
    assert rows["gb.alcohol.allowance"]["outdated"] == 1 and rows["ae.cash.declare"]["down"] == 1


@pytest.mark.parametrize(
    ("seconds", "hours"), [([], None), ([3600], 1.0), ([3600, 7200, 36000], 2.0), ([3600, 7200], 1.5)]
)
def test_the_median_of_turnarounds(seconds, hours):
    assert reports.median_hours(seconds) == hours


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", " =1", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text):
    (_, cell) = csv.reader(io.StringIO(csv_of([{"said": text}], ["said"])[1:]))
    assert cell[0].startswith("'")


def test_numbers_stay_numbers_and_titles_can_be_given():
    text = csv_of([{"n": -3, "who": None}], ["n", "who"], {"n": "Number"})
    assert text == "\ufeffNumber,who\r\n-3,\r\n"


@given(st.text())
def test_any_text_comes_back_from_the_file(text):
    (_, cell) = csv.reader(io.StringIO(csv_of([{"said": text}], ["said"])[1:], newline=""))
    assert cell[0] in {text, f"'{text}"}
    assert safe(text) == cell[0]
