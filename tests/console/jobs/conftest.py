"""The whole of it, small: people at a browser, the console, its worker, releases of eight answers, and a real action server.

CONSOLE_TEST_DATABASE=postgresql pytest tests/console/jobs runs the same on PostgreSQL. Screenshots lie in the folder that `SCREENSHOTS` names.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections

from benchmarks.service import Service
from customs.settings import ROOT
from knowledge_base.console.accounts.roles import ensure_roles
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.publishing.models import OutboxRow
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.console.review import desk
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.index.scope import read_examples
from knowledge_base.publishing.publisher import Publisher
from knowledge_base.switches import FILE
from tests.console.conftest import _database_url as database_url
from tests.console.jobs.staff import Bot, Desk

FIXTURES = ROOT / "tests" / "fixtures"


@pytest.fixture(scope="session")
def small_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up administration; its languages are those in which every answer has questions, as the check before publishing wants it."""
    folder = tmp_path_factory.mktemp("content") / "qm"
    shutil.copytree(FIXTURES / "packs" / "qm", folder)
    file = folder / "administration.yml"
    text = re.sub(r"languages: \[.*\]", "languages: [en]", file.read_text("utf-8"))
    file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def var() -> Path:
    """Where the console, its worker and the action server find the releases, as in a real installation."""
    return django_settings.HOME.parent


@pytest.fixture(scope="session")
def publisher(var: Path) -> Publisher:
    return Publisher(var, desk.encoder(), read_examples(FIXTURES / "scope"))


@pytest.fixture(scope="session")
def actions(publisher: Publisher, small_pack: Path, var: Path) -> Iterator[Service]:
    """The action server as a process of its own, on what is published."""
    publisher.publish(small_pack.parent, ("qm",))
    settings = {"ADMINISTRATIONS": "qm", "RELEASE_POLL_S": "0.2", "ACTION_DEADLINE_S": "60"}
    with Service(var, parts=("actions",), settings=settings) as service:
        yield service


@pytest.fixture
def bot(actions: Service, worker: Worker) -> Bot:
    return Bot(actions.settings.actions_url)


@pytest.fixture
def worker(
    db: None, small_pack: Path, publisher: Publisher, var: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Worker]:
    """The pack in the console as published, nothing switched off, and the one worker at work."""
    ensure_roles()
    import_pack(small_pack)
    OutboxRow.objects.all().delete()
    (publisher.releases / FILE).unlink(missing_ok=True)
    if url := database_url():
        monkeypatch.setenv("CUSTOMS_ASKED_DATABASE_URL", url)
    with asked_store() as store:
        store.db.execute("DELETE FROM turns")
    monkeypatch.setattr("knowledge_base.console.publishing.worker.SCHEDULE_EVERY_S", 0.5)
    worker = Worker(publisher)

    def work() -> None:
        try:
            worker.run()
        finally:
            connections.close_all()  # else PostgreSQL's test database cannot be dropped

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    yield worker
    worker.stop.set()
    thread.join()


@pytest.fixture
def sit_down(browser: Any, live_server: Any, worker: Worker) -> Iterator[Callable[..., Desk]]:
    """sit_down("ann", "author", language="ar"): somebody signs in by hand; what the browser complains of or fetches elsewhere fails the test."""
    desks: list[Desk] = []

    def make(name: str, *roles: str, language: str = "en", **more: Any) -> Desk:
        found = Desk(browser, live_server.url, name, roles, language, **more)
        desks.append(found)
        return found

    yield make
    for each in desks:
        each.context.close()
    assert [complaint for each in desks for complaint in each.complaints] == []
