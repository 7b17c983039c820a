"""The small pack in the console, a publisher over it, and staff of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from knowledge_base.console.accounts.models import StaffMember
from knowledge_base.console.accounts.roles import ensure_roles
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.guidance.publication import publishing_allowed
from knowledge_base.console.publishing.models import OutboxRow
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.index.release import open_release
from knowledge_base.publishing.publisher import Publisher
from tests.knowledge_base.conftest import KeywordEncoder, pack_folder  # noqa: F401 - a fixture
from tests.knowledge_base.publishing.conftest import EXAMPLES, SetTrial

CASH, WINE = "zz.cash.declare", "zz.alcohol.wine"


@pytest.fixture
def var(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path / "var" / "console"
    return tmp_path / "var"


@pytest.fixture
def trial() -> SetTrial:
    return SetTrial()


@pytest.fixture
def guidance(db: None, var: Path, pack_folder: Path) -> None:  # noqa: F811
    """The pack, published; nothing of it waits."""
    ensure_roles()
    import_pack(pack_folder)
    OutboxRow.objects.all().delete()


@pytest.fixture
def worker(guidance: None, var: Path, trial: SetTrial) -> Worker:
    return Worker(Publisher(var, KeywordEncoder(), EXAMPLES, trial=trial))


@pytest.fixture
def staff(db: None) -> Iterator[Callable[..., Any]]:
    """Makes an account with a role, and rights for some administrations only if any are named."""
    made: list[Any] = []

    def make(role: str, *administrations: str) -> Any:
        from django.contrib.auth import get_user_model

        user = get_user_model().objects.create_user(username=f"{role}-{len(made)}", password="a long password")
        user.groups.add(Group.objects.get(name=role))
        StaffMember.objects.create(user=user, administrations=list(administrations))
        made.append(user)
        return user

    yield make


@pytest.fixture
def signed_in(staff: Callable[..., Any]) -> Callable[..., Client]:
    def sign_in(role: str, *administrations: str) -> Client:
        client = Client()
        client.force_login(staff(role, *administrations))
        return client

    return sign_in


def publish(key: str, answer: str, user: Any = None) -> Entry:
    """Let the published answer say something else, as an approval does."""
    entry = Entry.objects.get(key=key).latest()
    entry.answer = answer
    revision = entry.save_revision(user=user)
    with publishing_allowed():
        revision.publish()
    return Entry.objects.get(key=key)


def served_answer(worker: Worker, key: str = CASH) -> str:
    release = open_release(worker.publisher.releases / "current", KeywordEncoder())
    found = release.entry(key)
    return found.answer if found else ""
