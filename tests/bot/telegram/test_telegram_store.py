"""What survives a restart: received updates, long payloads, the chat's language."""

from __future__ import annotations

import sqlite3
import time

import pytest
from telegram import Update

from bot.telegram.chats import Chats
from bot.telegram.database import DAY, open_database, prune
from bot.telegram.payloads import Payloads
from bot.telegram.texts import Texts
from bot.telegram.updates import MAX_ATTEMPTS, Inbox, StoredQueue
from bot.turn import PayloadError

LONG = '/choose_entry{"entry":"ae.household.personal_effects_of_somebody_who_moves_home"}'


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "telegram.db"


def test_a_short_payload_travels_whole_and_a_long_one_under_a_key(path):
    payloads = Payloads(Texts(open_database(path), "payloads"))
    for payload in ("/help", '/change_language{"language":"ar"}', LONG):
        data = payloads.data(payload)
        assert len(data.encode()) <= 64
        # A new process reads the same file.
        assert Payloads(Texts(open_database(path), "payloads")).payload(data) == payload
    assert payloads.data(LONG) == payloads.data(LONG)
    assert open_database(path).execute("SELECT count(*) FROM payloads").fetchone() == (1,)


@pytest.mark.parametrize(
    "data", ["", "x", "k:", "k:0123", "p:", "p:hello", "p:/nonsense", 'p:/help{"a":1}', "p:/restart; DROP", LONG]
)
def test_forged_callback_data_is_refused(path, data):
    with pytest.raises(PayloadError):
        Payloads(Texts(open_database(path), "payloads")).payload(data)


def test_a_key_expires(path):
    database = open_database(path)
    payloads = Payloads(Texts(database, "payloads"))
    data = payloads.data(LONG)
    database.execute("UPDATE payloads SET made = made - ?", (31 * DAY,))
    with pytest.raises(PayloadError):
        payloads.payload(data)
    # Shown again, it is valid again.
    assert payloads.payload(payloads.data(LONG)) == LONG


def test_a_key_does_not_open_what_no_button_sends(path):
    database = open_database(path)
    database.execute("INSERT INTO payloads VALUES ('x', '/drop_tables', ?)", (time.time(),))
    with pytest.raises(PayloadError):
        Payloads(Texts(database, "payloads")).payload("k:x")


def test_an_update_is_new_once_also_after_a_restart(path):
    inbox = Inbox(open_database(path))
    assert inbox.receive(5, "{}", 1) and not inbox.receive(5, "{}", 1)
    inbox.done(5)
    again = Inbox(open_database(path))
    assert not again.receive(5, "{}", 1) and again.receive(6, "{}", 1)


def test_what_was_said_is_forgotten_once_it_is_answered(path):
    database = open_database(path)
    inbox = Inbox(database)
    inbox.receive(5, '{"message": "my name is"}', 1)
    inbox.done(5)
    assert database.execute("SELECT body FROM updates").fetchall() == [(None,)]


def test_what_was_not_answered_comes_back_in_order_but_not_for_ever(path):
    inbox = Inbox(open_database(path))
    for number in (7, 5, 6):
        inbox.receive(number, f'{{"update_id": {number}}}', 1)
    inbox.done(5)
    for _ in range(MAX_ATTEMPTS - 1):
        assert [update["update_id"] for update in Inbox(open_database(path)).unfinished()] == [7, 6]
    assert Inbox(open_database(path)).unfinished() == []


def test_an_update_of_yesterday_is_not_answered_today(path):
    database = open_database(path)
    inbox = Inbox(database)
    inbox.receive(5, '{"update_id": 5}', 1)
    database.execute("UPDATE updates SET received = received - ?", (1.1 * DAY,))
    assert inbox.unfinished() == []


def test_what_is_deleted_is_overwritten_and_the_file_is_its_owners_alone(path):
    database = open_database(path)
    inbox = Inbox(database)
    inbox.receive(5, '{"message": "%s"}' % ("Inparticular " * 2000), 1)  # several pages of the file
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Inparticular" in path.read_bytes() and path.stat().st_mode & 0o077 == 0
    inbox.done(5)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Inparticular" not in path.read_bytes()


def test_old_rows_go(path):
    database = open_database(path)
    Inbox(database).receive(5, "{}", 1)
    Payloads(Texts(database, "payloads")).data(LONG)
    Chats(database).replied(1, "ar", 3)
    Chats(database).first("rating:1:3", 9)
    prune(database, time.time() + 91 * DAY)
    for table in ("updates", "payloads", "chats", "acts"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


async def test_a_broken_store_does_not_keep_an_update_from_being_answered(path, caplog):
    database = open_database(path)
    queue = StoredQueue(Inbox(database))
    database.close()
    await queue.put(Update(9))
    assert queue.qsize() == 1 and "update 9 could not be stored" in caplog.text
    with pytest.raises(sqlite3.Error):
        Inbox(database).unfinished()


def test_a_chat_remembers_language_and_rateable_message(path):
    chats = Chats(open_database(path))
    assert chats.language(1) is None and chats.rateable(1) is None
    chats.replied(1, "ar", 7)
    chats.replied(2, "ru", None)
    again = Chats(open_database(path))
    assert (again.language(1), again.rateable(1), again.language(2), again.rateable(2)) == ("ar", 7, "ru", None)
    again.forget(1)
    assert again.language(1) is None
