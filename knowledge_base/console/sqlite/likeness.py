"""LIKE as PostgreSQL understands it without regard to case: SQLite's own knows the small and large letters of English only."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable


def like(pattern: object, value: object, escape: str) -> bool | None:
    """Does `value` fit `pattern`, in which % stands for any letters and _ for one? None when one of them is NULL, as in SQL."""
    if pattern is None or value is None:
        return None
    return _fits(str(pattern), escape)(str(value).casefold())


@functools.lru_cache(maxsize=512)
def _fits(pattern: str, escape: str) -> Callable[[str], bool]:
    words = pattern[1:-1].casefold()
    if pattern[:1] == pattern[-1:] == "%" and not {"%", "_", escape} & set(words):
        return lambda value: words in value  # nearly every search, and much quicker
    signs = re.findall(f"{re.escape(escape)}(.)|(.)", pattern, re.DOTALL)
    parts = [{"%": ".*", "_": "."}.get(plain) or re.escape((literal or plain).casefold()) for literal, plain in signs]
    whole = re.compile("".join(parts), re.DOTALL)
    return lambda value: whole.fullmatch(value) is not None
