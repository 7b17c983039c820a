"""Splitting a document, whatever it is. The kind is told by what is in the file, not by its name."""

from __future__ import annotations

import re
import zipfile
from xml.parsers.expat import ExpatError

from knowledge_base.exchange.archives import refuse_bomb
from knowledge_base.exchange.documents.html import docx_pieces, html_pieces
from knowledge_base.exchange.documents.passages import MOST_PASSAGES, Document, passages_of
from knowledge_base.exchange.documents.pdf import pdf_pieces
from knowledge_base.exchange.errors import DocumentRefused
from knowledge_base.said import Said

MOST_BYTES = 20 * 1024 * 1024
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|main|article|section|div|p|h[1-6]|ul|ol|table)[\s>/]", re.IGNORECASE
)


def split_document(data: bytes, name: str) -> Document:
    """The passages of the PDF, DOCX or HTML file `data`; `name` is for messages. Raises `DocumentRefused` with the reason and the way out.

    It trusts the file as far as a library does; `confined.split_confined` is for files that anybody brings along.
    """
    if len(data) > MOST_BYTES:
        raise DocumentRefused(
            Said(
                "{name} has {size:,} bytes; at most {most:,} are read. Split it.",
                name=name,
                size=len(data),
                most=MOST_BYTES,
            )
        )
    notes: list[str] = []
    kind = kind_of(data, name)
    if kind == "pdf":
        title, pieces, notes = pdf_pieces(data, name)
    elif kind == "docx":
        title, pieces = _docx(data, name)
    else:
        try:
            title, pieces = html_pieces(data)
        except (ValueError, RecursionError, AssertionError) as error:
            raise DocumentRefused(
                Said(
                    "{name} is no page that can be read ({kind}); save it from the browser again.",
                    name=name,
                    kind=type(error).__name__,
                )
            ) from None
    passages = passages_of(pieces)
    if not passages:
        raise DocumentRefused(Said("{name} holds no sentences: there is nothing to make entries of.", name=name))
    if len(passages) > MOST_PASSAGES:
        notes.append(
            Said(
                "Only the first {most} of {count} passages are shown; split the document for the rest.",
                most=MOST_PASSAGES,
                count=len(passages),
            )
        )
    return Document(kind, title or passages[0].title, tuple(passages[:MOST_PASSAGES]), tuple(notes))  # type: ignore[arg-type]


def kind_of(data: bytes, name: str) -> str:
    """pdf, docx or html. Raises `DocumentRefused` for anything else, saying what it is where that is known."""
    if not data.strip():
        raise DocumentRefused(Said("{name} is empty.", name=name))
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentRefused(
            Said(
                "{name} is of the old DOC format or has a password; save it as DOCX or PDF without a password.",
                name=name,
            )
        )
    if data.startswith(b"PK"):
        names = refuse_bomb(data, name, DocumentRefused)
        if "word/document.xml" in names:
            return "docx"
        what = (
            Said("a table; bring it in as a spreadsheet")
            if "xl/workbook.xml" in names
            else Said("an archive of other files")
        )
        raise DocumentRefused(Said("{name} is {what}. Documents are PDF, DOCX or HTML.", name=name, what=what))
    head = data[:4096]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    if _HTML.search(head) and b"\0" not in head:
        return "html"
    raise DocumentRefused(
        Said("{name} is neither PDF, DOCX nor HTML by its content; save it as one of them.", name=name)
    )


def _docx(data: bytes, name: str):  # noqa: ANN202 - as docx_pieces
    try:
        return docx_pieces(data)
    except (
        ExpatError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
    ) as error:
        raise DocumentRefused(
            Said(
                "{name} is no DOCX that can be read ({kind}); save it from its program again.",
                name=name,
                kind=type(error).__name__,
            )
        ) from None
