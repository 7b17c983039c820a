"""The store of turns, and the hashes that stand for people."""

from __future__ import annotations

import sqlite3

import pytest

from customs.asked.database import StoreError
from customs.asked.people import People
from customs.asked.store import DAY, Store
from customs.asked.turns import AskedTurn

NOVEMBER, DECEMBER = 1_795_000_000.0, 1_797_500_000.0
# The table as it was before remarks were kept.
BEFORE = """CREATE TABLE turns (
    id TEXT PRIMARY KEY, at REAL NOT NULL, person TEXT NOT NULL, channel TEXT NOT NULL, said TEXT NOT NULL,
    pressed INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT, language TEXT, administration TEXT, entry TEXT, release TEXT,
    answer TEXT NOT NULL, rating TEXT, rating_reason TEXT, rated_at REAL, waiting TEXT, group_id TEXT)"""


def turn(number: int, **given) -> AskedTurn:
    base = {"id": f"t{number:03}", "at": NOVEMBER + number, "person": "anna", "channel": "web", "said": f"question {number}",
            "pressed": False, "outcome": "answered"}  # fmt: skip
    return AskedTurn(**base | given)


@pytest.mark.parametrize(
    ("given", "waiting"),
    [
        ({"outcome": "declined", "reason": "no_guidance"}, "no_guidance"),
        ({"outcome": "declined", "reason": "out_of_scope"}, "out_of_scope"),
        ({"outcome": "declined", "reason": "other_administration"}, "declined"),
        ({"outcome": "asked_back", "reason": "which_entry"}, "asked_back"),
        ({"outcome": "asked_back", "reason": "which_fact"}, None),
        ({"outcome": "failed", "reason": "timeout"}, "failed"),
        ({"outcome": "failed", "reason": "empty"}, None),
        ({"outcome": "answered"}, None),
        ({"outcome": "answered", "rating": "up"}, None),
        ({"outcome": "answered", "rating": "down"}, "not_helpful"),
        ({"outcome": "declined", "reason": "no_guidance", "pressed": True}, None),
    ],
)
def test_what_waits_for_staff(store, given, waiting):
    store.add([turn(1, **given)])
    assert store.turn("t001").waiting == waiting
    assert store.db.execute("SELECT waiting FROM turns").fetchone()[0] == waiting


def test_a_turn_that_is_told_twice_is_kept_once(store):
    store.add([turn(1), turn(1, said="again")])
    assert [one.said for one in store.select()] == ["question 1"]


def test_a_rating_belongs_to_the_last_reply_of_that_person(store):
    store.add([turn(1), turn(2), turn(3, outcome="smalltalk"), turn(4, person="bert")])
    assert store.rate(["anna"], "down", None, NOVEMBER + 9) == "t002"
    assert store.rate(["anna"], "down", "outdated", NOVEMBER + 10) == "t002"
    rated = store.turn("t002")
    assert (rated.rating, rated.rating_reason, rated.waiting) == ("down", "outdated", "not_helpful")
    assert store.rate(["anna"], "up", None, NOVEMBER + 11) == "t002"
    assert store.turn("t002").waiting is None
    assert store.rate(["nobody"], "up", None, NOVEMBER + 11) is None


def test_the_conversation_around_is_six_before_and_three_after_of_one_person(store):
    store.add([turn(number) for number in range(20)] + [turn(40, at=NOVEMBER + 10.5, person="bert")])
    assert [one.id for one in store.around("t010")] == [f"t{number:03}" for number in range(4, 14)]
    assert [one.id for one in store.around("t001")] == [f"t{number:03}" for number in range(0, 5)]
    assert store.around("gone") == []


def test_turns_go_with_the_conversation_and_with_time(store):
    store.add([turn(1), turn(2, person="bert"), turn(3, at=NOVEMBER - 91 * DAY, person="carl")])
    assert store.purge(90) == 1
    assert store.delete(["anna", "anna in december"]) == 1
    assert [one.person for one in store.select()] == ["bert"]


def test_deleted_words_are_not_left_in_the_file(tmp_path):
    store = Store(tmp_path / "asked.db", clock=lambda: NOVEMBER)
    store.add([turn(1, said="pineapples from Peru " * 200)])
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"pineapples from Peru" in store.path.read_bytes()
    store.delete(["anna"])
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"pineapples from Peru" not in store.path.read_bytes()


def test_the_file_and_the_keys_are_their_owners_alone(tmp_path):
    People(Store(tmp_path / "asked.db").keys()).person("web-1", NOVEMBER)
    assert (tmp_path / "asked.db").stat().st_mode & 0o077 == 0
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "asked_keys").iterdir()] == [0]


def test_a_file_of_the_version_before_gets_what_it_lacks(tmp_path):
    before = sqlite3.connect(tmp_path / "asked.db")
    before.execute(BEFORE)
    before.execute("INSERT INTO turns VALUES ('t1', 1.0, 'anna', 'web', 'how much wine', 0, 'answered', NULL, 'en', 'gb', NULL,"
                   " NULL, 'Two litres.', NULL, NULL, NULL, NULL, NULL)")  # fmt: skip
    before.commit()
    before.close()
    store = Store(tmp_path / "asked.db")
    assert store.comment(["anna"], "it is four", 2.0) == "t1"
    assert (store.turn("t1").said, store.turn("t1").comment) == ("how much wine", "it is four")
    store.close()


def test_a_text_that_no_database_takes_is_kept_without_what_it_cannot_hold(store):
    store.add([turn(1, said="wine\0 \ud800?")])
    assert store.turn("t001").said == "wine ??"


def test_a_sign_of_percent_is_one_in_every_database(store):
    store.add([turn(1, said="duty of 5 % on wine"), turn(2, said="wine")])
    assert [one.id for one in store.select("said LIKE '%5 \\%%' ESCAPE '\\'")] == ["t001"]
    assert [one.id for one in store.select("said LIKE '%wine' AND said <> ?", ("wine",))] == ["t001"]


def test_a_remark_belongs_to_the_last_reply_and_waits_unless_the_reply_was_praised(store):
    store.add([turn(1), turn(2), turn(3, outcome="smalltalk"), turn(4, person="bert")])
    assert store.comment(["anna"], "that is the old figure", NOVEMBER + 9) == "t002"
    assert (store.turn("t002").comment, store.turn("t002").waiting) == ("that is the old figure", "commented")
    store.comment(["anna"], "it is 4 litres", NOVEMBER + 10)
    assert store.turn("t002").comment == "that is the old figure\nit is 4 litres"
    store.rate(["anna"], "up", None, NOVEMBER + 11)
    assert store.turn("t002").waiting is None
    assert store.comment([], "hello", NOVEMBER + 12) is None
    assert store.delete(["anna"]) == 3 and store.turn("t002") is None


def test_only_one_process_at_a_time_holds_a_purpose(store, place):
    other = Store(place)
    with store.db.alone("grouping") as mine, other.db.alone("grouping") as theirs, other.db.alone("else") as another:
        assert (mine, theirs, another) == (True, False, True)
    with other.db.alone("grouping") as theirs:
        assert theirs
    other.close()


def test_what_fails_within_a_transaction_leaves_nothing(store):
    with pytest.raises(StoreError), store.db.transaction():
        store.db.execute("UPDATE turns SET rating = 'up'")
        store.db.execute("INSERT INTO nowhere VALUES (1)")
    store.add([turn(1)])
    assert store.turn("t001").rating is None


def test_a_postgresql_that_is_away_is_named_without_its_password():
    with pytest.raises(StoreError, match="nobody.invalid") as raised:
        Store("postgresql://customs:topsecret@nobody.invalid:1/asked")
    assert "topsecret" not in str(raised.value)


@pytest.fixture(params=["folder", "table"])
def keys(request, tmp_path):
    """Where the months' keys lie: beside a file, or in a PostgreSQL."""
    place = tmp_path / "asked.db" if request.param == "folder" else request.getfixturevalue("emptied")
    return lambda: Store(place).keys()


def test_a_person_is_one_hash_a_month_that_two_processes_agree_on(keys):
    one, other = People(keys()), People(keys())
    assert one.person("tg-1", NOVEMBER) == other.person("tg-1", NOVEMBER + 3600)
    assert one.person("tg-1", NOVEMBER) != one.person("tg-2", NOVEMBER)
    assert one.person("tg-1", NOVEMBER) != one.person("tg-1", DECEMBER)
    assert set(other.persons("tg-1")) == {one.person("tg-1", NOVEMBER), one.person("tg-1", DECEMBER)}
    assert "tg-1" not in one.person("tg-1", NOVEMBER)


def test_without_its_key_a_hash_is_never_made_again(keys):
    people = People(keys())
    old = people.person("tg-1", NOVEMBER)
    assert people.forget(before=DECEMBER) == 1
    assert old not in {*people.persons("tg-1"), people.person("tg-1", NOVEMBER)}
