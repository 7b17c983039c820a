"""A reply on the chat page as text: the same for the HTML of the server and for the nodes of the page's script.

`read_page(html)` reads the first reply, or the page's alert, of whole or partial HTML. What CSS shows is kept: line breaks inside a
paragraph, numbers of a list, what is folded; what only a screen reader is told and the script's own tools are left out.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.bot.golden.rendering import Rendering

VOID = {"br", "img", "input", "link", "meta"}
LINES = {"p", "li", "caption", "tr", "dl", "div", "form", "details", "ul", "ol"}
CELLS = {"td", "th"}
LEVELS = {"info": "(i) ", "warning": "(!) "}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.made: Rendering | None = None
        self.depth = 0
        self.line = ""
        self.piece = ""
        self.numbers: list[int | None] = []
        self.href = ""

    # -- where we are ----------------------------------------------------------------------------------------------
    def _inside(self, name: str) -> bool:
        return any(name == tag or name in classes for tag, classes in self.open)

    @property
    def _reading(self) -> bool:
        return bool(self.depth) and not self._inside("vh") and not self._inside("tools")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        classes = set(given.get("class", "").split())
        if not self.depth and self.made is None and ("reply" in classes or given.get("id") == "problem"):
            self.made, self.open, self.line, self.piece = Rendering(), [], "", ""
            self.depth = 1
        elif tag in VOID:
            return
        elif self.depth:
            self.depth += 1
        if self.depth:
            self.open.append((tag, classes))
        if self._reading:
            self._begin(tag, classes, given)

    def handle_endtag(self, tag: str) -> None:
        if not self.depth:
            return
        if self._reading:
            self._end(tag)
        self.open.pop()
        self.depth -= 1
        if not self.depth:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._reading:
            return
        # `.reply p` keeps the line breaks of its text, everything else folds them into a space.
        in_paragraph = any(tag == "p" for tag, _ in self.open)
        for number, part in enumerate(data.split("\n") if in_paragraph else [data]):
            if number:
                self._break()
            self.piece += re.sub(r"[ \t\r\n]+", " ", part)

    # -- what is made ----------------------------------------------------------------------------------------------
    def _begin(self, tag: str, classes: set[str], given: dict[str, str]) -> None:
        if tag in LINES:
            self._break()
        if tag == "ol" or tag == "ul":
            self.numbers.append(0 if tag == "ol" else None)
        if tag == "li" and self.numbers:
            if self.numbers[-1] is None:
                self.piece = "• "
            else:
                self.numbers[-1] += 1
                self.piece = f"{self.numbers[-1]}. "
        elif tag == "p" and "notice" in classes:
            self.line = next((sign for level, sign in LEVELS.items() if level in classes), "")
        elif tag == "summary":
            self._break()
            self.line = "▾ "
        elif tag in CELLS | {"dd"} and self.line:
            self._cut(" | " if tag in CELLS else ": ")
        elif tag in {"a", "button"}:
            self._cut()
            self.href = given.get("href", "")
        elif tag == "bdi":
            self.piece += "\u2066" if given.get("dir") == "ltr" else ""
        elif tag == "strong":
            self.line += "*"

    def _end(self, tag: str) -> None:
        if tag == "bdi" and "\u2066" in self.piece:
            self.piece += "\u2069"
        elif tag == "strong":
            self._cut("*")
        elif tag == "a":
            text, href = self.piece, self.href
            self._cut()
            if href.startswith("http"):  # a number or a mail address that can be tapped is no source
                self.made.urls.append(href)
                self.line += "" if href in text else f" <{href}>"
        elif tag == "button":
            title, self.piece = self.piece.strip(), ""
            self.made.titles.append(title)
            self.line += f"{' ' if self.line.strip() else ''}[{title}]"
        elif tag in {"ol", "ul"}:
            self._break()
            self.numbers.pop()
        elif tag in CELLS | {"dt", "dd", "summary"}:
            self._cut()
        elif tag in LINES:
            self._break()

    def _cut(self, sign: str = "") -> None:
        """End a piece that is read on its own: a cell, a link, a label."""
        if self.piece.strip():
            self.made.pieces.append(self.piece.strip())
        self.line += self.piece + sign
        self.piece = ""

    def _break(self) -> None:
        self._cut()
        # Between buttons the one way has blanks and the other none; a gap of the style sheet stands there in both.
        if line := re.sub(" +", " ", self.line).strip():
            self.made.lines.append(line)
        self.line = ""


def read_page(html: str) -> Rendering:
    """The first reply or alert in `html`. Raises LookupError when there is none."""
    reader = _Reader()
    reader.feed(html)
    if reader.made is None:
        raise LookupError("There is neither a reply nor an alert on the page.")
    return reader.made
