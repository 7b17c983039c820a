"""HTML, and DOCX by way of it: the words of the page itself, without menus, forms and footers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import mammoth
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from knowledge_base.exchange.documents.passages import Piece

_NOT_THE_TEXT = [
    "script", "style", "template", "noscript", "nav", "header", "footer", "aside", "form", "button", "select", "svg", "iframe", "object",
    "head", "dialog",
]  # fmt: skip
_NOT_ROLES = ["navigation", "banner", "contentinfo", "search", "complementary", "alert", "dialog"]
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ITEMS = {"li", "tr", "dd"}
_BLOCKS = {
    *_HEADINGS, *_ITEMS, "p", "div", "section", "article", "main", "body", "blockquote", "pre", "dt", "dl", "ul", "ol", "table", "caption",
    "figcaption", "figure", "address", "details", "summary", "td", "th", "html", "[document]",
}  # fmt: skip
_CELLS = {"td", "th"}


def html_pieces(data: bytes | str) -> tuple[str, list[Piece]]:
    """(title, pieces) of a page. Its encoding is the one that it names, else UTF-8 or what fits."""
    soup = BeautifulSoup(data, "lxml")
    title = " ".join(soup.title.get_text(" ").split()) if soup.title else ""
    body = soup.find("main") or soup.find(attrs={"role": "main"}) or soup.find("article") or soup.body or soup
    for tag in body.find_all(_NOT_THE_TEXT):
        # A header inside the text may hold its title; one that is the page's does not.
        if not (tag.name == "header" and tag.find(list(_HEADINGS))):
            tag.extract()
    for tag in (
        body.find_all(attrs={"role": _NOT_ROLES})
        + body.find_all(attrs={"aria-hidden": "true"})
        + body.find_all(hidden=True)
    ):
        tag.extract()
    return title, list(_pieces(body))


def docx_pieces(data: bytes) -> tuple[str, list[Piece]]:
    """(title, pieces) of a Word document; headings are those of its styles. Pictures are left out."""
    styles = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
    converted = mammoth.convert_to_html(
        io.BytesIO(data), style_map=styles, convert_image=mammoth.images.img_element(lambda image: {}), include_embedded_style_map=False
    )  # fmt: skip
    _, pieces = html_pieces(converted.value)
    return next((piece.text for piece in pieces if piece.kind == "heading"), ""), pieces


def _pieces(body: Tag) -> Iterator[Piece]:
    """The text nodes, gathered by the block that they stand in; the cells of a row are told apart by a bar."""
    words: list[str] = []
    now: Tag | None = None
    cell: Tag | None = None
    for node in body.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                words.append(" ")
            continue
        if not isinstance(node, NavigableString) or isinstance(node, PreformattedString):
            continue
        block, inside = _block_of(node)
        if block is not now:
            yield from _piece(now, words)
            words, now, cell = [], block, inside
        elif inside is not cell:
            words, cell = [*words, " | "], inside
        words.append(str(node))
    yield from _piece(now, words)


def _block_of(node: NavigableString) -> tuple[Tag | None, Tag | None]:
    """(the block, the cell) that a text stands in; a paragraph in an item or a cell is part of that."""
    block = cell = None
    for parent in node.parents:
        if parent.name in _CELLS and cell is None:
            cell = parent
        if parent.name == "tr" or (parent.name in _ITEMS and cell is None):
            return parent, cell
        if parent.name in _HEADINGS and block is None:
            return parent, None
        if parent.name in _BLOCKS and block is None:
            block = parent
    return block, None


def _piece(block: Tag | None, words: list[str]) -> Iterator[Piece]:
    text = re.sub(r"(?:\s*\|\s*)+", " | ", " ".join("".join(words).split())).strip(" |")
    if not text or block is None:
        return
    if block.name in _HEADINGS:
        yield Piece("heading", text, _HEADINGS[block.name])
    else:
        yield Piece("item" if block.name in _ITEMS else "paragraph", text)
