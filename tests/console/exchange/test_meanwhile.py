"""While a table is taken over somebody else saves a draft: it is noticed, or waits. In PostgreSQL two may write at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from knowledge_base.console.exchange import table_errands
from knowledge_base.console.exchange.errands import work_off
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration, Entry
from tests.console.exchange.test_errands import bring, one

pytestmark = pytest.mark.django_db(transaction=True)
VAPE, PATIENCE_S = "qm.vape.allowance", 60


@pytest.fixture
def pressed(person: Callable[..., Any], browse: Callable[..., Any], meridia: Administration) -> TableUpload:
    """A table whose changes were shown, and that somebody asked to take over."""
    client = browse(person("ann", "author"))
    address = bring(client, meridia, one(), "entries.csv")
    assert work_off()
    client.post(address, {"digest": client.get(address).context["seen"]["digest"]})
    return TableUpload.objects.get()


@pytest.fixture
def bob(person: Callable[..., Any]) -> Any:
    return person("bob", "author")


def saves(user: Any) -> None:
    """Somebody else gives the same answer another title."""
    draft = Entry.objects.get(key=VAPE).latest()
    draft.title = "Theirs?"
    draft.save_revision(user=user)


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, so numbers come in order")
def test_a_draft_that_was_begun_earlier_and_is_there_later(
    pressed: TableUpload, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            saves(bob)
            begun.set()
            go_on.wait(PATIENCE_S)

    thread = in_a_thread(slowly)
    assert begun.wait(PATIENCE_S)
    record(None, "draft")  # a later number than theirs, and there before it
    reckon = table_errands.plan_of

    def reckon_while_it_comes(*given: Any) -> Any:
        plan = reckon(*given)
        go_on.set()
        thread.join()
        return plan

    monkeypatch.setattr(table_errands, "plan_of", reckon_while_it_comes)
    assert work_off()
    pressed.refresh_from_db()
    assert (pressed.step, pressed.seen.get("moved")) == (TableUpload.Step.SHOWN, True)
    assert Entry.objects.get(key=VAPE).latest().title == "Theirs?"


def test_a_draft_that_comes_after_the_last_look_waits(
    pressed: TableUpload, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, threads, mark = threading.Event(), [], table_errands.digest

    def and_bob_saves() -> None:
        saves(bob)
        saved.set()

    def mark_while_bob_saves(plan: Any) -> str:
        threads.append(in_a_thread(and_bob_saves))
        assert not saved.wait(2), "it is laid down over what nobody has seen"
        return mark(plan)

    monkeypatch.setattr(table_errands, "digest", mark_while_bob_saves)
    assert work_off()
    threads[0].join()
    pressed.refresh_from_db()
    assert pressed.step == TableUpload.Step.DONE and saved.is_set()
    drafts = Entry.objects.get(key=VAPE).revisions.order_by("pk")
    assert [draft.user.username for draft in drafts if draft.user] == ["ann", "bob"]
