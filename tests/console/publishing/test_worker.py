"""From an approval to what is served: nothing is lost, nothing wrong goes live, and staff read why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.guidance.publication import publishing_allowed
from knowledge_base.console.publishing.models import Publication
from knowledge_base.console.publishing.outbox import (
    ask_again,
    changed_administrations,
    give_back_interrupted,
    take_along,
    waiting,
)
from knowledge_base.console.publishing.worker import SCHEDULE_EVERY_S, Worker
from knowledge_base.index.manifest import CONSOLE, CURRENT
from knowledge_base.publishing.history import history
from knowledge_base.publishing.rolling_back import origin_of
from knowledge_base.publishing.trial import TrialReport, Worse
from tests.console.publishing.conftest import CASH, WINE, SetTrial, publish, served_answer

pytestmark = pytest.mark.django_db


def test_what_is_published_waits_in_the_same_transaction(guidance: None, staff: Callable[..., Any]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(CASH, "Yes, from {zz.cash.over} on, always.")
        assert waiting().count() == 1
        raise RuntimeError("the power went")
    assert waiting().count() == 0 and "always" not in Entry.objects.get(key=CASH).answer
    author = staff("author")
    publish(CASH, "Yes, from {zz.cash.over} on, always.", author)
    (row,) = waiting()
    assert (row.kind, row.key, row.administration, row.removed, row.by) == ("entry", CASH, "zz", False, author.username)


def test_it_is_served_with_the_next_turn_of_the_worker(worker: Worker) -> None:
    assert worker.turn() is False and not Publication.objects.exists()
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    publish(WINE, "Yes, up to {zz.wine.litres}, red or white.")
    assert worker.turn() is True and waiting().count() == 0
    done = Publication.objects.get()
    assert (done.state, done.rows.count(), done.reasons) == (Publication.State.SERVED, 2, [])
    assert "always" in served_answer(worker) and "red or white" in served_answer(worker, WINE)
    current = worker.publisher.releases / CURRENT
    assert done.release == current.resolve().name and origin_of(current) == CONSOLE
    assert {"check", "build", "evaluate", "switch"} <= set(done.seconds)
    assert history(worker.publisher.releases)[-1].comment == f"{CASH}, {WINE}"
    publish(CASH, "Yes, from {zz.cash.over} on, ever.")
    worker.turn()
    assert Publication.objects.first().changes == [f"entry {CASH} changed (answer): Must I declare cash?"]


def test_what_is_taken_off_is_not_served(worker: Worker) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    worker.turn()
    with publishing_allowed():
        Entry.objects.get(key=WINE).unpublish()
    assert waiting().get().removed
    worker.turn()
    assert served_answer(worker, WINE) == "" and served_answer(worker, CASH)


def test_a_fault_stops_it_and_is_told_with_its_place(worker: Worker) -> None:
    publish(WINE, "Yes, up to {zz.wine.litres}, red or white.")
    worker.turn()
    before = worker.publisher.releases / CURRENT
    served = before.resolve()
    publish(CASH, "Yes, from {zz.no.such} on.")
    assert worker.turn() is True
    failed = Publication.objects.first()
    assert (failed.state, failed.step, failed.release) == (Publication.State.FAILED, "check", "")
    assert any("zz/faq/cash.yml" in reason and CASH in reason and "zz.no.such" in reason for reason in failed.reasons)
    assert before.resolve() == served
    assert worker.turn() is False, "it is not tried again and again"
    publish(CASH, "Yes, from {zz.cash.over} on, mended.")
    worker.turn()
    assert Publication.objects.first().state == Publication.State.SERVED and "mended" in served_answer(worker)


def test_a_release_that_answers_worse_is_told_by_the_question(worker: Worker, trial: SetTrial) -> None:
    worse = Worse("gb-7", "how much cash", (CASH,), f"answered {WINE}")
    trial.report = TrialReport(10, 10, ("answerable_right is 0.700, expected at least 0.74",), (worse,))
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    worker.turn()
    failed = Publication.objects.get()
    assert (failed.state, failed.step) == (Publication.State.FAILED, "evaluate")
    assert any("how much cash" in reason for reason in failed.reasons)
    trial.report = TrialReport(10, 10, (), (worse,))
    publish(CASH, "Yes, from {zz.cash.over} on, ever.")
    worker.turn()
    assert "how much cash" in Publication.objects.first().warnings[0]


def test_a_fault_of_the_machine_is_told_and_does_not_end_the_worker(worker: Worker) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    with mock.patch.object(worker.publisher, "publish", side_effect=OSError(28, "No space left on device")):
        assert worker.turn() is True
    assert "No space left" in Publication.objects.get().reasons[0]


def test_what_a_crash_interrupted_is_built_again(worker: Worker) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    assert take_along() is not None and waiting().count() == 0
    assert give_back_interrupted() == 1
    assert waiting().count() == 1 and Publication.objects.get().state == Publication.State.FAILED
    worker.turn()
    assert "always" in served_answer(worker)


def test_go_live_and_expiry_come_by_themselves(worker: Worker) -> None:
    ticks = iter(range(0, 10_000, int(SCHEDULE_EVERY_S)))
    worker._clock = lambda: float(next(ticks))
    now = datetime.now(timezone.utc)
    publish(CASH, "Yes, from {zz.cash.over} on, today.")
    worker.turn()
    entry = Entry.objects.get(key=CASH).latest()
    entry.answer = "Yes, from {zz.cash.over} on, tomorrow."
    entry.go_live_at, entry.expire_at = now + timedelta(days=1), now + timedelta(days=2)
    revision = entry.save_revision()
    with publishing_allowed():
        revision.publish()
    assert worker.turn() is False and "today" in served_answer(worker), "it is approved, and its day has not come"
    with mock.patch("django.utils.timezone.now", return_value=now + timedelta(days=1, minutes=1)):
        assert worker.turn() is True
    assert "tomorrow" in served_answer(worker)
    with mock.patch("django.utils.timezone.now", return_value=now + timedelta(days=2, minutes=1)):
        assert worker.turn() is True
    assert served_answer(worker) == "" and not Entry.objects.get(key=CASH).live


def test_the_time_table_is_looked_at_every_ten_seconds(worker: Worker) -> None:
    now = [0.0]
    worker._clock = lambda: now[0]
    with mock.patch("knowledge_base.console.publishing.worker.call_command") as command:
        for moment in (0.0, 5.0, 9.9, 10.0, 12.0):
            now[0] = moment
            worker.turn()
    assert command.call_count == 2


def test_only_administrations_that_changed_are_written_anew(worker: Worker, tmp_path: Path) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    worker.turn()
    kept = worker.publisher.var_dir / "console" / "packs" / "zz" / "faq" / "alcohol.yml"
    assert kept.exists()
    # Only the database is changed, past the console: what nobody published is looked at when all of it is written, and only then.
    for number, (changed, written) in enumerate(((set(), False), ({"zz"}, False), (None, True), ({"yy"}, True))):
        Entry.objects.filter(key=WINE).update(title=f"Did nobody publish {number}?")
        worker.packs.write(tmp_path / str(number), changed)
        text = (tmp_path / str(number) / "zz" / "faq" / "alcohol.yml").read_text("utf-8")
        assert (f"Did nobody publish {number}?" in text) is written, changed


def test_a_change_of_all_administrations_is_known_as_such(guidance: None) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    assert changed_administrations(take_along()) == {"zz"}
    publish(CASH, "Yes, from {zz.cash.over} on, ever.")
    ask_again("huda")
    assert changed_administrations(take_along()) is None
