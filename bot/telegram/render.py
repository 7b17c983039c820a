"""Blocks as paragraphs of Telegram's HTML, and the buttons that go under them.

Everything that comes from outside is escaped; a tag is opened and closed within one line, so that a message can be cut anywhere
else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from customs.bidi import RIGHT_TO_LEFT_MARK, begins_right_to_left, isolate, right_to_left
from customs.blocks import Block, is_day, labels_of
from customs.days import long_date
from customs.wording import Wording, direction

say = Wording(Path(__file__).parent / "locale")

# Longer than any address of a real page; as a link it would not leave room for text in a message.
MAX_LINK = 1500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def paragraphs(blocks: Iterable[Block], language: str) -> list[str]:
    """Complete HTML paragraphs, one or more a block, in the reading direction of `language`."""
    made: list[str] = []
    blocks = list(blocks)
    for kind, run in groupby(
        (block for block in blocks if block["type"] != "buttons"), key=lambda block: block["type"]
    ):
        shown = [part for block in run for part in _SHOW[kind](block, language)]
        # Sources that follow each other are one paragraph, a line each.
        made += ["\n".join(shown)] if kind == "source" else shown
    made += [text(label, language) for label in labels_of(blocks)]
    return [part for part in made if part.strip()]


def text(raw: str, language: str) -> str:
    """`raw` shown literally: escaped, without what Telegram refuses, directions marked in Arabic and Urdu."""
    clean = _CONTROL.sub("", raw).strip()
    return html.escape(right_to_left(clean) if direction(language) == "rtl" else clean, quote=False)


def plain_text(made: str) -> str:
    """What is left of rendered HTML without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", made))


def inline(raw: str, language: str) -> str:
    """`raw` as part of a line: in Arabic and Urdu, what begins in Latin letters keeps its direction as a whole."""
    if direction(language) == "rtl" and not begins_right_to_left(raw):
        return isolate(html.escape(_CONTROL.sub("", raw).strip(), quote=False))
    return text(raw, language)


def quoted_choice(title: str, language: str) -> str:
    """The line that shows which button was pressed."""
    return f"{_mark(language)}✓ <b>{inline(title, language)}</b>"


def _mark(language: str) -> str:
    return RIGHT_TO_LEFT_MARK if direction(language) == "rtl" else ""


def day(iso: str, language: str) -> str:
    """An ISO date in words of the language, or as it is when it is none."""
    words = long_date(iso, language)
    return isolate(words) if direction(language) == "rtl" and re.search("[A-Za-z]|^[0-9-]+$", words) else words


def _link(label: str, url: str) -> str:
    if not url.startswith(("https://", "http://", "mailto:", "tel:")) or len(url) > MAX_LINK:
        return f"{label} {html.escape(url, quote=False)}".strip()
    return f'<a href="{html.escape(url)}">{label}</a>'


def _bold(raw: str, language: str) -> str:
    return "\n".join(f"<b>{line}</b>" if line.strip() else line for line in text(raw, language).split("\n"))


def _paragraph(block: Block, language: str) -> list[str]:
    # An empty line in the text is a paragraph end, a better place for a cut than any line end.
    return [text(part, language) for part in re.split(r"\n\s*\n", block["text"])]


def _notice(block: Block, language: str) -> list[str]:
    return [f"{'⚠️' if block['level'] == 'warning' else 'ℹ️'} {text(block['text'], language)}"]


def _list(block: Block, language: str) -> list[str]:
    right = _mark(language)
    marks = [f"{number}." if block.get("ordered") else "•" for number in range(1, len(block["items"]) + 1)]
    return ["\n".join(f"{right}{mark} {text(item, language)}" for mark, item in zip(marks, block["items"]))]


def _card(block: Block, language: str) -> list[str]:
    lines = [_bold(block["title"], language)]
    if block.get("text"):
        lines.append(text(block["text"], language))
    lines += [
        f"{_mark(language)}{inline(label, language)}: {inline(value, language)}"
        for label, value in block.get("rows", [])
    ]
    if block.get("url"):
        lines.append(_link(inline(block["url"], language), block["url"]))
    return ["\n".join(lines)]


def _table(block: Block, language: str) -> list[str]:
    """A row a paragraph, each cell with the name of its column: columns side by side break on a telephone."""
    made = [_bold(block["caption"], language)] if block.get("caption") else []
    columns = [inline(column, language) for column in block["columns"]]
    rows = [[inline(cell, language) for cell in row] for row in block["rows"]]
    right = _mark(language)
    if len(columns) == 2 and all(len(row) == 2 for row in rows):
        lines = [
            f"{right}<i>{columns[0]}: {columns[1]}</i>",
            *(f"{right}<b>{name}</b>: {value}" for name, value in rows),
        ]
        return ["\n".join([*made, *lines])]
    for row in rows:
        # A cell with nothing in it is left out. A row longer than the head keeps its cells, without names.
        named = [f"{name}: {cell}" if name and cell else cell for name, cell in zip(columns[1:], row[1:])]
        named += row[len(columns) :]
        made.append("\n".join(f"{right}{line}" for line in [f"<b>{row[0]}</b>" if row else "", *named] if line))
    return made


def _source(block: Block, language: str) -> list[str]:
    title = _link(inline(block["title"], language), block["url"])
    if block.get("publisher"):
        title += f" ({inline(block['publisher'], language)})"
    line = say(language, "Source: {source}, checked on {day}", source=title, day=day(block["checked"], language))
    if is_day(block.get("as_of")):
        line += f" ({say(language, 'as of {day}', day=day(block['as_of'], language))})"
    return [f"{_mark(language)}📄 {line}"]


_SHOW = {
    "paragraph": _paragraph, "notice": _notice, "list": _list, "card": _card, "table": _table, "source": _source,
}  # fmt: skip
