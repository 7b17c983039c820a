"""A change laid over a release: what it finds, what stays, and that it is what a build would find."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.letters import Letters
from knowledge_base.index.plain_names import explain
from knowledge_base.index.release import Release
from knowledge_base.model import Figure
from knowledge_base.search import Question, Searcher
from knowledge_base.trying.change import Change
from knowledge_base.trying.errors import TryError
from knowledge_base.trying.letters import LettersOf
from knowledge_base.trying.overlay import Layers
from knowledge_base.trying.remembering import Remembering
from tests.knowledge_base.fakes import AxisEncoder, entry, release, shelf

DAY = date(2026, 11, 22)
WINE, CASH = entry("xx.goods.wine", "wine"), entry("xx.goods.cash", "cash")


def figure(value: str, name: str = "xx.goods.limit", status: str = "verified") -> Figure:
    return Figure.model_validate(
        {"id": name, "label": "Wine", "unit": "L", "valid": [{"value": value}], "source": "page", "status": status}
    )


@pytest.fixture
def served() -> Release:
    found = shelf("xx", [WINE, CASH], [figure("4")])
    found.sources["page"] = None  # type: ignore[assignment] - only its being there is looked at
    return release(found)


@pytest.fixture
def encoder(tmp_path: Path) -> Remembering:
    return Remembering(AxisEncoder(), tmp_path / "vectors.db")


def answers(release_: Release, text: str, encoder: Remembering) -> str:
    found = Searcher(release_, encoder).search(Question(text, "xx", date=DAY))
    return found.verdict.entries[0].id if found.verdict.kind == "answer" else found.verdict.kind


def test_a_new_entry_answers_and_the_others_go_on(served: Release, encoder: Remembering) -> None:
    dogs = entry("xx.goods.dog", "dog")
    layer = Layers(served, encoder.learn).over(Change("xx", {dogs.id: dogs}, {dogs.id: "pets"}), DAY)
    assert answers(layer, "dog allowed", encoder) == "xx.goods.dog"
    assert answers(layer, "wine limit", encoder) == answers(served, "wine limit", encoder) == "xx.goods.wine"
    assert answers(served, "dog allowed", encoder) != "xx.goods.dog"
    assert layer.shelves["xx"].topics["xx.goods.dog"] == "pets" and layer.id != served.id
    assert len(served.shelves["xx"].entries) == 2, "what is served is never touched"


def test_a_changed_entry_takes_the_place_of_the_one_served(served: Release, encoder: Remembering) -> None:
    changed = entry(
        WINE.id, "wine", answer="Now it is {xx.goods.limit}.", questions={"en": ["wine limit", "dog allowed"]}
    )
    layer = Layers(served, encoder.learn).over(Change("xx", {WINE.id: changed}), DAY)
    assert [each.id for each in layer.shelves["xx"].entries] == [WINE.id, CASH.id]
    assert answers(layer, "dog allowed", encoder) == WINE.id
    assert layer.entry(WINE.id).answer == changed.answer
    assert "how much wine" not in layer.shelves["xx"].question_text


def test_only_what_is_new_is_encoded(served: Release, tmp_path: Path) -> None:
    real = AxisEncoder()
    changed = entry(WINE.id, "wine", questions={"en": [*WINE.questions["en"], "dog wine"]})
    Layers(served, Remembering(real, tmp_path / "v.db").learn).over(Change("xx", {WINE.id: changed}), DAY)
    assert sorted(real.asked) == ["What about wine?", "dog wine"]  # the title was none of the fake's wordings


def test_a_changed_figure_is_told_by_the_answers_that_use_it(served: Release, encoder: Remembering) -> None:
    uses = entry(WINE.id, "wine", answer="You may bring {xx.goods.limit}.")
    layers = Layers(Layers(served, encoder.learn).over(Change("xx", {WINE.id: uses}), DAY), encoder.learn)
    layer = layers.over(Change("xx", figures={"xx.goods.limit": figure("7")}), DAY)
    assert layer.shelves["xx"].figures["xx.goods.limit"].value_on(DAY) == 7
    assert layer.shelves["xx"].lexical.scores("7 litres")[0] > 0 == layer.shelves["xx"].lexical.scores("4 apples")[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("yy"), "yy is not served"),
        (Change("xx", {WINE.id: entry(WINE.id, "wine", answer="{xx.goods.none}")}), "figure xx.goods.none"),
        (Change("xx", {WINE.id: entry(WINE.id, "wine", sources=["other"])}), "source other"),
        (
            Change("xx", {WINE.id: entry(WINE.id, "wine", answer="{xx.goods.new}")}, figures={"xx.goods.new": figure("1", "xx.goods.new", "unverified")}),
            "not verified",
        ),
    ],
)  # fmt: skip
def test_what_could_not_be_served_is_refused_in_words(served, encoder, change, told) -> None:
    with pytest.raises(TryError, match=told):
        Layers(served, encoder.learn).over(change, DAY)


def test_the_letters_of_a_changed_entry_are_what_a_build_learns() -> None:
    texts = ["wine limit", "how much wine", "cash limit", "how much cash", "dog papers", "is my dog allowed"]
    owner = np.array([0, 0, 1, 1, 2, 2])
    served = Letters.fit([explain(text) for text in texts], owner, 3)
    new = ["wine limit", "bottles of red", "cash limit", "how much cash", "dog papers", "is my dog allowed"]
    layer = LettersOf(served, texts).changed(np.array([0, -1, 2, 3, 4, 5]), ["bottles of red"], owner, 3, [0])
    built = Letters.fit([explain(text) for text in new], owner, 3)
    for text in ("bottles of red", "red bottles", "how much cash", "dog"):
        assert layer.decide(text).argmax() == built.decide(text).argmax()
    assert layer.decide("bottles of red")[0] > served.decide("bottles of red")[0]
    again = LettersOf(served, texts).changed(np.arange(6), [], owner, 3, [2])
    assert np.abs(again.decide("dog papers") - served.decide("dog papers")).max() < 0.01


def test_people_s_words_are_kept_in_no_file(tmp_path: Path) -> None:
    real = AxisEncoder()
    first = Remembering(real, tmp_path / "v.db")
    first.encode_query(["my dog Rex"])
    first.encode_query(["my dog Rex"])
    assert real.asked == ["my dog Rex"], "asked again in the same process it is known"
    first.learn("query", ["dog papers"])
    second = Remembering(real, tmp_path / "v.db")
    second.learn("query", ["dog papers"])
    second.learn("query", ["my dog Rex"])
    assert real.asked == ["my dog Rex", "dog papers", "my dog Rex"]
