"""Which questions a change moves, what it doubles, what it contradicts; with vectors that a reader can work out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from knowledge_base.index.release import Release
from knowledge_base.model import Figure
from knowledge_base.search import Question, Searcher
from knowledge_base.trying.change import Change
from knowledge_base.trying.contradictions import contradictions
from knowledge_base.trying.near import near_duplicates
from knowledge_base.trying.overlay import Layers
from knowledge_base.trying.remembering import Remembering
from knowledge_base.trying.replay import AskedAgain, may_change, once_each
from knowledge_base.trying.verdicts import EXAMPLE, Asked, dropped, examples, moves, prepare
from tests.knowledge_base.fakes import AxisEncoder, entry, release, shelf

DAY = date.today()
WINE, CASH = entry("xx.goods.wine", "wine"), entry("xx.goods.cash", "cash")
DOG = entry("xx.goods.dog", "dog")


@pytest.fixture
def served() -> Release:
    limit = Figure.model_validate(
        {
            "id": "xx.goods.limit",
            "label": "Wine",
            "unit": "L",
            "valid": [{"value": 4}],
            "source": "page",
            "status": "verified",
        }
    )
    found = shelf("xx", [WINE, CASH], [limit])
    found.sources["page"] = None  # type: ignore[assignment] - only its being there is looked at
    return release(found)


@pytest.fixture
def encoder(tmp_path: Path) -> Remembering:
    return Remembering(AxisEncoder(), tmp_path / "vectors.db")


def over(served: Release, encoder: Remembering, *entries) -> Release:  # noqa: ANN002
    change = Change("xx", {each.id: each for each in entries}, {each.id: "goods" for each in entries})
    return Layers(served, encoder.learn).over(change, DAY)


def asked(text: str, *expected: str) -> Asked:
    return Asked(Question(text, "xx"), expected, EXAMPLE)


def test_a_question_that_finds_its_new_entry_is_better_and_others_are_not_told(served, encoder) -> None:
    layer = over(served, encoder, DOG)
    before, after = Searcher(served, encoder), Searcher(layer, encoder)
    found = moves(
        before, after, [asked("dog limit", DOG.id), asked("wine limit", WINE.id), asked("cash limit", CASH.id)]
    )
    assert [(move.asked.question.text, move.better) for move in found] == [("dog limit", True)]


def test_an_entry_that_gives_its_wordings_up_is_told_as_worse(served, encoder) -> None:
    layer = over(served, encoder, entry(WINE.id, "dog"), entry("xx.goods.taker", "wine"))
    gone = dropped(served, layer, [WINE.id])
    assert {one.question.text for one in gone} >= {"wine limit", "how much wine"}
    found = moves(Searcher(served, encoder), Searcher(layer, encoder), gone)
    assert found and all(move.better is False for move in found)


def test_the_examples_are_the_changed_wordings_and_their_neighbours(served, encoder) -> None:
    layer = over(served, encoder, DOG)
    told = examples(layer, "xx", [DOG.id])
    assert {one.question.text for one in told if one.expected == (DOG.id,)} == {*DOG.questions["en"], DOG.title}
    assert any(one.expected == (WINE.id,) for one in told)
    prepare(told, encoder, Searcher(served, encoder))


def test_a_double_is_named_and_a_stranger_is_not(served, encoder) -> None:
    twin = entry("xx.goods.wine_again", "wine")
    found = near_duplicates(over(served, encoder, twin).shelves["xx"], [twin.id])
    assert [near.entry.id for near in found] == [WINE.id]
    assert near_duplicates(over(served, encoder, DOG).shelves["xx"], [DOG.id]) == []


@pytest.mark.parametrize(("litres", "told"), [("9", True), ("4", False)])
def test_a_number_by_hand_that_is_not_the_figure_s_is_told(served, encoder, litres, told) -> None:
    typed = entry(WINE.id, "wine", answer=f"You may bring {{={litres} litres of wine}}.")
    found = contradictions(over(served, encoder, typed).shelves["xx"], [WINE.id], DAY, encoder.learn)
    assert [each.figure.id for each in found] == (["xx.goods.limit"] if told else [])


@pytest.mark.parametrize(("litres", "told"), [("9", True), ("5", False)])
def test_another_answer_that_says_the_same_with_another_number_is_told(served, encoder, litres, told) -> None:
    one = entry("xx.goods.a", "wine", answer="Adults may bring {=5 litres} of wine home.")
    other = entry("xx.goods.b", "wine", answer=f"Adults may bring {{={litres} litres}} of wine home.")
    found = contradictions(over(served, encoder, one, other).shelves["xx"], [other.id], DAY, encoder.learn)
    assert [each.entry.id for each in found if each.entry] == ([one.id] if told else [])


def test_questions_are_asked_again_once_each_with_their_number() -> None:
    turns = [
        SimpleNamespace(said=said, language="en", administration="xx")
        for said in ("Wine  limit", "wine limit", "cash", " ")
    ]
    assert once_each(turns) == [
        AskedAgain("Wine  limit".replace("  ", " "), "en", "xx", 2),
        AskedAgain("cash", "en", "xx", 1),
    ]


def test_only_what_the_change_touches_may_change(served, encoder) -> None:
    before, after = Searcher(served, encoder), Searcher(over(served, encoder, DOG), encoder)
    assert may_change(AskedAgain("dog limit", "en", "xx"), before, after, set())
    assert not may_change(AskedAgain("wine limit", "en", "xx"), before, before, {DOG.id})
    assert may_change(AskedAgain("wine limit", "en", "xx"), before, before, {WINE.id})
