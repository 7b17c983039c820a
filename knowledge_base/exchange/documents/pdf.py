"""PDF: lines with their size and place, put together to headings and paragraphs; what is printed on every page is left out."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from knowledge_base.exchange.documents.passages import Piece
from knowledge_base.exchange.errors import DocumentRefused
from knowledge_base.said import Said

MOST_PAGES = 500
_LARGER = 1.12  # a heading's letters against those of the text
_APART = 1.45  # lines that stand further apart than this many of their heights are two paragraphs
_DOTS = re.compile(r"(?:\.\s?){6,}\d*\s*$")  # "Wine . . . . . . 12": a line of the contents
_BULLET = re.compile(r"^(?:[•▪●○‣∙·–-]|\(?[a-z0-9]{1,2}[.)])\s+", re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    bold: bool
    y: float
    page: int


def pdf_pieces(data: bytes, name: str) -> tuple[str, list[Piece], list[str]]:
    """(title, pieces, notes) of a PDF. Raises `DocumentRefused` for one with a password, without text, or with too many pages."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRefused(Said("{name} has a password; save it without one.", name=name))
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise DocumentRefused(
                Said(
                    "{name} has {pages} pages; at most {most} are read. Split it.",
                    name=name,
                    pages=pages,
                    most=MOST_PAGES,
                )
            )
        lines = [list(_lines(page, number)) for number, page in enumerate(reader.pages, 1)]
        title = str((reader.metadata.title if reader.metadata else None) or "").strip()
    except DependencyError:
        raise DocumentRefused(
            Said("{name} has a password or is encrypted in a way that is not read; save it without.", name=name)
        ) from None
    except DocumentRefused:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        ZeroDivisionError,
    ) as error:
        raise DocumentRefused(
            Said(
                "{name} is no PDF that can be read ({kind}); save it from its program again.",
                name=name,
                kind=type(error).__name__,
            )
        ) from None
    empty = [number for number, on_page in enumerate(lines, 1) if not on_page]
    if len(empty) == pages:
        raise DocumentRefused(
            Said(
                "{name} has {pages} pages and no text: it is a scan or holds pictures only. Have its text recognised (OCR) first.",
                name=name,
                pages=pages,
            )
        )
    notes = [Said("Pages without text, left out: {pages}.", pages=", ".join(map(str, empty)))] if empty else []
    return title, list(_pieces(_without_running_lines(lines))), notes


def _lines(page: Any, number: int) -> Iterator[_Line]:
    """The lines of a page in the order of the file: texts at one height are one line."""
    parts: list[tuple[str, float, bool, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text:
            scale = abs(tm[3] or tm[1] or 1) * abs(cm[3] or cm[1] or 1)
            bold = "bold" in str((font or {}).get("/BaseFont", "")).casefold()
            parts.append((text, round(size * scale, 1), bold, tm[5] * (cm[3] or 1) + cm[5]))

    page.extract_text(visitor_text=visit)
    text, seen = "", []
    for piece, size, bold, y in parts:
        for place, line in enumerate(piece.split("\n")):
            if place:
                yield from _line(text, seen, number)
                text, seen = "", []
            text += line
            if line.strip():
                seen.append((len(line.strip()), size, bold, y))
    yield from _line(text, seen, number)


def _line(text: str, seen: list[tuple[int, float, bool, float]], page: int) -> Iterator[_Line]:
    words = " ".join(text.split())
    if words and seen:
        sizes: Counter[float] = Counter()
        for length, size, _, _ in seen:
            sizes[size] += length
        yield _Line(words, sizes.most_common(1)[0][0], all(bold for _, _, bold, _ in seen), seen[0][3], page)


def _without_running_lines(pages: list[list[_Line]]) -> list[_Line]:
    """All lines but those that stand at the edge of most pages, numbers aside, and bare page numbers."""

    def edge(page: list[_Line]) -> int:  # of a page of few lines two are no edge but half of the text
        return 2 if len(page) >= 8 else 1

    edges = Counter(
        text
        for page in pages
        for text in {_numberless(line.text) for line in (*page[: edge(page)], *page[-edge(page) :])}
    )
    often = {text for text, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    kept = []
    for page in pages:
        for place, line in enumerate(page):
            at_edge = place < edge(page) or place >= len(page) - edge(page)
            if not _DOTS.search(line.text) and not (
                at_edge and (_numberless(line.text) in often or re.fullmatch(r"\W*\d{1,4}\W*", line.text))
            ):
                kept.append(line)
    return kept


def _numberless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _pieces(lines: list[_Line]) -> Iterator[Piece]:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0] if letters else 0.0
    larger = sorted({line.size for line in lines if line.size >= body * _LARGER}, reverse=True)
    waiting: list[_Line] = []
    for line in lines:
        level = _level(line, body, larger)
        if waiting and (level != _level(waiting[-1], body, larger) or _begins(line, waiting[-1])):
            yield _piece(waiting, body, larger)
            waiting = []
        waiting.append(line)
    if waiting:
        yield _piece(waiting, body, larger)


def _level(line: _Line, body: float, larger: list[float]) -> int:
    """The level of a heading, 0 for text. Letters larger than the text's make one, and a short bold line without an end."""
    if line.size in larger and len(line.text) <= 200:
        return min(larger.index(line.size) + 1, 5)
    if line.bold and line.size >= body and len(line.text) <= 100 and line.text[-1] not in ".,;":
        return 6
    return 0


def _begins(line: _Line, before: _Line) -> bool:
    """Does `line` begin a new paragraph? At a bullet, after a gap, or on a new page after a full stop."""
    if _BULLET.match(line.text):
        return True
    if line.page != before.page:
        return before.text[-1] in ".!?:؟。"
    return abs(before.y - line.y) > _APART * max(line.size, before.size, 1)


def _piece(lines: list[_Line], body: float, larger: list[float]) -> Piece:
    text = lines[0].text
    for line in lines[1:]:
        # A word that was divided at the end of a line is one again; a dash before a capital or a number stays.
        text = (
            text[:-1] + line.text
            if re.search(r"[^\W\d_]-$", text) and line.text[0].islower()
            else f"{text} {line.text}"
        )
    first = lines[0]
    level = _level(first, body, larger)
    if level:
        return Piece("heading", text, level, first.page)
    if bullet := _BULLET.match(text):
        return Piece("item", text[bullet.end() :] if bullet[0].strip() in "•▪●○‣∙·–-" else text, 0, first.page)
    return Piece("paragraph", text, 0, first.page)
