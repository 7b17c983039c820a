"""Turns are kept beside the answering: redacted, in order, never slowing or failing a turn."""

from __future__ import annotations

import time

import pytest

from bot.replies import Reply
from bot.turn import Turn
from customs.asked import Recorder, Store
from customs.asked.store import DAY


@pytest.fixture
def recorder(tmp_path):
    recorder = Recorder(tmp_path, days=90)
    yield recorder
    recorder.close()


def tell(recorder: Recorder, text: str, payload: str | None = None, conversation: str = "web-1", **reply) -> Turn:
    turn = Turn(conversation, text, "web", payload)
    given = {"outcome": "answered", "blocks": [{"type": "paragraph", "text": "Two litres are free."}]} | reply
    recorder.tell(turn, Reply(conversation, **given))
    return turn


def kept(tmp_path) -> list:
    store = Store(tmp_path / "asked.db")
    try:
        return list(store.select())
    finally:
        store.close()


def test_a_turn_is_kept_without_personal_data(recorder, tmp_path):
    blocks = [{"type": "paragraph", "text": "Jane Roe, two litres are free."}]
    tell(recorder, "my name is Jane Roe, is 8517.13 free? jane@example.com", outcome="declined", reason="no_guidance",
         language="en", administration="gb", blocks=blocks)  # fmt: skip
    recorder.flush()
    (one,) = kept(tmp_path)
    assert one.said == "my name is [name], is 8517.13 free? [email]"
    assert one.answer == "[removed], two litres are free."
    assert (one.waiting, one.administration, one.language, one.channel) == ("no_guidance", "gb", "en", "web")
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Jane" not in whole and b"jane@" not in whole and b"web-1" not in whole


def test_a_rating_is_noted_on_its_answer(recorder, tmp_path):
    first = tell(recorder, "how much wine")
    tell(recorder, "", '/give_feedback{"rating":"down"}', outcome="smalltalk")
    tell(recorder, "", '/give_feedback{"rating":"down","reason":"unclear"}', outcome="smalltalk")
    recorder.flush()
    (one,) = kept(tmp_path)
    assert (one.id, one.rating, one.rating_reason, one.waiting) == (first.request_id, "down", "unclear", "not_helpful")


def test_a_deleted_conversation_is_deleted_here_too(recorder, tmp_path):
    tell(recorder, "how much wine")
    tell(recorder, "and beer")
    tell(recorder, "and gin", conversation="tg-7")
    assert recorder.forget("web-1").result(10) == 2
    assert [one.said for one in kept(tmp_path)] == ["and gin"]


def test_switched_off_nothing_is_kept_but_deleting_still_works(recorder, tmp_path):
    tell(recorder, "how much wine")
    recorder.flush()
    off = Recorder(tmp_path, days=90, enabled=False)
    tell(off, "and beer")
    off.flush()
    assert len(kept(tmp_path)) == 1
    assert off.forget("web-1").result(10) == 1
    assert kept(tmp_path) == []
    off.close()


def test_switched_off_from_the_start_no_file_is_made(tmp_path):
    off = Recorder(tmp_path / "var", days=90, enabled=False)
    tell(off, "how much wine")
    assert off.forget("web-1").result(1) == 0
    assert not (tmp_path / "var").exists()


def test_what_is_too_old_goes_with_its_keys(tmp_path):
    now = [1_795_000_000.0]
    recorder = Recorder(tmp_path, days=30, clock=lambda: now[0])
    tell(recorder, "in november")
    recorder.flush()
    now[0] += 95 * DAY
    tell(recorder, "in february")
    recorder.flush()
    recorder.close()
    assert [one.said for one in kept(tmp_path)] == ["in february"]
    assert len(list((tmp_path / "asked_keys").iterdir())) == 1


def test_a_turn_does_not_wait_and_does_not_fail_when_the_file_cannot_be_written(tmp_path):
    (tmp_path / "asked.db").mkdir()
    recorder = Recorder(tmp_path, days=90)
    began = time.perf_counter()
    for _ in range(200):
        tell(recorder, "how much wine")
    each = (time.perf_counter() - began) / 200
    assert each < 0.005
    recorder.flush()
    assert recorder.forget("web-1").result(10) == -1
    (tmp_path / "asked.db").rmdir()
    tell(recorder, "after it was mended")
    recorder.flush()
    recorder.close()
    assert [one.said for one in kept(tmp_path)] == ["after it was mended"]


def test_a_reply_that_cannot_be_read_costs_only_its_own_record(recorder, tmp_path):
    tell(recorder, "first")
    tell(recorder, "odd", blocks=[{"no": "type"}])
    tell(recorder, "fine")
    recorder.flush()
    assert [one.said for one in kept(tmp_path)] == ["first", "fine"]


def test_two_processes_write_side_by_side(recorder, tmp_path):
    other = Recorder(tmp_path, days=90)
    for number in range(50):
        tell(recorder, f"web {number}")
        tell(other, f"telegram {number}", conversation="tg-1")
    recorder.flush()
    other.flush()
    other.close()
    assert len(kept(tmp_path)) == 100


def test_what_is_typed_about_an_answer_is_kept_without_personal_data_and_deleted_with_it(recorder, tmp_path):
    tell(recorder, "how much wine")
    recorder.comment("web-1", "wrong! it is 4 litres, call me on 07700 900123")
    recorder.comment("web-2", "nobody asked anything here")
    recorder.flush()
    (one,) = kept(tmp_path)
    assert (one.comment, one.waiting) == ("wrong! it is 4 litres, call me on [phone]", "commented")
    assert recorder.forget("web-1").result(10) == 1
    recorder.flush()
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"4 litres" not in whole


def test_replicas_write_into_one_postgresql_and_count_a_person_once(emptied, tmp_path):
    machines = [Recorder(tmp_path / name, days=90, url=emptied) for name in ("one", "two")]
    for number, machine in enumerate(machines):
        tell(machine, f"question {number}", conversation="tg-7")
        machine.flush()
    store = Store(emptied)
    assert [one.said for one in store.select()] == ["question 0", "question 1"]
    assert len({one.person for one in store.select()}) == 1
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    assert machines[1].forget("tg-7").result(10) == 2
    assert list(store.select()) == []
    for each in (*machines, store):
        each.close()


def test_a_broken_connection_is_made_anew_and_no_turn_is_lost(emptied, tmp_path):
    recorder, store = Recorder(tmp_path, days=90, url=emptied), Store(emptied)
    tell(recorder, "before")
    recorder.flush()
    store.db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    tell(recorder, "after")
    recorder.flush()
    assert [one.said for one in store.select()] == ["before", "after"]
    recorder.close()
    store.close()
