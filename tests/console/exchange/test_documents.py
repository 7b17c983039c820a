"""Documents in the console: split, kept as passages, drafted from, with the paragraph beside the editor."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from knowledge_base.console.exchange.documents import keep
from knowledge_base.console.exchange.models import DocumentPassage, DocumentUpload
from knowledge_base.console.guidance.models import AuditRow, Entry, Source
from knowledge_base.exchange.documents.passages import Document, Passage
from tests.knowledge_base.exchange.documents.made import docx, locked, pdf

pytestmark = pytest.mark.django_db
DOCUMENTS = "/exchange/documents/"
TEXT = "Every traveller may bring {three} bottles for personal use, up to the limit of the day."
FILES = {
    "pdf": pdf([("Guide", 20, 780), (TEXT, 11, 740)]),
    "docx": docx(("Heading1", "Guide"), ("", TEXT)),
    "html": f"<html><body><h1>Guide</h1><p>{TEXT}</p></body></html>".encode(),
}


def bring(client, meridia, data, name="guide.bin", source=None):
    more = {"source": source.pk} if source else {}
    return client.post(DOCUMENTS, {"administration": meridia.pk, "file": SimpleUploadedFile(name, data), **more})


@pytest.fixture
def ann(person, browse):
    return browse(person("ann", "author"))


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_a_document_becomes_passages_and_a_passage_a_draft(ann, meridia, kind):
    source = Source.objects.get(key="qm-general")
    address = bring(ann, meridia, FILES[kind], source=source).url
    upload = DocumentUpload.objects.get()
    assert (upload.kind, upload.passages.count()) == (kind, 1)
    assert TEXT in ann.get(address).content.decode()
    assert not Entry.objects.filter(live=False).exists(), "nothing is drafted by itself"
    ann.post(address, {"take_1": "1", "title_1": "How many bottles?", "topic_1": "alcohol"})
    entry = Entry.objects.get(live=False)
    assert (entry.key, entry.title) == ("qm.alcohol.how_many_bottles", "How many bottles?")
    assert entry.answer == TEXT.replace("{", "(").replace("}", ")") + "\n", "braces would name figures"
    assert [row.source for row in entry.latest().entry_sources.all()] == [source]
    assert entry.get_latest_revision().user.username == "ann"
    assert [row.action for row in AuditRow.objects.filter(action__startswith="document").order_by("pk")] == [
        "document.bring",
        "document.draft",
    ]
    again = ann.get(address).content.decode()
    assert "Draft:" in again and "take_1" not in again
    ann.post(address, {"take_1": "1", "title_1": "Again", "topic_1": "alcohol"})
    assert Entry.objects.filter(live=False).count() == 1, "a passage is drafted once"


def test_a_second_draft_of_one_title_gets_an_id_of_its_own(ann, meridia):
    two = docx(("Heading1", "A"), ("", TEXT), ("Heading1", "B"), ("", TEXT))
    address = bring(ann, meridia, two).url
    ann.post(
        address,
        {
            f"{name}_{number}": value
            for number in (1, 2)
            for name, value in (("take", "1"), ("title", "Same"), ("topic", "alcohol"))
        },
    )
    assert sorted(Entry.objects.filter(live=False).values_list("key", flat=True)) == [
        "qm.alcohol.same",
        "qm.alcohol.same_2",
    ]


@pytest.mark.parametrize("more", [{"topic_1": ""}, {"topic_1": "../x"}, {"title_1": " "}])
def test_a_draft_needs_a_title_and_a_topic(ann, meridia, more):
    address = bring(ann, meridia, FILES["html"]).url
    page = ann.post(address, {"take_1": "1", "title_1": "T", "topic_1": "alcohol"} | more, follow=True)
    assert "needs a title and a topic" in page.content.decode() and not Entry.objects.filter(live=False).exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (locked(FILES["pdf"]), "has a password"),
        (pdf([]), "it is a scan"),
        (b"just text", "neither PDF, DOCX nor HTML"),
        (b"\x7fELF" + bytes(90), "neither PDF"),
        (b"", "empty"),
    ],
)
def test_what_cannot_be_split_is_said_plainly(ann, meridia, data, told):
    page = bring(ann, meridia, data, "guide.pdf")
    assert page.status_code == 200 and told in page.content.decode()
    assert not DocumentUpload.objects.exists()


@pytest.mark.parametrize("role", ["translator", "reviewer", "analyst", "auditor", "publisher"])
def test_others_read_and_bring_nothing(meridia, person, browse, role, ann):
    address = bring(ann, meridia, FILES["html"]).url
    client = browse(person("max", role))
    page = client.get(address)
    assert page.status_code == 200 and "take_1" not in page.content.decode()
    client.post(address, {"take_1": "1", "title_1": "T", "topic_1": "alcohol"})
    bring(client, meridia, FILES["html"])
    assert DocumentUpload.objects.count() == 1 and not Entry.objects.filter(live=False).exists()


def test_authors_of_another_administration(meridia, person, browse, ann):
    address = bring(ann, meridia, FILES["html"]).url
    client = browse(person("zoe", "author", administrations=["gb"]))
    client.post(address, {"take_1": "1", "title_1": "T", "topic_1": "alcohol"})
    assert not Entry.objects.filter(live=False).exists()
    assert "valid choice" in bring(client, meridia, FILES["html"]).content.decode()


def test_the_paragraph_stands_beside_the_editor(ann, meridia):
    address = bring(ann, meridia, FILES["docx"]).url
    ann.post(address, {"take_1": "1", "title_1": "How many bottles?", "topic_1": "alcohol"})
    entry = Entry.objects.get(live=False)
    editor = ann.get(f"/snippets/guidance/entry/edit/{entry.pk}/").content.decode()
    assert "The paragraph that it was made from" in editor and TEXT in editor
    other = Entry.objects.get(key="qm.alcohol.over")
    assert (
        "The paragraph that it was made from"
        not in ann.get(f"/snippets/guidance/entry/edit/{other.pk}/").content.decode()
    )
    DocumentPassage.objects.all().delete()
    assert ann.get(f"/snippets/guidance/entry/edit/{entry.pk}/").status_code == 200


def test_signs_that_no_database_keeps_are_left_out(person, meridia):
    """A PDF without a table of its letters gives such signs."""
    passage = Passage(("Hea\0ding",), 1, ("Two\0 bottles \ud83d of wine.",))
    document = Document("pdf", "Gu\0ide", (passage,), ())
    upload = keep(document, b"%PDF", "guide.pdf", meridia, None, person("ann", "author"))
    kept = DocumentUpload.objects.get(pk=upload.pk).passages.get()
    assert (kept.document.title, kept.headings, kept.paragraphs) == ("Guide", ["Heading"], ["Two bottles ? of wine."])
