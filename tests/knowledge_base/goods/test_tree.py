"""The tree of kinds of goods."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge_base.goods.tree import is_a, tree, under

LANGUAGES = {"ar", "en", "es", "fr", "hi", "ru", "ur", "zh"}


def test_every_kind_has_a_name_in_every_language() -> None:
    assert {kind.id: set(kind.names) for kind in tree().values()} == {name: LANGUAGES for name in tree()}


def test_a_kind_takes_unit_and_strength_from_what_it_stands_under() -> None:
    assert tree()["sparkling_wine"].unit == "L"
    assert tree()["sparkling_wine"].strength == Decimal(12)
    assert tree()["cigarettes"].unit == "each"
    assert tree()["liqueur"].strength is None


def test_kinds_stand_under_their_ancestors() -> None:
    assert is_a("pipe_tobacco", "tobacco")
    assert not is_a("pipe_tobacco", "alcohol")
    assert not is_a("no such thing", "alcohol")
    assert under("gold") == {"gold", "gold_jewellery", "gold_bullion"}


def test_the_usual_kind_stands_under_the_word() -> None:
    assert all(is_a(kind.usual, kind.id) for kind in tree().values() if kind.usual)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        under("whiskey barrels")
