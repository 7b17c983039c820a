import stat

import pytest

from bot.replies import Reply, failure
from bot.transcripts import KeyReused, Transcripts
from bot.turn import Turn

ANSWER = Reply("web-1", "answered", blocks=[{"type": "paragraph", "text": "Yes — نعم"}], request_id="r")


@pytest.fixture
def clock():
    return [1_000_000.0]


@pytest.fixture
def store(tmp_path, clock):
    store = Transcripts(tmp_path / "var" / "chat.db", claim_s=20, clock=lambda: clock[0])
    yield store
    store.close()


def test_a_message_is_claimed_once_and_then_found_with_its_reply(store):
    first = store.begin("web-1", None, "key", "hello", None)
    again = store.begin("web-1", None, "key", "hello", None)
    assert (first.mine, again.mine, again.reply) == (True, False, None)
    store.finish(first, ANSWER)
    assert store.begin("web-1", None, "key", "hello", None).reply == ANSWER
    assert [(e.said, e.reply) for e in store.conversation("web-1")] == [("hello", ANSWER)]


def test_a_first_message_is_found_by_who_sent_it(store):
    first = store.begin("web-1", "origin-a", "key", "hello", None)
    assert store.begin("web-2", "origin-a", "key", "hello", None).conversation == first.conversation == "web-1"
    assert store.begin("web-3", "origin-b", "key", "hello", None).mine
    assert not store.begin("web-1", None, "key", "hello", None).mine


def test_one_key_with_two_messages_is_refused(store):
    store.begin("web-1", None, "key", "hello", None)
    with pytest.raises(KeyReused):
        store.begin("web-1", None, "key", "something else", None)
    assert store.begin("web-1", None, "other", "something else", None).mine


def test_a_failure_may_be_tried_again_with_the_same_key_and_stays_one_exchange(store):
    first = store.begin("web-1", None, "key", "hello", None)
    store.finish(first, failure(Turn("web-1", "hello", "web"), "rasa_down"))
    again = store.begin("web-1", None, "key", "hello", None)
    assert again.mine and again.id == first.id
    store.finish(again, ANSWER)
    assert [e.reply for e in store.conversation("web-1")] == [ANSWER]


def test_the_claim_of_a_dead_process_runs_out(store, clock):
    store.begin("web-1", None, "key", "hello", None)
    clock[0] += 19
    assert not store.begin("web-1", None, "key", "hello", None).mine
    clock[0] += 2
    assert store.begin("web-1", None, "key", "hello", None).mine


def test_delete_takes_one_conversation_and_leaves_the_others(store):
    kept = store.begin("web-2", None, "key", "hello", None)
    gone = store.begin("web-1", None, "key", "hello", None)
    assert (store.delete("web-1"), store.delete("web-1")) == (1, 0)
    store.finish(gone, ANSWER)  # its reply arrives late
    assert store.conversation("web-1") == []
    assert [e.id for e in store.conversation("web-2")] == [kept.id]


def test_old_exchanges_go(store, clock):
    store.begin("web-1", None, "old", "hello", None)
    clock[0] += 31 * 86400
    store.begin("web-1", None, "new", "hello again", None)
    assert store.purge(30) == 1
    assert [e.key for e in store.conversation("web-1")] == ["new"]


def test_the_file_is_for_its_owner_and_survives_a_restart(store, tmp_path):
    store.finish(store.begin("web-1", None, "key", "hello", None), ANSWER)
    path = tmp_path / "var" / "chat.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Transcripts(path, claim_s=20)
    assert again.conversation("web-1")[0].reply == ANSWER
    again.close()


def test_what_is_deleted_is_in_no_file_while_the_process_lives(tmp_path):
    store = Transcripts(tmp_path / "chat.db", claim_s=10)
    for conversation in ("a", "b"):
        store.begin(conversation, None, "key", f"the words of {conversation}", None)
    assert any(b"the words of a" in path.read_bytes() for path in tmp_path.iterdir())
    store.delete("a")
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert not any(b"the words of a" in file for file in files) and any(b"the words of b" in file for file in files)
    store.close()
