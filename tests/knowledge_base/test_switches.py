"""The switches: set under a lock, read at most once a second, and no file makes an answer fail."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.switches import (
    FILE,
    Switchboard,
    SwitchError,
    Switches,
    put_up,
    read_switches,
    switch_off,
    switch_on,
    take_down,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


def test_an_answer_is_off_by_itself_its_topic_or_its_administration(path: Path) -> None:
    for target in ("entry:gb.wine.limit", "topic:gb/alcohol", "administration:gb"):
        switches = switch_off(path, target, "wrong figure", "huda", NOW)
        assert switches == read_switches(path)
        assert switches.off_for("gb.wine.limit", "alcohol").target == target
        assert switches.off_for("ae.wine.limit", "alcohol") is None
        assert (switches.off_for("gb.wine.over", "alcohol") is None) == (target == "entry:gb.wine.limit")
        assert switch_on(path, target) == Switches() == read_switches(path)


def test_a_channel_is_a_target_of_its_own(path: Path) -> None:
    switches = switch_off(path, "channel:telegram", "the token leaked", "huda", NOW)
    assert switches.channel_off("telegram").comment == "the token leaked"
    assert switches.channel_off("web") is None and switches.channel_off(None) is None


def test_switching_off_twice_keeps_the_last_reason(path: Path) -> None:
    switch_off(path, "entry:gb.a", "first", "huda", NOW)
    assert [each.comment for each in switch_off(path, "entry:gb.a", "second", "omar", NOW).off] == ["second"]


@pytest.mark.parametrize(
    "target", ["", "entry:", "entry:gb", "topic:alcohol", "administration:gbr", "sum:gb", "entry:gb.a\n"]
)
def test_what_is_no_target_is_refused(path: Path, target: str) -> None:
    with pytest.raises(SwitchError, match="nothing that can be switched"):
        switch_off(path, target, "because", "huda")
    assert not path.exists()


def test_a_reason_is_needed_and_what_is_on_cannot_be_switched_on(path: Path) -> None:
    with pytest.raises(SwitchError, match="comment"):
        switch_off(path, "entry:gb.a", "  ", "huda")
    with pytest.raises(SwitchError, match="not switched off"):
        switch_on(path, "entry:gb.a")


def test_a_notice_holds_between_its_moments(path: Path) -> None:
    new = put_up(
        path, ["topic:gb/pets"], {"en": "Ports closed", "fr": " "}, "huda", start=NOW, until=NOW + timedelta(hours=2)
    )
    switches = read_switches(path)
    about = {"entry:gb.pets.dog", "topic:gb/pets"}
    assert [each.text_in("fr") for each in switches.notices_for(about, NOW)] == ["Ports closed"]
    assert switches.notices_for(about, NOW - timedelta(seconds=1)) == []
    assert switches.notices_for(about, NOW + timedelta(hours=2)) == []
    assert switches.notices_for({"topic:gb/cash"}, NOW) == []
    assert take_down(path, new.id).notices == ()
    with pytest.raises(SwitchError, match="no notice"):
        take_down(path, new.id)


@pytest.mark.parametrize(
    "targets, text, until",
    [
        ([], {"en": "x"}, None),
        (["entry:gb.a"], {"en": " "}, None),
        (["channel:web"], {"en": "x"}, None),
        (["entry:gb.a"], {"en": "x"}, NOW),
    ],
)
def test_a_notice_that_nobody_would_see_is_refused(
    path: Path, targets: list, text: dict, until: datetime | None
) -> None:
    with pytest.raises(SwitchError):
        put_up(path, targets, text, "huda", start=NOW, until=until)


def test_many_hands_at_once_lose_no_switch(path: Path) -> None:
    threads = [
        threading.Thread(target=switch_off, args=(path, f"entry:gb.e{number}", "why", "x")) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_switches(path).off) == 8


def test_the_file_is_looked_at_once_a_second(path: Path) -> None:
    now = [0.0]
    board = Switchboard(path, clock=lambda: now[0])
    assert board.current() == Switches()
    switch_off(path, "entry:gb.a", "why", "huda")
    now[0] = 0.9
    assert board.current() == Switches()
    now[0] = 1.0
    assert board.current().off_for("gb.a", None)
    switch_on(path, "entry:gb.a")
    now[0] = 2.0
    assert board.current().off_for("gb.a", None) is None


def test_a_file_that_cannot_be_read_leaves_what_was_known(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    switch_off(path, "entry:gb.a", "why", "huda")
    board = Switchboard(path, clock=lambda: now[0])
    assert board.current().off
    path.write_text("{half a fi", encoding="utf-8")
    now[0] = 5.0
    assert board.current().off_for("gb.a", None)
    assert "cannot be read" in caplog.text
    switch_off(path, "entry:gb.b", "why", "huda")
    assert [each.target for each in read_switches(path).off] == ["entry:gb.b"]
    assert path.with_name(f"{FILE}.unreadable").exists(), "what could not be read is kept for whoever mends it"


def test_one_row_that_cannot_be_read_leaves_the_others(path: Path) -> None:
    switch_off(path, "entry:gb.a", "why", "huda")
    told = json.loads(path.read_text("utf-8"))
    told["off"] = [
        {"target": "nonsense"},
        None,
        *told["off"],
        {"target": "entry:gb.b", "comment": "", "by": "", "since": "noon"},
    ]
    told["notices"] = [{"id": "1", "targets": ["entry:gb.a"], "text": {}}]
    path.write_text(json.dumps(told), encoding="utf-8")
    switches = read_switches(path)
    assert [each.target for each in switches.off] == ["entry:gb.a"] and switches.notices == ()


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["format", "off", "notices", "target", "text"]), x),
        max_leaves=8,
    ).map(lambda x: json.dumps(x).encode())
)
def test_no_file_makes_an_answer_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("switches") / FILE
    path.write_bytes(content)
    assert Switchboard(path).current().off_for("gb.a", "b") is None
