"""The words of goods and corrections are there in every language, and say what a translator still has to add."""

from __future__ import annotations

import pytest

from knowledge_base.goods.lexicon import LANGUAGES, brand_names, lexicon
from knowledge_base.goods.tree import tree
from knowledge_base.goods.writing import key, table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_word(language: str) -> None:
    missing = [
        kind for kind, parts in table("words").items() if not any(words.get(language) for words in parts.values())
    ]
    assert not missing, f"words.yml: {language} has no word for {', '.join(missing)}"


def test_every_kind_of_the_tree_is_named() -> None:
    assert set(tree()) - {"other"} == set(table("words"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", ["words", "yes", "no"])
def test_every_correction_has_words(language: str, section: str) -> None:
    rows = table("corrections")[section]
    rows = rows if section == "words" else {section: rows}
    missing = [name for name, words in rows.items() if not words.get(language)]
    assert not missing, f"corrections.yml: {language} has no words for {', '.join(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fellow_traveller_and_usual_package_has_words(language: str) -> None:
    missing = [name for name, words in table("facts")["persons"].items() if not words.get(language)]
    usual = ("bottle", "can", "carton", "case")
    missing += [name for name in usual if not table("packs")["words"][name].get(language)]
    assert not missing, f"{language} has no words for {', '.join(missing)}"


def test_brands_are_many_and_of_kinds_that_exist() -> None:
    kinds = set(table("brands")["brands"])
    assert len(brand_names()) >= 250
    assert kinds <= set(tree())


def test_doubtful_brands_are_brands() -> None:
    listed = {key(brand) for brand in brand_names()}
    assert {key(brand) for brand in table("brands")["doubtful"]} <= listed


def test_packages_hold_what_the_tree_knows() -> None:
    packs = set(table("packs")["words"])
    for pack, held in table("packs")["holds"].items():
        assert pack in packs
        for kind, amount in held.items():
            assert kind in tree()
            sizes = [amount] if isinstance(amount, str) else [amount["usual"], *amount.get("from", {}).values()]
            for size in sizes:
                number, unit = size.split()
                assert float(number) > 0 and unit in {"L", "g", "each", *packs}


def test_a_word_of_one_language_is_read_in_another() -> None:
    term, length = lexicon().at(["whisky"], 0, "zh") or (None, 0)
    assert term is not None and term.kind == "spirits" and length == 1


def test_a_slip_near_a_stem_is_no_error() -> None:
    """Words with a star stand for endings; they are no words that a slip could be near to."""
    for form in ("алкогол", "бутылкк", "вермутт"):
        assert lexicon().at([form], 0, "ru") is None or lexicon().at([form], 0, "ru")[1] == 1  # type: ignore[index]


@pytest.mark.parametrize("word", ["turned", "calling", "carbon", "stories", "player", "savage", "pickle"])
def test_a_word_of_the_dictionary_is_no_slip(word: str) -> None:
    assert lexicon().at([word], 0, "en") is None
