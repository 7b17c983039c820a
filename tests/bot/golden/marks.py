"""Characters that nobody sees, made visible for golden files and taken away for comparing figures."""

from __future__ import annotations

import re

# What is isolated stands in ⟦ ⟧, with ~ when its own first letter decides; arrows are the marks that turn one line.
_SEEN = {
    "\u2066": "⟦", "\u2067": "⟦←", "\u2068": "⟦~", "\u2069": "⟧", "\u200e": "→", "\u200f": "←",
    "\N{NO-BREAK SPACE}": "⍽", "\N{NARROW NO-BREAK SPACE}": "⍽̑",
}  # fmt: skip


def visible(text: str) -> str:
    """`text` with a sign for each invisible character that steers direction or line breaks."""
    return text.translate(str.maketrans(_SEEN))


def bare(text: str) -> str:
    """`text` as a reader reads it: without marks of direction, with plain spaces."""
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text).replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
