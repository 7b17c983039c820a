"""The finder of goods with vectors that a reader can work out: codes, slips, a choice of goods, a release that carries it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from knowledge_base.index.release import build_release, open_release
from knowledge_base.packs import read_pack
from knowledge_base.search import Searcher
from knowledge_base.tariff.catalogue import Catalogue
from knowledge_base.tariff.finder import GoodsFinder

NAMES = {
    "phone": ("851713", ["mobile phone", "phone new", "smart phone", "my phone", "phone unlocked"]),
    "speaker": ("851822", ["bluetooth speaker", "loud speaker", "speaker box", "small speaker", "speaker set"]),
    "shirt": ("620520", ["cotton shirt", "shirt blue", "office shirt", "mens shirt", "shirt new"]),
    "tablet": ("847130", ["tablet pc", "drawing tablet", "tablet new", "small tablet", "tablet for kids"]),
    "laptop": ("847130", ["laptop new", "gaming laptop", "laptop for work", "my laptop", "thin laptop"]),
}
CATALOGUE = Catalogue.model_validate(
    {
        "goods": [
            {"id": name, "hs": hs, "name": {"en": name}, "phrases": {"en": phrases}}
            for name, (hs, phrases) in NAMES.items()
        ]
    }
)


class WordEncoder:
    """One axis a good: a text lies on the axes of the goods that it names, any other on an axis of its own."""

    id, dimension, gate_dimension = "goods@1", len(NAMES) + 1, len(NAMES) + 1

    def encode_query(self, texts: list[str]) -> np.ndarray:
        rows = [[float(name in text.lower().split()) for name in NAMES] + [0.2] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_document = encode_query

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.encode_query(texts)


@pytest.fixture(scope="module")
def finder() -> GoodsFinder:
    return GoodsFinder.build(CATALOGUE, WordEncoder().encode_query)


def goods(found) -> list[str]:
    return [candidate.good for candidate in found.candidates]


def test_a_description_of_one_good_is_sure(finder):
    found = finder.find("red speaker", WordEncoder())
    assert (found.verdict, goods(found)) == ("sure", ["speaker"])
    assert 0.6 <= found.probability <= 1 and found.candidates[0].hs == "851822"


def test_a_description_of_nothing_it_knows_is_unsure(finder):
    assert finder.find("zzz qqq", WordEncoder()).verdict == "unsure"


@pytest.mark.parametrize("text", ["", "  ", "!!!"])
def test_nothing_is_nothing(finder, text):
    found = finder.find(text, WordEncoder())
    assert found.verdict == "unsure"


@pytest.mark.parametrize("text", ["851822", "8518 22", "8518.22.00", "HS 8518 22 00 90", "hs: 8518.22", "٨٥١٨٢٢"])
def test_a_code_names_its_goods(finder, text):
    found = finder.find(text, WordEncoder())
    assert (found.verdict, goods(found)) == ("sure", ["speaker"])


def test_a_code_of_several_goods_is_asked_about(finder):
    found = finder.find("8471 30", WordEncoder())
    assert (found.verdict, set(goods(found))) == ("which", {"tablet", "laptop"})


def test_a_code_that_is_not_in_the_catalogue_is_no_other_good(finder):
    assert finder.find("0101 21", WordEncoder()).candidates == ()


def test_only_goods_to_choose_from_are_named(finder):
    found = finder.find("red speaker", WordEncoder(), among={"phone", "shirt"})
    assert "speaker" not in goods(found) and found.verdict == "unsure"
    assert finder.find("8518 22", WordEncoder(), among={"phone"}).candidates == ()


def test_what_is_saved_opens(finder, tmp_path):
    finder.save(tmp_path / "goods")
    again = GoodsFinder.load(tmp_path / "goods")
    for text in ("red speaker", "8518 22", "something else", "gaming laptop or tablet"):
        assert again.find(text, WordEncoder()) == finder.find(text, WordEncoder())
    assert GoodsFinder.load(tmp_path / "none") is None


def test_a_release_carries_the_goods_and_changes_with_them(pack_folder, tmp_path):
    packs, encoder, day = [read_pack(pack_folder)], WordEncoder(), date(2026, 11, 22)
    examples = [("do i need a visa", "out_of_scope")]
    without = build_release(packs, examples, encoder, tmp_path, day)
    assert open_release(without, encoder).goods is None
    folder = build_release(packs, examples, encoder, tmp_path, day, goods=CATALOGUE)
    assert folder != without
    searcher = Searcher(open_release(folder, encoder), encoder)
    assert goods(searcher.find_goods("red speaker")) == ["speaker"]
    assert build_release(packs, examples, encoder, tmp_path, day, goods=CATALOGUE) == folder.resolve()
    assert Searcher(open_release(without, encoder), encoder).find_goods("red speaker") is None
