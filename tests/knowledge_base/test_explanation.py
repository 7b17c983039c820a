"""Why a question got its verdict, in words: on vectors of one axis a keyword (fakes.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge_base.explanation import explain_verdict
from knowledge_base.search import (
    ANSWER_ANYWAY_AT,
    ANSWER_AT,
    ASK_BACK_AT,
    IN_SCOPE_AT,
    OFFER_ANYWAY_AT,
    Question,
    Searcher,
)
from tests.knowledge_base.fakes import AxisEncoder, entry, release, shelf

WORDS = ("wine", "beer", "cash", "gold", "dog")


def searcher(*names: str) -> Searcher:
    shelves = [shelf(name, [entry(f"{name}.goods.{word}", word) for word in WORDS]) for name in names]
    return Searcher(release(*shelves), AxisEncoder())


def why(text: str, of: Searcher | None = None, **more) -> str:
    of = of or searcher("zz")
    found = of.search(Question(text, **({"administration": "zz", "date": date(2026, 11, 21)} | more)))
    return "\n".join(explain_verdict(found, of.release))


def test_an_answer_names_what_matched_how_near_and_what_decided() -> None:
    told = why("may i bring gold")
    assert "Answered with zz.goods.gold." in told
    assert "Nearest is zz.goods.gold ('What about gold?') by its phrasing 'gold limit': likeness 1.00 of 1" in told
    assert "Second is zz.goods." in told and "farther in its questions by 1.25, its answer by 1.25" in told
    assert "both decided" in told
    assert "add a phrasing like 'may i bring gold' to that entry's questions" in told
    assert "knowledge_base/content/zz/faq/goods.yml" in told


def test_two_alike_are_told_to_be_alike_and_how_to_part_them() -> None:
    told = why("wine and cash")
    assert told.startswith("Asked back which is meant: zz.goods.")
    assert "as near in every part, so the two can hardly be told apart" in told
    assert f"too little to show it, from {ANSWER_AT:.0%} on it is: that decided." in told
    assert "answer at once: add a phrasing like 'wine and cash' to its questions in knowledge_base/content/zz" in told


def test_no_guidance_says_how_far_and_to_write_one() -> None:
    told = why("what about fireworks")
    assert told.startswith("Declined: it is a customs question, but no entry is near enough.")
    assert f"from {ASK_BACK_AT:.0%} on it would be offered" in told
    assert "If no entry does: write one; the nearest topic is 'goods'." in told


@pytest.mark.parametrize(
    ("text", "kind"),
    [("do i need a visa", "a question outside customs"), ("where do i hide it", "a question how to get round the law")],
)
def test_the_gate_is_named_with_its_share_and_the_file_of_examples(text: str, kind: str) -> None:
    told = why(text)
    assert told.startswith(f"Declined as {kind}.")
    assert f"and for {kind} with " in told and f"below {IN_SCOPE_AT:.0%} it is declined, and that decided." in told
    assert "add it to in_scope in knowledge_base/scope/in_scope.yml" in told
    assert (f"An entry that is {OFFER_ANYWAY_AT:.0%} sure" in told) == (kind == "a question outside customs")


def test_without_a_country_it_says_that_the_country_decides() -> None:
    told = why("may i bring gold", searcher("zz", "yy"), administration=None)
    assert told.startswith("Asked back whose rules are meant (zz, yy)")
    assert "add what people call it to `called`" in told


def test_without_an_entry_to_compare_it_says_so() -> None:
    empty = Searcher(release(shelf("zz", [])), AxisEncoder())
    told = why("may i bring gold", empty)
    assert "No entry of zz holds on 2026-11-21 for this reader" in told
    assert "write an entry in knowledge_base/content/zz/faq" in told


def test_a_gate_that_was_overruled_is_told() -> None:
    told = why("wine visa")
    assert told.startswith("Answered with zz.goods.wine.")
    assert f"which is not sure, but an entry that fits with {ANSWER_ANYWAY_AT:.0%} or more is shown" in told


def test_every_sentence_ends_and_none_is_empty() -> None:
    for text in ("gold", "wine cash", "wine hide", "visa dog", "", "🎁"):
        assert all(line.strip() and line.endswith(".") for line in why(text).splitlines())


def test_what_was_read_otherwise_than_written_is_told() -> None:
    assert "Read, slips repaired and plain names beside slang, as 'plonk (wine) allowed'." in why("plonk alowed")
    assert "Read, " not in why("wine limit")


def test_it_says_when_telling_the_nearest_apart_decided() -> None:
    asked = {"zz.boats.arrival": "wine beer cash", "zz.boats.departure": "wine beer cash gold"}
    entries = [
        entry(name, words, questions={"en": [f"{words} {more}".strip() for more in ("", "", "dog")]})
        for name, words in asked.items()
    ]
    of = Searcher(release(shelf("zz", entries)), AxisEncoder())
    assert "By likeness alone" not in why("wine beer cash gold", of)
    found = of.search(Question("wine gold", "zz", date=date(2026, 11, 21)))
    first, second = found.candidates
    assert first.apart == pytest.approx(-second.apart) and abs(first.apart) > 0.02
    moved = replace(found, candidates=(replace(first, score=second.score, apart=1.0), replace(second, apart=-1.0)))
    told = "\n".join(explain_verdict(moved, of.release))
    assert "farther in" in told and "what their questions do not have in common by 2.00" in told
    assert f"By likeness alone {second.entry.id} would have come first" in told
