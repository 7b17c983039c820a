"""The shipped catalogue: real headings, names in every language, phrases of one good only, entries that exist."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from knowledge_base.folding import fold
from knowledge_base.packs import pack_folders, read_pack
from knowledge_base.rules.duty_goods import TAXED_APART
from knowledge_base.tariff.catalogue import Catalogue, CatalogueGood, read_catalogue

LANGUAGES = {"en", "ar", "es", "fr", "hi", "ru", "ur", "zh"}
CONTENT = Path("knowledge_base/content")
_HS = Path(__file__).with_name("hs2022.txt")


def subheadings() -> set[str]:
    """The six digits of every subheading of HS 2022."""
    lines = [line.split() for line in _HS.read_text().splitlines() if not line.startswith("#")]
    return {heading + rest for heading, *rests in lines for rest in rests}


def shared(catalogue: Catalogue) -> dict[str, set[str]]:
    """Phrases that more than one good has, folded, with the goods."""
    owners: dict[str, set[str]] = {}
    for good in catalogue.goods:
        for text in good.texts():
            owners.setdefault(fold(text), set()).add(good.id)
    return {text: goods for text, goods in owners.items() if len(goods) > 1}


@pytest.fixture(scope="module")
def goods() -> list[CatalogueGood]:
    return read_catalogue().goods


@pytest.fixture(scope="module")
def entries() -> set[str]:
    return {entry for folder in pack_folders(CONTENT, ("ae", "eu", "gb", "us")) for entry in read_pack(folder).entries}


def test_there_are_many_goods_each_once(goods):
    assert len(goods) >= 160
    assert [good for good, count in Counter(good.id for good in goods).items() if count > 1] == []


def test_the_list_of_headings_is_that_of_2022():
    known = subheadings()
    assert len(known) > 5600
    # Smartphones, nicotine liquids and drones have had numbers of their own since 2022; 8517 12 ended with it.
    assert {"851713", "240412", "880622"} <= known and "851712" not in known


def test_every_heading_exists(goods):
    known = subheadings()
    assert [(good.id, good.hs) for good in goods if good.hs not in known] == []


def test_no_two_goods_share_a_phrase(goods):
    assert shared(read_catalogue()) == {}


def test_a_shared_phrase_is_found():
    spoilt = read_catalogue().goods[0].model_copy(update={"id": "spoilt"})
    assert "smartphone" in shared(Catalogue(goods=[*read_catalogue().goods, spoilt]))


def test_names_and_phrases_are_in_every_language(goods):
    for good in goods:
        assert set(good.name) == set(good.phrases) == LANGUAGES, good.id
        assert 5 <= len(good.phrases["en"]) <= 10, good.id
        assert all(good.phrases[language] for language in LANGUAGES), good.id


def test_what_decides_is_asked_in_every_language_of_at_least_two_goods(goods):
    asked = Counter(good.ask["en"] for good in goods if good.ask)
    assert len(asked) >= 20
    assert [question for question, count in asked.items() if count < 2] == []
    assert all(set(good.ask) == LANGUAGES for good in goods if good.ask)


def test_what_is_told_about_permits_and_bans_exists(goods, entries):
    assert [(good.id, name) for good in goods for name in good.controls if name not in entries] == []


def test_categories_are_those_that_taxes_know(goods):
    others = {"general", "alcohol", "tobacco", "vehicle"}
    assert {good.category for good in goods} <= TAXED_APART | others
