"""Words that are nobody's name, because questions of customs use them; customs/asked/collecting.py makes the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_words.txt")


@cache
def common_words() -> frozenset[str]:
    """The words of the file, in small letters."""
    return frozenset(FILE.read_text(encoding="utf-8").split())
