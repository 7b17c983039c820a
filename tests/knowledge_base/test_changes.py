"""What changes within some weeks: figures with another value, entries that end or begin."""

from __future__ import annotations

from datetime import date

from knowledge_base.changes import entry_changes, figure_changes
from knowledge_base.model import Entry, Figure

DAY = date(2026, 11, 22)


def figure(*valid: dict) -> Figure:
    given = {
        "id": "qm.gift.limit",
        "label": "Gift",
        "unit": "L",
        "valid": list(valid),
        "source": "s",
        "status": "verified",
    }
    return Figure.model_validate(given)


def entry(name: str, **more: object) -> Entry:
    given = {
        "id": f"qm.{name}", "title": name, "audience": "both", "questions": {}, "answer": "x", "sources": ["s"], "review_by": DAY,
    }  # fmt: skip
    return Entry.model_validate(given | more)


def test_a_figure_that_gets_another_value() -> None:
    changing = figure({"until": "2026-12-31", "value": 40}, {"from": "2027-01-01", "value": 60})
    (change,) = figure_changes([changing], DAY)
    assert (change.day, change.before, change.value) == (date(2027, 1, 1), 40, 60)
    assert figure_changes([changing], date(2026, 10, 1)) == [], "too far away"
    assert figure_changes([changing], date(2027, 1, 1)) == [], "it has changed"


def test_a_figure_whose_next_value_is_not_published() -> None:
    (change,) = figure_changes([figure({"until": "2026-12-31", "value": 40})], DAY)
    assert change.value is None and change.day == date(2027, 1, 1)


def test_a_figure_that_stays_the_same_does_not_change() -> None:
    same = figure({"until": "2026-12-31", "value": 40}, {"from": "2027-01-01", "value": 40})
    unknown = figure({"until": "2026-12-31", "value": "unknown"}, {"from": "2027-01-01", "value": 40})
    assert figure_changes([same, unknown, figure({"value": 40})], DAY) == []


def test_an_entry_that_ends_and_what_takes_its_place() -> None:
    old = entry("a.old", effective={"until": "2026-12-31"})
    new = entry("a.new", effective={"from": "2027-01-01"})
    other = entry("b.new", effective={"from": "2027-01-01"})
    topics = {"qm.a.old": "a", "qm.a.new": "a", "qm.b.new": "b"}
    (change,) = entry_changes(old, [old, other, new], topics, DAY)
    assert (change.day, change.ends, change.successor) == (date(2027, 1, 1), True, new)
    (alone,) = entry_changes(old, [old, other], topics, DAY)
    assert alone.ends and alone.successor is None
    assert entry_changes(old, [old, new], topics, date(2026, 10, 1)) == []


def test_a_related_entry_that_begins_beside_one_that_stays() -> None:
    old, new = entry("a.old", related=["qm.a.new"]), entry("a.new", effective={"from": "2026-12-01"})
    unrelated = entry("a.other", effective={"from": "2026-12-01"})
    topics = dict.fromkeys(("qm.a.old", "qm.a.new", "qm.a.other"), "a")
    (change,) = entry_changes(old, [old, new, unrelated], topics, DAY)
    assert (change.day, change.ends, change.successor) == (date(2026, 12, 1), False, new)
