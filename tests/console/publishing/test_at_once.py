"""Two publishers and two workers at once, on the database that the tests run with: no change is lost, none is served twice."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections

from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.publishing.models import OutboxRow, Publication
from knowledge_base.console.publishing.outbox import waiting
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.publishing.history import history
from knowledge_base.publishing.publisher import Publisher
from tests.console.publishing.conftest import CASH, WINE, publish, served_answer
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.publishing.conftest import EXAMPLES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workers(transactional_db: None, var: Path, pack_folder: Path) -> list[Worker]:
    import_pack(pack_folder)
    OutboxRow.objects.all().delete()
    return [Worker(Publisher(var, KeywordEncoder(), EXAMPLES)) for _ in range(2)]


def at_once(*works: Callable[[], object]) -> None:
    """Run `works` in threads of their own; raises what the first of them raised."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised below, in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_two_people_publish_at_once(workers: list[Worker]) -> None:
    at_once(
        lambda: publish(CASH, "Yes, from {zz.cash.over} on, first."),
        lambda: publish(WINE, "Yes, up to {zz.wine.litres}, second."),
    )
    assert waiting().count() == 2
    at_once(*(worker.turn for worker in workers))
    assert waiting().count() == 0
    assert "first" in served_answer(workers[0]) and "second" in served_answer(workers[0], WINE)
    states = set(Publication.objects.values_list("state", flat=True))
    assert states == {Publication.State.SERVED}
    assert OutboxRow.objects.filter(publication=None).count() == 0
    assert 1 <= len(history(workers[0].publisher.releases)) <= 2


def test_publishing_while_another_publication_is_built_is_not_lost(workers: list[Worker]) -> None:
    first, second = workers
    publish(CASH, "Yes, from {zz.cash.over} on, first.")

    def publish_and_build() -> None:
        publish(WINE, "Yes, up to {zz.wine.litres}, second.")
        second.turn()

    at_once(first.turn, publish_and_build)
    while first.turn():
        pass
    assert "first" in served_answer(first) and "second" in served_answer(first, WINE)


def test_one_worker_works_and_the_other_takes_over(workers: list[Worker]) -> None:
    first, second = workers
    threads = [threading.Thread(target=_run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        publish(CASH, "Yes, from {zz.cash.over} on, first.")
        _until(lambda: Publication.objects.filter(state=Publication.State.SERVED).exists())
        first.stop.set()
        publish(CASH, "Yes, from {zz.cash.over} on, second.")
        _until(lambda: Publication.objects.filter(state=Publication.State.SERVED).count() == 2)
    finally:
        for worker in workers:
            worker.stop.set()
        for thread in threads:
            thread.join()
    assert "second" in served_answer(second)
    assert Publication.objects.count() == 2, "no change was built twice"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has no server that could cut a connection")
def test_the_worker_goes_on_after_the_database_was_started_anew(workers: list[Worker]) -> None:
    worker = workers[0]
    thread = threading.Thread(target=_run, args=(worker,))
    thread.start()
    try:
        publish(CASH, "Yes, from {zz.cash.over} on, first.")
        _until(lambda: Publication.objects.filter(state=Publication.State.SERVED).exists())
        with connection.cursor() as cursor:
            others = "datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}")
            assert cursor.fetchone()[0] >= 1
        publish(CASH, "Yes, from {zz.cash.over} on, second.")
        _until(lambda: Publication.objects.filter(state=Publication.State.SERVED).count() == 2)
    finally:
        worker.stop.set()
        thread.join()
    assert "second" in served_answer(worker)


def test_it_is_the_database_that_was_asked_for() -> None:
    wanted = os.environ.get("CONSOLE_TEST_DATABASE", "sqlite")
    assert connection.vendor == wanted


def _run(worker: Worker) -> None:
    try:
        worker.run()
    finally:
        connections.close_all()


def _until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    wait = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if true():
            return
        wait.wait(0.1)
    raise AssertionError(f"it did not come to it within {seconds:g} s")
