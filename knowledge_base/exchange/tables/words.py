"""What changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from typing import Literal

Op = Literal["same", "added", "removed"]
_TOKEN = re.compile(r"\{[^{}]*\}|\w+|\s+|[^\w\s]")  # a figure's placeholder is one word
_MOST = 20_000  # tokens; beyond that the texts are shown whole, as comparing would take minutes


def word_diff(before: str, after: str) -> list[tuple[Op, str]]:
    """The pieces of both texts in order. The "same" and "removed" ones make up `before`, the "same" and "added" ones `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _MOST:
        return _piece("removed", before) + _piece("added", after)
    found: list[tuple[Op, str]] = []
    for name, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            found += _piece("same", "".join(old[start:end]))
        else:
            found += _piece("removed", "".join(old[start:end])) + _piece("added", "".join(new[new_start:new_end]))
    return found


def _piece(name: Op, text: str) -> list[tuple[Op, str]]:
    return [(name, text)] if text else []
