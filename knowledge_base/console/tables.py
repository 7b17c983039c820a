"""The console's tables: made and brought up to date by one process at a time, with a copy of a file of SQLite kept before."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from knowledge_base.publishing.lock import held

BEFORE_UPDATE = "console-before-update.sqlite3"
_LOCK = ".prepare.lock"
_LOCK_NUMBER = 20_261_122  # of PostgreSQL's advisory locks, in the console's own database


class DatabaseProblem(Exception):
    """The console's database cannot be used; the message names it, without its password, says why, and what to do."""


def bring_up_to_date(say: Callable[[str], None] = lambda line: None) -> None:
    """Make the tables, or change those of an older version. Raises `DatabaseProblem`, also for a database of a newer version."""
    with explained():
        _look_at_its_letters(say)
        plan = MigrationExecutor(connection)
        applied, there = set(plan.loader.applied_migrations), set(plan.loader.disk_migrations)
        ours = {app for app, _name in there}
        if newer := sorted(f"{app} {name}" for app, name in applied - there if app in ours):
            raise DatabaseProblem(
                f"The console's database {where()} was made by a newer version of this program, which knows {', '.join(newer[:3])}. "
                "Start that version, or bring back the copy that was made before its update."
            )
        todo = plan.migration_plan(plan.loader.graph.leaf_nodes())
        if not todo:
            return
        if applied:
            say(f"the console's tables are brought up to date, {len(todo)} steps")
            if copy := _copied_aside():
                say(f"what was there before is kept in {copy}")
        call_command("migrate", interactive=False, verbosity=0)


def up_to_date() -> bool:
    """Are all tables there as this version needs them? Raises `DatabaseProblem` when the database is away."""
    with explained():
        plan = MigrationExecutor(connection)
        return not plan.migration_plan(plan.loader.graph.leaf_nodes())


def reach() -> None:
    """Ask the database for something small. Raises `DatabaseProblem` when it is away."""
    with explained(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one process at a time prepares the console, also where several share a database; the others wait."""
    if connection.vendor != "postgresql":
        with held(settings.HOME, _LOCK):
            yield
        return
    with explained(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_NUMBER])
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_NUMBER])


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what the database's driver says into a `DatabaseProblem` with the way out."""
    try:
        yield
    except DatabaseError as error:
        if connection.vendor == "postgresql":
            remedy = (
                "Does the server run, and are host, port, name, password and database in CUSTOMS_CONSOLE_DATABASE_URL right? "
                "Without that setting a file of SQLite is used."
            )
        else:
            remedy = "Is the disk full, or may this user not write there? CUSTOMS_VAR_DIR names another folder."
        reason = " ".join(str(error).split()).partition(" Is the server running")[0].rstrip(".")  # libpq asks that too
        raise DatabaseProblem(f"The console's database {where()} cannot be used: {reason}. {remedy}") from error


def where() -> str:
    """The file of SQLite, or server and database of PostgreSQL without the password."""
    chosen = settings.DATABASES["default"]
    if connection.vendor != "postgresql":
        return str(chosen["NAME"])
    return f"{chosen['NAME']!r} at {chosen['HOST'] or 'this machine'}:{chosen['PORT'] or 5432}"


def _look_at_its_letters(say: Callable[[str], None]) -> None:
    """A server that was set up without a language keeps bytes instead of letters, or knows the capitals of English only."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype, upper('\u00e9') = '\u00c9' FROM pg_database WHERE datname = current_database()"
        )
        encoding, locale, knows_capitals = cursor.fetchone()
    anew = "createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 NAME"
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"The console's database {where()} has the encoding {encoding}: expected UTF8, for Arabic and others. Make it anew: {anew}"
        )
    if not knows_capitals:
        say(
            f"the console's database {where()} has the locale {locale!r}, which knows the capitals of English only: searches tell É from é. "
            f"One that does not: {anew}"
        )


def _copied_aside() -> Path | None:
    """A whole copy of the file of SQLite; with PostgreSQL that is pg_dump's, before the update."""
    if connection.vendor != "sqlite":
        return None
    source, copy = Path(str(connection.settings_dict["NAME"])), settings.HOME / BEFORE_UPDATE
    aside = copy.with_name(f".{copy.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(source)) as file:
            file.execute("VACUUM INTO ?", [str(aside)])
    except sqlite3.Error as error:
        aside.unlink(missing_ok=True)
        raise DatabaseProblem(
            f"The copy {copy}, to be made before the tables are changed, failed: {error}. Is the disk full? Nothing was changed."
        ) from error
    os.replace(aside, copy)
    return copy
