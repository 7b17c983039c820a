"""Garbage is looked for again after the work, however that ends."""

from __future__ import annotations

import gc

import pytest

from knowledge_base.index.collection import without_collection


def test_garbage_is_left_alone_while_the_work_lasts_and_no_longer() -> None:
    assert gc.isenabled()
    assert without_collection(lambda number, plus: (number + plus, gc.isenabled()))(1, plus=2) == (3, False)
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        without_collection(lambda: 1 / 0)()
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_so() -> None:
    gc.disable()
    try:
        without_collection(lambda: None)()
        assert not gc.isenabled()
    finally:
        gc.enable()
