"""Files that staff bring along, and what is refused of them by content, whatever their name says. Nothing of them is left on the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knowledge_base.console.exchange.models import DocumentUpload
from knowledge_base.console.guidance.models import Administration
from knowledge_base.exchange.tables.files import TableRefused, read_tables

pytestmark = pytest.mark.django_db
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def bomb(main: str) -> bytes:
    return archive(**{main: b"<x/>", "filler.xml": b"\0" * 60_000_000})


def with_macros(main: str) -> bytes:
    return archive(**{main: b"<x/>", main.split("__")[0] + "__vbaProject.bin": b"Sub AutoOpen()"})


REFUSED = {
    "bomb.docx": (bomb("word__document.xml"), "unpacks to more than"),
    "macros.docx": (with_macros("word__document.xml"), "holds macros"),
    "entities.docx": (archive(word__document_xml=b'<!DOCTYPE x [<!ENTITY a "b">]>'), "document type"),
    "old.docx": (OLD_OFFICE, "old DOC format"),
    "program.pdf": (b"MZ\x90\0" + b"\0" * 500, "neither PDF"),
    "table.docx": (archive(xl__workbook=b"<x/>"), "archive"),
    "empty.pdf": (b"", "empty"),
}


@pytest.fixture
def author(person: Callable[..., User], browse: Callable[[User], Client]) -> Client:
    return browse(person("ann", "author"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_is_none_is_refused_with_a_reason(author: Client, meridia: Administration, name: str) -> None:
    data, why = REFUSED[name]
    file = SimpleUploadedFile(name, data, "application/pdf")
    response = author.post("/exchange/documents/", {"administration": meridia.pk, "file": file})
    assert response.status_code == 200
    assert why in response.content.decode()
    assert not DocumentUpload.objects.exists()
    assert files_below(Path(settings.MEDIA_ROOT)) == []


def test_a_document_that_is_too_large_is_refused(
    author: Client, meridia: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge_base.console.exchange.views.documents.MOST_BYTES", 1_000)
    file = SimpleUploadedFile("long.pdf", b"%PDF-" + b"x" * 2_000)
    response = author.post("/exchange/documents/", {"administration": meridia.pk, "file": file})
    assert "is larger than" in response.content.decode()


def test_a_good_document_is_split_and_the_file_is_not_kept(author: Client, meridia: Administration) -> None:
    page = b"<html><body><h1>Wine</h1><p>Wine may be brought in up to a limit.</p></body></html>"
    response = author.post(
        "/exchange/documents/", {"administration": meridia.pk, "file": SimpleUploadedFile("page.html", page)}
    )
    assert response.status_code == 302
    assert files_below(Path(settings.MEDIA_ROOT)) == []


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bomb("xl__workbook.xml"), "unpacks to more than"),
        (with_macros("xl__workbook.xml"), "holds macros"),
        (OLD_OFFICE, "old XLS format"),
        (archive(a=b"MZ"), "holds no table"),
    ],
)
def test_a_table_that_is_none_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(TableRefused, match=why):
        read_tables(data, "table.xlsx")


def test_a_workbook_without_macros_is_read() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.save(file)
    try:
        read_tables(file.getvalue(), "table.xlsx")
    except TableRefused as error:
        assert "macros" not in str(error)
