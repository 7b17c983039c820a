"""A sum that gives in other words what is switched off is not told, in conversation and for programs; what it does not rest on is."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.base import Service
from actions.sums.service import sum_up
from customs.settings import Settings
from knowledge_base.switches import FILE, Switchboard, put_up, switch_off
from tests.actions.rules_only import rules_only
from tests.actions.support import Conversation, settings_for

CIGARETTES = "400 cigarettes from the us by air, i'm 30"
WINE = "2 litres of wine from the us by air, i'm 30"


@pytest.fixture
def switches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / FILE
    ticks = iter(range(10_000))
    monkeypatch.setattr(Service, "switchboard", Switchboard(path, clock=lambda: float(next(ticks))))
    monkeypatch.setattr(Service, "settings", settings_for(tmp_path, administrations="ae,us,gb,eu"), raising=False)
    monkeypatch.setattr(Service, "knowledge", rules_only(), raising=False)
    return path


def work_out(text: str, kind: str = "allowance") -> tuple[int, dict]:
    request = {"administration": "gb", "text": text, "date": "2026-11-22"}
    return sum_up(kind, request, Settings({}), rules_only())  # type: ignore[arg-type]


@pytest.mark.parametrize("target", ["entry:gb.tobacco.allowance", "topic:gb/tobacco"])
def test_only_sums_that_rest_on_it_are_off(switches: Path, target: str) -> None:
    assert work_out(CIGARETTES)[0] == work_out(WINE)[0] == 200
    switch_off(switches, target, "why", "huda")
    status, answer = work_out(CIGARETTES)
    assert (status, answer["error"]) == (503, "switched_off") and "blocks" not in answer
    assert work_out(WINE)[0] == 200


@pytest.mark.parametrize(
    ("kind", "text"), [("cash", "15000 euros from france"), ("duty", "a laptop for 900 dollars by post from the us")]
)
def test_a_sum_is_off_with_the_topic_that_it_is_about(switches: Path, kind: str, text: str) -> None:
    assert work_out(text, kind)[0] == 200
    switch_off(switches, "topic:gb/cash" if kind == "cash" else "topic:gb/vat", "why", "huda")
    assert work_out(text, kind)[0] == 503


def test_in_conversation_it_is_declined_and_the_form_ends(switches: Path) -> None:
    talk = Conversation(administration="gb")
    talk.press('/check_allowance{"administration":"gb"}')
    assert talk.form
    switch_off(switches, "entry:gb.tobacco.allowance", "why", "huda")
    answer = talk.say("400 cigarettes")
    assert answer.verdict == ("declined", "switched_off") and answer.administration == "gb"
    assert not answer.block("table") and talk.form is None


def test_an_urgent_notice_stands_in_the_sum(switches: Path) -> None:
    put_up(switches, ["topic:gb/tobacco"], {"en": "The limit is halved today."}, "huda")
    assert work_out(CIGARETTES)[1]["blocks"][0]["text"] == "The limit is halved today."
    assert not any("halved" in str(block) for block in work_out(WINE)[1]["blocks"])
