"""From an answer as staff write it to the blocks that a reader gets.

`{id}` prints a figure with its unit in the reader's language, `{id|number}` the number alone, `{=text}` a marked literal.
Paragraphs are separated by an empty line; lines beginning with `- ` make a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge_base.figures import format_figure
from knowledge_base.model import Figure

PLACEHOLDER = re.compile(r"\{=(?P<literal>[^{}]+)\}|\{(?P<figure>[a-z0-9_.]+)(?:\|(?P<form>[a-z]+))?\}")
_ITEM = re.compile(r"^\s*[-•]\s+")
_RTL = frozenset({"ar", "ur", "fa", "he"})
_ISOLATE, _POP = "\u2068", "\u2069"


def figures_in(text: str) -> set[str]:
    """The ids of the figures that `text` names."""
    return {match["figure"] for match in PLACEHOLDER.finditer(text) if match["figure"]}


def fill(text: str, figures: Mapping[str, Figure], day: date, language: str) -> str:
    """`text` with its placeholders replaced by the values of `day` in `language`.

    In a right-to-left language each value stands between isolates, so that "US$800" keeps its order.
    Raises KeyError for a figure that does not exist and LookupError for one without a value on that day.
    """

    def replace(match: re.Match[str]) -> str:
        if match["literal"]:
            value = match["literal"]
        else:
            value = format_figure(figures[match["figure"]], day, language, number_only=match["form"] == "number")
        return f"{_ISOLATE}{value}{_POP}" if language.split("-")[0] in _RTL else value

    return PLACEHOLDER.sub(replace, text)


def to_blocks(text: str) -> list[dict[str, Any]]:
    """Filled text as paragraph and list blocks."""
    blocks: list[dict[str, Any]] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        plain: list[str] = []
        items: list[str] = []
        for line in part.splitlines():
            if _ITEM.match(line):
                items.append(_ITEM.sub("", line).strip())
            elif items:  # a wrapped list item goes on
                items[-1] += " " + line.strip()
            else:
                plain.append(line.strip())
        if plain:
            blocks.append({"type": "paragraph", "text": " ".join(plain)})
        if items:
            blocks.append({"type": "list", "items": items, "ordered": False})
    return blocks
