"""Trying facts finds exactly those that change a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knowledge_base.rules import needs
from knowledge_base.rules.needs import Facts, Tried, try_facts

VALUES = {"a": (0, 1), "b": (0, 1), "c": (0, 1, 2), "alone": (7,)}


def tried(reckon: Callable[[Facts], Any], **known: Any) -> Tried[Any]:
    return try_facts(known, lambda name: VALUES.get(name, ()), reckon, lambda result: result)


def test_a_fact_that_changes_the_result_is_needed() -> None:
    found = tried(lambda facts: facts["a"] + facts["c"])
    assert found.needs == {"a", "c"}
    assert sorted(found.results) == [0, 1, 1, 2, 2, 3]


def test_a_fact_that_is_read_but_changes_nothing_is_not_needed() -> None:
    assert tried(lambda facts: facts["a"] * 0 + facts["b"]).needs == {"b"}


def test_a_fact_that_matters_on_one_way_only_is_needed() -> None:
    found = tried(lambda facts: facts["b"] if facts["a"] else 0)
    assert found.needs == {"a", "b"}


def test_a_fact_that_is_not_reached_is_never_tried() -> None:
    found = tried(lambda facts: facts["b"] if facts["a"] else 0, a=0)
    assert (found.needs, found.results) == (set(), [0])


def test_what_is_known_is_not_tried() -> None:
    assert tried(lambda facts: facts["a"] + facts["b"], a=1).needs == {"b"}


def test_both_facts_of_an_exclusive_or_are_needed() -> None:
    assert tried(lambda facts: facts["a"] ^ facts["b"]).needs == {"a", "b"}


def test_the_usual_value_comes_first_and_one_value_is_not_asked() -> None:
    found = tried(lambda facts: (facts["alone"], facts["a"], facts["nobody knows"]))
    assert found.results[0] == (7, 0, None)
    assert found.needs == {"a"}


def test_too_many_ways_ask_too_much_rather_than_too_little(monkeypatch) -> None:
    monkeypatch.setattr(needs, "MOST", 3)
    found = tried(lambda facts: (facts["a"], facts["b"], facts["c"]))
    assert found.needs == {"a", "b", "c"}


def test_facts_are_a_mapping_of_what_was_looked_at() -> None:
    facts = Facts({"a": 1, "b": None}, lambda name: (5,), {"c": 2})
    assert (facts["a"], facts["b"], facts["c"]) == (1, 5, 2)
    assert facts.reads == {"b": 5}
    assert (set(facts), len(facts)) == ({"a", "b", "c"}, 3)
