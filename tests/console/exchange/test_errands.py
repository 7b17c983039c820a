"""Large tables are worked off by the console's worker: pages only say how far it is, and what is taken over is what was shown."""

from __future__ import annotations

import csv
import io
import threading
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from knowledge_base.console.exchange import errands
from knowledge_base.console.exchange.errands import errands_beside, give_back_interrupted, work_off
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.guidance.models import AuditRow, Entry
from knowledge_base.exchange.tables import cells, files

pytestmark = pytest.mark.django_db
Step = TableUpload.Step
ENTRIES, QUESTIONS = 250, 19  # 250 rows of entries and 4,750 of questions


def written(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def large() -> bytes:
    """5,000 rows: new answers with their questions, as a zip of CSV files."""
    entries = [
        {
            "id": f"qm.large.e{number}", "topic": "large", "title": f"How is thing {number} treated?", "audience": "both",
            "answer": f"Thing {{={number}}} is free.", "sources": "qm-general", "review_by": "2027-05-21",
        }
        for number in range(ENTRIES)
    ]  # fmt: skip
    questions = [
        {"entry": f"qm.large.e{number}", "language": "en", "question": f"may thing {number} come in way {way}"}
        for number in range(ENTRIES)
        for way in range(QUESTIONS)
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("entries.csv", written(entries))
        archive.writestr("questions.csv", written(questions))
    return out.getvalue()


def one(**cells: str) -> bytes:
    return written([{"id": "qm.vape.allowance", "title": "Vapes?"} | cells])


def bring(client: Any, meridia: Any, data: bytes, name: str) -> str:
    """The address of the page of a table that was brought in and that nobody has looked at."""
    form = {"administration": meridia.pk, "file": SimpleUploadedFile(name, data), "encoding": "", "language": "en"}
    return client.post(reverse("exchange:tables"), form).url


@pytest.fixture
def ann(person: Any, browse: Any) -> Any:
    return browse(person("ann", "author"))


def test_five_thousand_rows_hold_no_request(ann: Any, meridia: Any) -> None:
    with CaptureQueriesContext(connection) as small:
        bring(ann, meridia, one(), "entries.csv")
    with CaptureQueriesContext(connection) as many:
        address = bring(ann, meridia, large(), "large.zip")
    assert len(many) == len(small), "bringing 5,000 rows in does what bringing one does"
    upload = TableUpload.objects.get(name="large.zip")
    assert upload.step == Step.LOOK and upload.seen == {}
    assert "as soon as what was asked for before is done" in ann.get(address).content.decode()

    assert work_off() and work_off() and not work_off()
    page = ann.get(address)
    seen = page.context["seen"]
    assert seen["rows"] == ENTRIES * (1 + QUESTIONS) and seen["items"] == ENTRIES and seen["wrong"] == 0
    with CaptureQueriesContext(connection) as pressed:
        ann.post(address, {"digest": seen["digest"], "and_submit": "1"})
    assert len(pressed) < 25 and not Entry.objects.filter(topic="large").exists()
    assert "will be laid down" in ann.get(address).content.decode()

    assert work_off()
    drafted = Entry.objects.filter(topic="large")
    assert drafted.count() == ENTRIES and not drafted.filter(live=True).exists()
    assert (
        all(entry.workflow_in_progress for entry in drafted[:5]) and drafted[7].latest().questions.count() == QUESTIONS
    )
    assert AuditRow.objects.get(action="table.apply").details["submitted"] is True
    assert ann.get(address).content.decode().count("How is thing") == ENTRIES


def test_the_worker_does_it_by_itself(ann: Any, meridia: Any, transactional_db: Any) -> None:
    address = bring(ann, meridia, one(), "entries.csv")
    mark = ann.get(f"{address}mark").json()["mark"]
    with errands_beside(threading.Event()):
        for _ in range(300):
            if ann.get(f"{address}mark").json()["mark"] != mark and TableUpload.objects.get().step == Step.SHOWN:
                break
            time.sleep(0.1)
    assert "<ins>" in ann.get(address).content.decode()


def test_a_waiting_page_says_when_nobody_works(ann: Any, meridia: Any) -> None:
    address = bring(ann, meridia, one(), "entries.csv")
    assert "Nobody has begun" not in ann.get(address).content.decode()
    TableUpload.objects.update(step_at=timezone.now() - timedelta(minutes=1))
    assert "Nobody has begun" in ann.get(address).content.decode()
    TableUpload.objects.update(begun=True)
    page = ann.get(address).content.decode()
    assert "Nobody has begun" not in page and "are being looked for" in page


def test_what_is_given_up_while_it_waits_is_not_looked_at(ann: Any, meridia: Any) -> None:
    address = bring(ann, meridia, one(), "entries.csv")
    ann.post(address, {"give_up": "1"})
    assert not work_off() and "given up" in ann.get(address).content.decode()


def test_what_a_worker_had_begun_is_done_by_the_next(ann: Any, meridia: Any) -> None:
    bring(ann, meridia, one(), "entries.csv")
    TableUpload.objects.update(begun=True)  # and the machine stopped
    give_back_interrupted()
    assert not TableUpload.objects.get().begun and work_off()
    assert TableUpload.objects.get().step == Step.SHOWN


def test_a_right_that_was_taken_away_meanwhile(ann: Any, meridia: Any) -> None:
    from django.contrib.auth import get_user_model

    from knowledge_base.console.accounts.rights import staff_member

    address = bring(ann, meridia, one(), "entries.csv")
    work_off()
    ann.post(address, {"digest": ann.get(address).context["seen"]["digest"]})
    member = staff_member(get_user_model().objects.get(username="ann"))
    member.administrations = ["gb"]
    member.save()
    work_off()
    upload = TableUpload.objects.get()
    assert not Entry.objects.get(key="qm.vape.allowance").has_unpublished_changes and upload.applied_at is None


def test_a_fault_of_the_program_leaves_everything_as_it_was(
    ann: Any, meridia: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = bring(ann, meridia, one(), "entries.csv")
    monkeypatch.setitem(errands._ACTS[TableUpload], Step.LOOK, lambda upload: 1 / 0)
    assert work_off() and not work_off()
    assert "Nothing was changed" in ann.get(address).content.decode()


def test_too_many_rows(ann: Any, meridia: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    address = bring(
        ann, meridia, written([{"id": f"qm.a.b{number}", "title": "x"} for number in range(4)]), "entries.csv"
    )
    work_off()
    assert "has 4 rows; at most 3 are read" in ann.get(address).content.decode()
    assert f"{cells.MOST_ROWS:,}" in ann.get(reverse("exchange:tables")).content.decode(), (
        "the bound is told beforehand"
    )


def test_a_cell_that_is_longer_than_what_is_kept_is_a_fault_of_its_row(ann: Any, meridia: Any) -> None:
    long = "may i vape " * 100
    questions = [
        {"entry": "qm.vape.allowance", "language": "en", "question": text} for text in ("may i vape there", long)
    ]
    for data, name, row, most in (
        (one(title="V" * 501), "entries.csv", 2, 500),
        (written(questions), "questions.csv", 3, 1000),
    ):
        address = bring(ann, meridia, data, name)
        assert work_off()
        (fault,) = ann.get(address).context["seen"]["faults"]
        assert fault["row"] == row and f"at most {most} are kept" in fault["remedy"]
    assert ann.get(address).context["seen"]["rows"] == 2 and ann.get(address).context["seen"]["items"] == 1


@pytest.mark.parametrize(("language", "words"), [("fr", "n’est pas du texte|pas en utf-8"), ("ar", "ليس")])
def test_what_the_worker_says_is_in_the_bringers_language(ann: Any, meridia: Any, language: str, words: str) -> None:
    import re

    ann.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    address = bring(ann, meridia, b"MZ\x90\x00" + bytes(60), "entries.csv")
    work_off()
    assert re.search(words, ann.get(address).content.decode())
    address = bring(ann, meridia, one(id="qm.nobody"), "entries.csv")
    work_off()
    page = ann.get(address).content.decode()
    assert "A new row needs" not in page and ("Une nouvelle ligne doit avoir" in page or "يحتاج الصف الجديد" in page)
