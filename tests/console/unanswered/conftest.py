"""People of each role, a few answers, and questions in the store of turns."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from customs.asked import AskedTurn, Store
from customs.settings import ROOT
from knowledge_base.console.accounts.models import StaffMember
from knowledge_base.console.accounts.roles import ensure_roles
from knowledge_base.console.guidance.models import Administration, Entry, Question
from tests.console.conftest import _database_url as database_url

DAY = 86_400.0
PASSWORD = "a long password of the tests"


@pytest.fixture
def staff(db) -> Callable[..., Any]:
    """Makes somebody with these roles: `staff("anna", "author", administrations=["gb"])`."""
    ensure_roles()

    def make(name: str, *roles: str, administrations: list[str] | None = None) -> Any:
        user = get_user_model().objects.create_user(username=name, password=PASSWORD)
        user.groups.set(Group.objects.filter(name__in=roles))
        StaffMember.objects.create(user=user, administrations=administrations or [])
        return user

    return make


@pytest.fixture
def signed_in(staff) -> Callable[..., Client]:
    """A browser in which somebody with these roles is signed in; `client.user` is who."""

    def sign_in(*roles: str, name: str = "", administrations: list[str] | None = None) -> Client:
        client = Client()
        client.user = staff(name or "-".join(roles) or "nobody", *roles, administrations=administrations)
        client.force_login(client.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def guidance(db) -> dict[str, Entry]:
    """Two administrations with one served answer each."""
    made = {}
    for place, country in (("gb", "Great Britain"), ("ae", "Emirates")):
        administration = Administration.objects.create(
            key=place, name={"en": country}, currency="GBP", time_zone="UTC", live=True
        )
        entry = Entry(key=f"{place}.goods.drone", administration=administration, topic="goods", title=f"May I bring a drone to {country}?",
                      answer="You may.", review_by=date(2027, 5, 1), live=True)  # fmt: skip
        entry.questions = [Question(language="en", text="can i take my drone", sort_order=0)]
        entry.save()
        made[entry.key] = entry
    return made


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of turns that the console reads; empty at the beginning. With the built release, if there is one.

    Where the console's own data is in PostgreSQL, the turns are, too.
    """
    var = settings.HOME.parent
    (var / "releases").mkdir(parents=True, exist_ok=True)
    built, served = ROOT / "var" / "releases" / "current", var / "releases" / "current"
    if built.exists() and not served.exists():
        served.symlink_to(built.resolve())
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        monkeypatch.setenv("CUSTOMS_ASKED_DATABASE_URL", database_url())
    store = Store(os.environ.get("CUSTOMS_ASKED_DATABASE_URL") or var / "asked.db")
    store.db.execute("DELETE FROM turns")  # what is kept about a turn goes with it
    store.db.execute("DELETE FROM titles")
    yield store
    store.close()


@pytest.fixture
def ask(store) -> Callable[..., str]:
    """Keeps one turn, by default one that was declined in English about Great Britain; returns its id."""

    def make(said: str, person: str = "anna", days_ago: float = 1.0, group: str | None = None, **given: Any) -> str:
        number = f"t{store.db.execute('SELECT count(*) FROM turns').fetchone()[0]:04}"
        base = {"channel": "web", "pressed": False, "outcome": "declined", "reason": "no_guidance", "language": "en",
                "administration": "gb", "group_id": group, "answer": "I do not know."}  # fmt: skip
        store.add([AskedTurn(number, time.time() - days_ago * DAY, person, said=said, **base | given)])
        return number

    return make
