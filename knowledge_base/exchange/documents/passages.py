"""From the pieces of a document in their order, headings and paragraphs, to passages of a size that an entry has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MOST_CHARACTERS = (
    1_800  # of one passage; an answer has at most a third of that, and whoever writes it wants its surroundings
)
MOST_PASSAGES = 1_000
_FEWEST_LETTERS = 25
_SENTENCE = re.compile(r"(?<=[.!?؟。])\s+")


@dataclass(frozen=True)
class Piece:
    """A heading with its level (1 is the title), a paragraph, or an item of a list or row of a table; `page` is None where there are no pages."""

    kind: Literal["heading", "paragraph", "item"]
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True)
class Passage:
    """A part of a document under one heading. `headings` lead to it from the title down; `paragraphs` are as they stand in the document."""

    headings: tuple[str, ...]
    page: int | None
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The passage in the layout of an answer: paragraphs apart, items of lists with a dash."""
        lines: list[str] = []
        for paragraph in self.paragraphs:
            item = paragraph.startswith("- ")
            if lines and not (item and lines[-1].startswith("- ")):
                lines.append("")
            lines.append(paragraph)
        return "\n".join(lines)

    @property
    def title(self) -> str:
        """What an entry on it may be called: its heading, else its first sentence, at most 120 characters."""
        first = self.headings[-1] if self.headings else _SENTENCE.split(self.paragraphs[0].removeprefix("- "))[0]
        return first if len(first) <= 120 else first[:119].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class Document:
    """What was read of a document. `notes` say what was not: pages without text, passages beyond the limit."""

    kind: Literal["pdf", "docx", "html"]
    title: str
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def passages_of(pieces: Iterable[Piece]) -> list[Passage]:
    """The passages of a document: a new one at each heading, and at a paragraph where one grows too long. Mere labels are left out."""
    found: list[Passage] = []
    path: list[tuple[int, str]] = []
    waiting: list[str] = []
    page: int | None = None

    def close() -> None:
        nonlocal waiting
        if sum(sign.isalpha() for text in waiting for sign in text) >= _FEWEST_LETTERS:
            found.append(Passage(tuple(text for _, text in path), page, tuple(waiting)))
        waiting = []

    for piece in pieces:
        if piece.kind == "heading":
            close()
            path = [step for step in path if step[0] < piece.level] + [(piece.level, piece.text)]
            continue
        for text in _parts(piece.text):
            if waiting and sum(map(len, waiting)) + len(text) > MOST_CHARACTERS:
                close()
            if not waiting:
                page = piece.page
            waiting.append(f"- {text}" if piece.kind == "item" else text)
    close()
    return found


def _parts(text: str) -> list[str]:
    """A paragraph, cut at sentences (or words, or anywhere) when it alone is too long for a passage."""
    if len(text) <= MOST_CHARACTERS:
        return [text]
    parts, rest = [], text
    while len(rest) > MOST_CHARACTERS:
        head = rest[:MOST_CHARACTERS]
        ends = [match.end() for match in _SENTENCE.finditer(head)]
        cut = ends[-1] if ends else head.rfind(" ") + 1 or MOST_CHARACTERS
        parts.append(rest[:cut].strip())
        rest = rest[cut:]
    return [part for part in (*parts, rest.strip()) if part]
