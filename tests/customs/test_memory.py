"""What is loaded is not walked by the garbage collector; what comes later is."""

from __future__ import annotations

import gc
import weakref

from customs.memory import keep_what_is_loaded


class Thing:
    def __init__(self) -> None:
        self.own = self  # only the collector can free it


def test_what_is_loaded_is_left_alone_and_later_garbage_is_not() -> None:
    loaded = Thing()
    before = gc.get_freeze_count()
    try:
        keep_what_is_loaded()
        assert gc.get_freeze_count() > before
        assert not any(one is loaded for one in gc.get_objects())
        later = weakref.ref(Thing())
        gc.collect()
        assert later() is None
    finally:
        gc.unfreeze()
