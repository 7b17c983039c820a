"""A changed question is learned alone: what it finds, what stays, what the release says of it, and how all of it is learned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge_base.index import letters, renewal, scope, shelf_building
from knowledge_base.index.letters import Letters
from knowledge_base.index.manifest import read_manifest, renewed_texts
from knowledge_base.index.release import build_release, open_release
from knowledge_base.index.scope import read_examples
from knowledge_base.model import Entry, Pack
from knowledge_base.packs import read_pack
from knowledge_base.search import Question, Searcher
from tests.actions.support import FIXTURES, WordEncoder

DAY = date(2026, 11, 21)
ASKED, SLIPPED = "may a suitcase hold a theodolite", "may a suitcase hold a theodolte"


@pytest.fixture(autouse=True)
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of so small a bank is little."""
    monkeypatch.setattr(renewal, "MOST_RENEWED", 0.5)


@pytest.fixture
def pack() -> Pack:
    return read_pack(FIXTURES / "packs" / "qm")


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is learned as a whole, as it happens."""
    found: list[str] = []

    def noting(name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: found.append(name) or make(*given)

    monkeypatch.setattr(Letters, "fit", noting("letters", Letters.fit))
    monkeypatch.setattr(shelf_building, "_learned", noting("administration", shelf_building._learned))
    monkeypatch.setattr(scope, "fit", noting("gate", scope.fit))
    return found


def build(pack: Pack, var: Path, **more: Any) -> Path:
    return build_release([pack], read_examples(FIXTURES / "scope"), WordEncoder(), var, DAY, **more).resolve()


def with_entries(pack: Pack, entries: list[Entry]) -> Pack:
    return pack.model_copy(update={"entries": {entry.id: entry for entry in entries}})


def reworded(pack: Pack, number: int, change: Callable[[list[str]], list[str]]) -> Pack:
    """`pack` with other English questions of its entry `number`."""
    entries = list(pack.entries.values())
    questions = {**entries[number].questions, "en": change(list(entries[number].questions["en"]))}
    entries[number] = entries[number].model_copy(update={"questions": questions})
    return with_entries(pack, entries)


def letters_of(folder: Path) -> tuple[list[str], Letters]:
    release = open_release(folder, WordEncoder())
    shelf = release.shelves["qm"]
    assert shelf.letters is not None
    return [entry.id for entry in shelf.entries], shelf.letters


def found(folder: Path, text: str) -> str:
    encoder = WordEncoder()
    return (
        Searcher(open_release(folder, encoder), encoder).search(Question(text, "qm", date=DAY)).candidates[0].entry.id
    )


def test_a_new_question_is_found_as_it_is_and_with_a_slip(pack: Pack, tmp_path: Path, learned: list[str]) -> None:
    first = build(pack, tmp_path)
    name = list(pack.entries)[3]
    assert found(first, ASKED) != name and found(first, SLIPPED) != name
    learned.clear()
    second = build(reworded(pack, 3, lambda texts: [*texts, ASKED]), tmp_path)
    assert learned == [] and read_manifest(second)["counts"]["qm"]["learned"] == "in part"
    assert found(second, ASKED) == found(second, SLIPPED) == name
    assert int(letters_of(second)[1].decide(SLIPPED).argmax()) == 3, "by its letters, too"


def test_the_columns_of_other_entries_stay(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_NEAR", 9)  # nothing is near
    _, before = letters_of(build(pack, tmp_path))
    _, after = letters_of(build(reworded(pack, 3, lambda texts: [*texts[1:], ASKED]), tmp_path))
    same = [n for n in range(len(pack.entries)) if np.array_equal(before.weights[:, n], after.weights[:, n])]
    assert same == [n for n in range(len(pack.entries)) if n != 3]
    np.testing.assert_array_equal(before.rarity, after.rarity)


def test_an_entry_that_a_new_question_of_another_comes_near_learns_of_it(pack: Pack, tmp_path: Path) -> None:
    first = build(pack, tmp_path)
    ids, before = letters_of(first)
    other = list(pack.entries)[3]
    rival = next(name for name in ids if name != other)
    taken = f"{pack.entries[rival].title} theodolite"
    assert before.decide(taken)[ids.index(rival)] > letters._NEAR
    _, after = letters_of(build(reworded(pack, 3, lambda texts: [*texts, taken]), tmp_path))
    assert after.decide(taken)[ids.index(rival)] < before.decide(taken)[ids.index(rival)] - 0.05
    assert int(after.decide(taken).argmax()) == 3


def test_entries_come_go_and_change_places_with_their_columns(
    pack: Pack, tmp_path: Path, learned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_NEAR", 9)
    ids, before = letters_of(build(pack, tmp_path))
    learned.clear()
    entries = list(pack.entries.values())
    gone, *rest = entries
    new = entries[2].model_copy(
        update={"id": "qm.new.theodolite", "title": "Theodolites", "questions": {"en": [ASKED, "theodolite limit"]}, "translations": {}}
    )  # fmt: skip
    topics = {**pack.topics, new.id: "new"}
    other = with_entries(pack, [new, *reversed(rest)]).model_copy(update={"topics": topics})
    folder = build(other, tmp_path)
    now, after = letters_of(folder)
    assert learned == [] and now == [new.id, *(entry.id for entry in reversed(rest))]
    for place, name in enumerate(now[1:], 1):
        np.testing.assert_array_equal(after.weights[:, place], before.weights[:, ids.index(name)])
    assert found(folder, "theodolite limits") == new.id
    assert read_manifest(folder)["counts"]["qm"]["renewed"] == max(3, len(_wordings(gone)))
    assert found(folder, gone.title) != gone.id


def _wordings(entry: Entry) -> list[str]:
    asked = [text for texts in entry.questions.values() for text in texts]
    return [*asked, *(["title"] if "en" in entry.questions else []), *entry.translations]


def test_the_release_says_how_much_is_other_than_what_was_learned(pack: Pack, tmp_path: Path) -> None:
    assert renewed_texts(read_manifest(build(pack, tmp_path))) == 0
    one = reworded(pack, 3, lambda texts: [*texts, ASKED])
    second = read_manifest(build(one, tmp_path))
    assert second["counts"]["qm"]["renewed"] == 1 and second["gate"]["renewed"] in (1, 2), "with its place and without"
    third = read_manifest(build(reworded(one, 4, lambda texts: texts[1:]), tmp_path))
    assert third["counts"]["qm"]["renewed"] == 2
    entries = list(one.entries.values())
    entries[0] = entries[0].model_copy(update={"answer": f"{entries[0].answer} Indeed."})
    assert read_manifest(build(with_entries(one, entries), tmp_path))["counts"]["qm"]["renewed"] == 3


def test_a_changed_answer_over_it_keeps_what_was_learned(pack: Pack, tmp_path: Path, learned: list[str]) -> None:
    build(pack, tmp_path)
    one = reworded(pack, 3, lambda texts: [*texts, ASKED])
    second = build(one, tmp_path)
    learned.clear()
    entries = list(one.entries.values())
    entries[0] = entries[0].model_copy(update={"answer": f"{entries[0].answer} Indeed."})
    third = build(with_entries(one, entries), tmp_path)
    assert learned == [] and read_manifest(third)["counts"]["qm"]["renewed"] == 1
    np.testing.assert_array_equal(letters_of(third)[1].weights, letters_of(second)[1].weights)
    assert found(third, ASKED) == list(pack.entries)[3]


def test_asked_for_anew_it_is_what_a_build_from_nothing_gives(pack: Pack, tmp_path: Path) -> None:
    build(pack, tmp_path)
    one = reworded(pack, 3, lambda texts: [*texts, ASKED])
    in_part = build(one, tmp_path)
    assert build(one, tmp_path) == in_part, "the same content is served already"
    anew, nothing = build(one, tmp_path, anew=True), build(one, tmp_path / "alone")
    assert in_part != anew and anew.name == nothing.name and renewed_texts(read_manifest(anew)) == 0
    assert _arrays(anew) == _arrays(nothing) != _arrays(in_part)
    assert build(one, tmp_path, anew=True) == build(one, tmp_path) == anew, "now nothing is left to learn"


def _arrays(folder: Path) -> dict[str, bytes]:
    """Every array of a release, beside the dates that an archive of several has in it."""
    told = {path: np.load(path) for path in folder.rglob("*.np[yz]")}
    return {
        f"{path.relative_to(folder)} {name}": array.tobytes()
        for path, found_ in told.items()
        for name, array in (found_.items() if path.suffix == ".npz" else [("", found_)])
    }


def test_past_the_bound_it_is_learned_anew(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, learned: list[str]
) -> None:
    build(pack, tmp_path)
    monkeypatch.setattr(renewal, "MOST_RENEWED", 1.5 / 77)
    one = reworded(pack, 3, lambda texts: [*texts, ASKED])
    build(one, tmp_path)
    learned.clear()
    two = build(reworded(one, 3, lambda texts: [*texts, "theodolites and their boxes"]), tmp_path)
    assert "letters" in learned and read_manifest(two)["counts"]["qm"]["renewed"] == 0


def test_an_example_of_what_is_out_of_scope_fits_the_gate_anew(pack: Pack, tmp_path: Path, learned: list[str]) -> None:
    build(pack, tmp_path)
    learned.clear()
    examples = [*read_examples(FIXTURES / "scope"), ("who won the chess match", "out_of_scope")]
    build_release([pack], examples, WordEncoder(), tmp_path, DAY)
    assert learned == ["gate"]


def test_languages_in_another_order_are_the_same_content(pack: Pack, tmp_path: Path) -> None:
    def turned(words: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(words.items()))

    served = build(pack, tmp_path)
    entries = [
        entry.model_copy(update={"questions": turned(entry.questions), "translations": turned(entry.translations)})
        for entry in pack.entries.values()
    ]
    assert any(len(entry.questions) > 1 or len(entry.translations) > 1 for entry in entries)
    head = pack.administration.model_copy(update={"name": turned(pack.administration.name)})
    assert build(with_entries(pack, entries).model_copy(update={"administration": head}), tmp_path) == served
