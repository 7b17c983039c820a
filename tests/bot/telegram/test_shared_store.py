"""What replicas share, in a real store: updates once and in order, what a dead replica left, chats, followed answers."""

from __future__ import annotations

import asyncio
import json
import logging
import socket

import pytest

from bot.telegram.database import DAY
from bot.telegram.payloads import Payloads
from bot.telegram.shared import connection
from bot.telegram.shared.chats import SharedChats, SharedTexts
from bot.telegram.shared.connection import Shared, StoreDownError
from bot.telegram.shared.inbox import SharedInbox
from bot.telegram.shared.subscriptions import SharedSubscriptions
from bot.telegram.subscriptions import Subscription
from bot.telegram.updates import MAX_ATTEMPTS
from bot.turn import PayloadError
from customs.settings import SettingError
from tests.bot.telegram.shared_store import BOT, shared, store_url, valkey  # noqa: F401 - fixtures

LONG = '/choose_entry{"entry":"ae.household.personal_effects_of_somebody_who_moves_home"}'


@pytest.fixture
def two(store_url):  # noqa: F811
    """The inboxes of two living replicas."""
    inboxes = [SharedInbox(Shared(store_url, BOT)) for _ in range(2)]
    for inbox in inboxes:
        inbox.beat()
    return inboxes


def test_an_update_is_received_by_one_replica_only(two):
    one, other = two
    assert one.receive(5, "{}", 1) and not other.receive(5, "{}", 1) and not one.receive(5, "{}", 1)
    one.done(5)
    assert not other.receive(5, "{}", 1) and other.receive(6, "{}", 1)


def test_what_was_said_is_forgotten_once_it_is_answered(two, shared):  # noqa: F811
    two[0].receive(5, '{"message": "my name is"}', 1)
    two[1].done(5)
    assert "my name is" not in str([shared.redis.dump(key) for key in shared.redis.scan_iter()])
    assert all(shared.redis.ttl(key) > 0 for key in shared.redis.scan_iter())


def test_what_a_dead_replica_left_goes_to_a_living_one_once(two, shared):  # noqa: F811
    one, other = two
    for number in (7, 5):
        one.receive(number, json.dumps({"update_id": number}), 1)
    assert other.unfinished() == []
    one.leave()
    assert [update["update_id"] for update in other.unfinished()] == [7, 5]
    assert other.unfinished() == []


def test_what_kills_every_replica_is_given_up(store_url, caplog):  # noqa: F811
    last = SharedInbox(Shared(store_url, BOT))
    last.receive(5, '{"update_id": 5}', 1)
    for _ in range(MAX_ATTEMPTS - 1):
        last = SharedInbox(Shared(store_url, BOT))
        assert last.unfinished() == [{"update_id": 5}]
        last.leave()
    assert SharedInbox(Shared(store_url, BOT)).unfinished() == [] and "given up" in caplog.text


def test_an_update_of_yesterday_is_not_answered_today(two, shared):  # noqa: F811
    one, other = two
    one.receive(5, '{"update_id": 5}', 1)
    shared.redis.zincrby(shared.key("pending"), -1.1 * DAY, 5)
    one.leave()
    assert other.unfinished() == [] and shared.redis.zcard(shared.key("pending")) == 0


async def test_the_lower_number_goes_first_and_what_has_begun_is_not_overtaken(two):
    one, other = two
    for number, inbox in ((4, one), (6, other)):
        inbox.receive(number, "{}", 77)
    await one.turn(4, 77)
    for number, inbox in ((5, one), (3, other)):  # 3 comes late
        inbox.receive(number, "{}", 77)
    waiting = [asyncio.create_task(inbox.turn(number, 77)) for number, inbox in ((6, other), (5, one), (3, other))]
    await asyncio.sleep(0.2)
    assert not any(task.done() for task in waiting)
    one.done(4)
    await asyncio.wait_for(waiting[2], 5)
    assert not waiting[0].done() and not waiting[1].done()
    other.done(3)
    await asyncio.wait_for(waiting[1], 5)
    assert not waiting[0].done()
    one.done(5)
    await asyncio.wait_for(waiting[0], 5)


async def test_who_takes_over_what_had_begun_begins_it_again(two):
    one, other = two
    one.receive(5, '{"update_id": 5}', 77)
    await one.turn(5, 77)
    other.receive(6, "{}", 77)
    one.leave()
    assert other.unfinished() == [{"update_id": 5}]
    later = asyncio.create_task(other.turn(6, 77))
    await asyncio.wait_for(other.turn(5, 77), 5)
    assert not later.done()
    other.done(5)
    await asyncio.wait_for(later, 5)


async def test_a_chat_is_in_order_across_replicas_and_chats_do_not_wait_for_each_other(two):
    one, other = two
    for number, inbox in ((1, one), (2, other), (3, one)):
        inbox.receive(number, "{}", 77)
    other.receive(9, "{}", 88)
    order = []

    async def work(inbox, number, chat):
        await inbox.turn(number, chat)
        order.append(number)
        await asyncio.sleep(0.1 / number)
        inbox.done(number)

    await asyncio.gather(work(one, 3, 77), work(other, 2, 77), work(one, 1, 77), work(other, 9, 88))
    assert [number for number in order if number != 9] == [1, 2, 3] and order.index(9) < 3


def test_two_bots_in_one_store_do_not_meet(store_url):  # noqa: F811
    one, other = SharedInbox(Shared(store_url, "1")), SharedInbox(Shared(store_url, "2"))
    assert one.receive(5, "{}", 1) and other.receive(5, "{}", 1)


def test_chats_are_remembered_together(store_url):  # noqa: F811
    one, other = (SharedChats(Shared(store_url, BOT)) for _ in range(2))
    assert (one.language(1), one.rateable(1), one.administration(1), one.entry(1)) == (None,) * 4
    one.replied(1, "ar", 7, "ae", "ae.cash")
    other.replied(1, "ur", None)
    assert (one.language(1), one.rateable(1), one.administration(1), one.entry(1)) == ("ur", None, "ae", "ae.cash")
    assert one.first("rating:1:7", 20) and not other.first("rating:1:7", 21) and other.first("rating:2:7", 22)
    assert other.first("rating:1:7", 20), "the same update again, after its replica was killed"
    assert (
        other.delete(1) and one.language(1) is None and one.first("rating:1:7", 23) and not one.first("rating:2:7", 23)
    )
    other.replied(2, "fr", 1)
    one.forget(2)
    assert other.language(2) is None


def test_a_button_of_one_replica_is_understood_by_the_other(store_url):  # noqa: F811
    one, other = (Payloads(SharedTexts(Shared(store_url, BOT), "payloads")) for _ in range(2))
    assert other.payload(one.data(LONG)) == LONG
    with pytest.raises(PayloadError):
        other.payload("k:0123")


def test_followed_answers_are_known_to_all_and_told_by_one(store_url):  # noqa: F811
    one, other = (SharedSubscriptions(Shared(store_url, BOT)) for _ in range(2))
    first, second = (Subscription(7, entry, "en", f"The {entry}", "d1") for entry in ("gb.b", "ae.a"))
    for each in (first, second, Subscription(8, "ae.a", "ar", "ت", "d1")):
        one.add(each)
    assert other.of_chat(7) == [first, second]
    assert [(each.entry, each.language) for each in other.all()] == [("ae.a", "ar"), ("ae.a", "en"), ("gb.b", "en")]
    assert one.seen(first, "d2") and not other.seen(first, "d2")
    one.unseen(first, "d2")
    assert other.seen(first, "d2") and other.of_chat(7)[0].digest == "d2"
    one.note_told(7)
    assert other.told_today(7) == 1 and other.told_today(8) == 0
    one.set_mark("release 1")
    assert other.mark() == "release 1"
    assert other.drop(7, "ae.a") == 1 and one.drop(7, "none") == 0
    one.forget(7)
    assert [each.chat_id for each in other.all()] == [8] and other.told_today(7) == 0 and other.drop(8) == 1


def test_a_store_that_is_away_is_waited_for_once_and_costs_no_answer(caplog, monkeypatch):
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(connection, "REST_S", 60.0)
    shared = Shared("redis://127.0.0.1:9", BOT)  # noqa: F811
    inbox, chats = SharedInbox(shared), SharedChats(shared)
    assert inbox.receive(5, "{}", 1) and inbox.receive(5, "{}", 1) and inbox.unfinished() == []
    inbox.done(5)
    assert chats.first("rating:1:7", 1) and chats.language(1) is None and not chats.delete(1)
    with pytest.raises(StoreDownError):
        SharedSubscriptions(shared).all()
    assert caplog.text.count("does not answer") == 1


def test_a_store_that_is_silent_is_asked_once_and_then_left_alone_for_a_while(monkeypatch):
    monkeypatch.setattr(connection, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.2)
        asked = Shared(f"redis://127.0.0.1:{silent.getsockname()[1]}", BOT)
        for _ in range(20):
            assert asked.may(lambda store: store.get("x"), "otherwise") == "otherwise"
        accepted = []
        with pytest.raises(TimeoutError):
            while True:
                accepted.append(silent.accept()[0])
        assert len(accepted) == 1
        for each in accepted:
            each.close()


def test_a_connection_that_the_store_has_closed_is_opened_again(shared):  # noqa: F811
    shared.redis.set("x", "1")
    killer = Shared(
        f"redis://{shared.redis.connection_pool.connection_kwargs['host']}:{shared.redis.connection_pool.connection_kwargs['port']}",
        BOT,
    )
    killer.redis.client_kill_filter(_type="normal", skipme=True)
    assert shared.must(lambda store: store.get("x")) == "1"


def test_half_a_letter_is_not_kept_and_ends_nothing(shared, caplog):  # noqa: F811
    texts = SharedTexts(shared, "source_lists")
    assert texts.keep("k", "\ud83d") is False and texts.read("k") is None and "could not be kept" in caplog.text


def test_an_address_that_cannot_be_read_is_named_without_its_password():
    with pytest.raises(SettingError, match="CUSTOMS_TELEGRAM_STORAGE is 'host'") as raised:
        Shared("http://user:secret@host", BOT)
    assert "secret" not in str(raised.value)
