"""Work that makes millions of objects which all stay: looking for garbage among them takes longer than making them."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def without_collection(work: Callable[..., T]) -> Callable[..., T]:
    """`work`, with the search for garbage put off until it has ended, in whichever way."""

    @functools.wraps(work)
    def run(*arguments: Any, **named: Any) -> T:
        if not gc.isenabled():
            return work(*arguments, **named)
        gc.disable()
        try:
            return work(*arguments, **named)
        finally:
            gc.enable()

    return run
