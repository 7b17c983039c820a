"""Goods by what people call them, with the real encoder, on descriptions that are no phrases of the catalogue.

The bounds are what was measured, less a little: an encoder of another kind may lie below them, and its own thresholds be needed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from customs.settings import Settings
from knowledge_base import yaml12
from knowledge_base.index.embeddings import EmbeddingCache
from knowledge_base.index.encoder import load_encoder
from knowledge_base.tariff.catalogue import read_catalogue
from knowledge_base.tariff.finder import GoodsFinder

CASES = yaml12.load(Path(__file__).with_name("descriptions.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found():
    """The verdict on each description. The vectors of the catalogue are those that the last release was built with, where there is one."""
    settings = Settings()
    encoder = load_encoder(settings.encoder, settings.encoder_backend, 1, settings.models_dir)
    cache = EmbeddingCache(settings.var_dir / "cache" / "embeddings.db", encoder)
    finder = GoodsFinder.build(read_catalogue(), lambda texts: cache.vectors("query", texts))
    cache.close()
    texts = [text for part in CASES.values() for text in part]
    return {text: finder.find(text, encoder) for text in texts}


def wrong(found, part: str, verdict: str) -> list[str]:
    """The descriptions of a part whose verdict names no good that it may be."""
    return [
        f"{text}: {[candidate.good for candidate in found[text].candidates]}"
        for text, right in CASES[part].items()
        if found[text].verdict == verdict and not any(candidate.good in right for candidate in found[text].candidates)
    ]


def share(found, part: str, *verdicts: str) -> float:
    return sum(found[text].verdict in verdicts for text in CASES[part]) / len(CASES[part])


def test_there_are_enough_of_them_and_none_is_a_phrase_of_the_catalogue():
    known = {text.casefold() for good in read_catalogue().goods for text in good.texts()}
    assert len(CASES["en"]) >= 120 and len(CASES["other"]) >= 40
    assert [text for part in CASES.values() for text in part if text.casefold() in known] == []


def test_every_good_that_is_expected_exists():
    known = {good.id for good in read_catalogue().goods}
    named = {good for part in ("en", "other") for right in CASES[part].values() for good in right}
    assert named <= known


@pytest.mark.parametrize(("part", "most"), [("en", 2), ("other", 1)])
def test_what_it_is_sure_of_is_right(found, part, most):
    assert len(wrong(found, part, "sure")) <= most, wrong(found, part, "sure")


@pytest.mark.parametrize(("part", "most"), [("en", 3), ("other", 2)])
def test_what_it_asks_about_holds_the_right_one(found, part, most):
    assert len(wrong(found, part, "which")) <= most, wrong(found, part, "which")


@pytest.mark.parametrize(("part", "sure", "either"), [("en", 0.55, 0.8), ("other", 0.4, 0.65)])
def test_most_everyday_goods_are_found(found, part, sure, either):
    assert share(found, part, "sure") >= sure
    assert share(found, part, "sure", "which") >= either


def test_of_goods_that_it_does_not_have_it_is_hardly_ever_sure(found):
    sure = [text for text in CASES["none"] if found[text].verdict == "sure"]
    assert len(sure) <= 1, sure  # what it is sure of is shown to be confirmed
    assert sum(found[text].verdict == "unsure" for text in CASES["none"]) >= 0.8 * len(CASES["none"])
