"""Tables in the console: taken away, brought in with a dry run, applied as drafts in the name of whoever brought them."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from knowledge_base.console.exchange.errands import work_off
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.guidance.models import AuditRow, Entry, Figure, Source
from knowledge_base.exchange.tables.files import read_tables

pytestmark = pytest.mark.django_db
TABLES = "/exchange/tables/"


def export(client: Any, meridia: Any, *sheets: str, form: str = "csv") -> Any:
    return client.get(
        reverse("exchange:export"), {"administration": meridia.pk, "sheets": sheets, "form": form, "drafts": "on"}
    )


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def table(*rows: dict[str, str]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def bring(client: Any, meridia: Any, data: bytes, name: str = "entries.csv") -> Any:
    answer = client.post(
        TABLES, {"administration": meridia.pk, "file": SimpleUploadedFile(name, data), "encoding": "", "language": "en"}
    )
    work_off()
    return answer


def go(client: Any, meridia: Any, data: bytes, name: str = "entries.csv", **more: str) -> Any:
    """Bring a table in and apply it as it is shown."""
    address = bring(client, meridia, data, name).url
    take(client, address, **more)
    return client.get(address)


def take(client: Any, address: str, **more: str) -> Any:
    """Press the button of the page that shows the changes, and let the worker do it."""
    answer = client.post(address, {"digest": client.get(address).context["seen"]["digest"], **more}, follow=True)
    work_off()
    return answer


@pytest.fixture
def ann(person, browse):
    client = browse(person("ann", "author"))
    return client


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_taken_away_and_brought_back_changes_nothing(ann, meridia, form):
    names = ("entries", "questions", "translations", "sources", "figures", "values", "conflicts")
    response = export(ann, meridia, *names, form=form)
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    sheets, _ = read_tables(response.content, "x")
    assert [sheet.name for sheet in sheets] == list(names)
    page = ann.get(bring(ann, meridia, response.content, "x.xlsx").url)
    assert page.context["seen"]["items"] == 0 and page.context["seen"]["faults"] == []
    assert "The table changes nothing" in page.content.decode()
    assert AuditRow.objects.filter(action="table.take").count() == 1


def test_a_change_is_shown_and_only_then_a_draft(ann, meridia):
    (row,) = [row for row in rows_of(export(ann, meridia, "entries")) if row["id"] == "qm.vape.allowance"]
    address = bring(ann, meridia, table(row | {"title": "How many e-cigarettes can I bring?"})).url
    page = ann.get(address)
    assert "<del>vapes</del><ins>e-cigarettes</ins>" in page.content.decode()
    entry = Entry.objects.get(key="qm.vape.allowance")
    assert not entry.has_unpublished_changes
    take(ann, address)
    entry.refresh_from_db()
    assert entry.title == "How many vapes can I bring?" and entry.live, "what is served stays"
    assert entry.latest().title == "How many e-cigarettes can I bring?"
    assert entry.get_latest_revision().user.username == "ann"
    audit = AuditRow.objects.get(action="table.apply")
    assert audit.details["drafted"] == ["qm.vape.allowance"] and not audit.details["submitted"]
    upload = TableUpload.objects.get()
    assert upload.data is None and "How many" in ann.get(address).content.decode()
    assert ann.post(address, {"digest": page.context["seen"]["digest"]}).status_code == 200
    assert not work_off()
    assert AuditRow.objects.filter(action="table.apply").count() == 1, "applied once"


def test_new_entries_questions_and_values_in_one_workbook(ann, meridia):
    go(
        ann, meridia,
        table({
            "id": "qm.gift.many", "topic": "parcels", "title": "Several gifts?", "audience": "both", "answer": "Each up to {qm.gift.limit}.",
            "sources": "qm-general", "review_by": "2027-05-21", "related": "qm.gift.parcel_limit, qm.gift.new_too",
        }, {
            "id": "qm.gift.new_too", "topic": "parcels", "title": "And then?", "audience": "both", "answer": "Then no.",
            "sources": "qm-general", "review_by": "2027-05-21", "related": "",
        }),
    )  # fmt: skip
    entry = Entry.objects.get(key="qm.gift.many")
    assert not entry.live and entry.latest().entry_sources.all()[0].source.key == "qm-general"
    assert [row.other.key for row in entry.latest().related_entries.all()] == [
        "qm.gift.parcel_limit",
        "qm.gift.new_too",
    ]
    go(ann, meridia, table({"entry": "qm.gift.many", "language": "en", "question": "several gifts"}), "questions.csv")
    entry.refresh_from_db()
    assert [question.text for question in entry.latest().questions.all()] == ["several gifts"]
    go(
        ann,
        meridia,
        table({"figure": "qm.alcohol.wine", "from": "2027-03-01", "value": "5 L"}),
        "values.csv",
        and_submit="1",
    )
    figure = Figure.objects.get(key="qm.alcohol.wine")
    assert figure.workflow_in_progress and [each.value for each in figure.latest().periods.all()] == ["3", "5"]


def test_wrong_rows_are_named_and_left_out_only_when_told(ann, meridia):
    data = table({"id": "qm.vape.allowance", "title": "Vapes?"}, {"id": "qm.nobody", "title": "x"})
    address = bring(ann, meridia, data).url
    page = ann.get(address)
    (fault,) = page.context["seen"]["faults"]
    assert (fault["row"], fault["column"]) == (3, "topic") and "Wrong rows: 1" in page.content.decode()
    take(ann, address)
    assert TableUpload.objects.get().applied_at is None
    take(ann, address, leave_out="1")
    assert Entry.objects.get(key="qm.vape.allowance").latest().title == "Vapes?"
    assert not Entry.objects.filter(key="qm.nobody").exists()


def test_what_is_applied_is_what_was_shown(ann, meridia, person):
    """Somebody saves another draft after the look: nothing is laid down, and the changes are shown as they are now."""
    address = bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "Vapes?"})).url
    entry = Entry.objects.get(key="qm.vape.allowance").latest()
    entry.title = "Another title meanwhile"
    entry.save_revision(user=person("max", "author"))
    take(ann, address)
    page = ann.get(address).content.decode()
    assert "look at them again" in page and "Another title meanwhile" in page
    assert TableUpload.objects.get().applied_at is None
    assert Entry.objects.get(key="qm.vape.allowance").latest().title == "Another title meanwhile"
    take(ann, address)
    assert Entry.objects.get(key="qm.vape.allowance").latest().title == "Vapes?"


def test_an_old_page_takes_nothing_over(ann, meridia):
    address = bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "Vapes?"})).url
    page = ann.post(address, {"digest": "0" * 64})
    assert "look at the changes again" in page.content.decode() and not work_off()


def test_what_waits_for_approval_is_left_alone(ann, meridia, person):
    entry = Entry.objects.get(key="qm.vape.allowance")
    entry.latest().save_revision(user=person("max", "author"))
    entry.refresh_from_db()
    entry.get_workflow().start(entry, person("mia", "author"))
    page = ann.get(bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "Vapes?"})).url)
    assert "waits for approval" in page.context["seen"]["faults"][0]["remedy"] and page.context["seen"]["changes"] == []


def test_a_translator_brings_translations_of_their_language_and_nothing_else(meridia, person, browse):
    client = browse(person("tom", "translator", languages=["ar"]))
    page = client.get(bring(client, meridia, table({"id": "qm.vape.allowance", "title": "Vapes?"})).url)
    assert "Only authors" in page.context["seen"]["faults"][0]["remedy"] and not page.context["seen"]["changes"]
    french = {"entry": "qm.vape.allowance", "language": "fr", "title": "x", "answer": "Jusqu’à {qm.vape.limit}."}
    page = client.get(bring(client, meridia, table(french), "translations.csv").url)
    assert "this language" in page.context["seen"]["faults"][0]["remedy"]
    arabic = french | {"language": "ar", "answer": "حتى {qm.vape.limit}."}
    go(client, meridia, table(arabic), "translations.csv")
    entry = Entry.objects.get(key="qm.vape.allowance").latest()
    assert [row.language for row in entry.translations.all()] == ["ar"]


@pytest.mark.parametrize("role", ["reviewer", "analyst", "auditor", "publisher"])
def test_others_take_away_and_bring_nothing(meridia, person, browse, role):
    client = browse(person("max", role))
    assert export(client, meridia, "entries").status_code == 200
    assert bring(client, meridia, table({"id": "qm.vape.allowance", "title": "x"})).status_code in (302, 403)
    assert not TableUpload.objects.exists()


def test_nobody_brings_for_an_administration_that_is_not_theirs(meridia, person, browse):
    client = browse(person("zoe", "author", administrations=["gb"]))
    assert "valid choice" in bring(client, meridia, table({"id": "qm.x", "title": "x"})).content.decode()


def test_a_table_is_its_bringers_own(ann, meridia, person, browse):
    address = bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "x"})).url
    assert browse(person("max", "author")).get(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"MZ\x90\x00" + bytes(60), "is no text|not utf-8"),
        (b"", "empty"),
        (b"PK\x03\x04xx", "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(80), "password"),
    ],
)
def test_files_that_are_no_tables(ann, meridia, data, told):
    page = bring(ann, meridia, data, "entries.xlsx")
    if data:  # an empty file is refused by the form at once
        page = ann.get(page.url)
        assert TableUpload.objects.get().step == TableUpload.Step.REFUSED
    assert page.status_code == 200 and re.search(told, page.content.decode())


def test_given_up_and_forgotten_tables_go(ann, meridia):
    address = bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "x"})).url
    ann.post(address, {"give_up": "1"})
    assert TableUpload.objects.get().data is None and "given up" in ann.get(address).content.decode()
    bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "y"}))
    TableUpload.objects.filter(data__isnull=False).update(when=timezone.now() - timedelta(days=30))
    bring(ann, meridia, table({"id": "qm.vape.allowance", "title": "z"}))
    assert TableUpload.objects.filter(data__isnull=False).count() == 1


def test_a_new_source_is_a_draft_too(ann, meridia):
    row = {
        "id": "qm-new",
        "title": "New page",
        "publisher": "P",
        "url": "https://customs.meridia.example/new",
        "kind": "official",
        "as_of": "undated",
        "checked": "2026-11-20",
    }
    go(ann, meridia, table(row), "sources.csv")
    source = Source.objects.get(key="qm-new")
    assert not source.live and source.latest().title == "New page"


def test_every_field_of_the_page_has_an_id_of_its_own(ann):
    ids = re.findall(r' id="([^"]+)"', ann.get(TABLES).content.decode())
    assert {"export_administration", "id_administration"} <= set(ids) and len(ids) == len(set(ids))
