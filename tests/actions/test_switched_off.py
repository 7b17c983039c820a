"""What is switched off is not answered on any way, and an urgent notice stands in what it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.base import Service
from knowledge_base.switches import FILE, Switchboard, put_up, switch_off, switch_on
from tests.actions.support import Conversation
from tests.actions.test_several import WINE_AND_CASH

OFF = ("declined", "switched_off")
WINE = "how much wine can i bring to meridia"
FIGURE = "3 litres"


@pytest.fixture
def switches(tmp_path: Path, talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the switches, looked at in every turn."""
    path = tmp_path / FILE
    ticks = iter(range(10_000))
    monkeypatch.setattr(Service, "switchboard", Switchboard(path, clock=lambda: float(next(ticks))))
    return path


@pytest.mark.parametrize("target", ["entry:qm.alcohol.allowance", "topic:qm/alcohol", "administration:qm"])
def test_an_answer_that_is_off_is_declined_and_an_office_named(talk: Conversation, switches: Path, target: str) -> None:
    assert talk.say(WINE).entry == "qm.alcohol.allowance"
    switch_off(switches, target, "wrong limit", "huda")
    answer = talk.say(WINE)
    assert (*answer.verdict, answer.entry, answer.administration) == (*OFF, None, "qm")
    assert FIGURE not in answer.text and "being corrected" in answer.text
    assert answer.block("card"), "an office to ask"
    assert "wrong limit" not in json.dumps(answer.custom), "the comment is for staff"
    switch_on(switches, target)
    assert FIGURE in talk.say(WINE).text


@pytest.mark.parametrize("language, word", [("fr", "correction"), ("ar", "تصحيح"), ("zh", "更正")])
def test_it_is_said_in_the_language_of_the_asker(talk: Conversation, switches: Path, language: str, word: str) -> None:
    switch_off(switches, "entry:qm.alcohol.allowance", "why", "huda")
    assert word in talk.press('/choose_entry{"entry":"qm.alcohol.allowance"}', language=language).text


def test_follow_ups_do_not_show_it(talk: Conversation, switches: Path) -> None:
    talk.say(WINE)
    switch_off(switches, "entry:qm.alcohol.allowance", "why", "huda")
    for follow_up in ("what about 40?", "is that per person?", "where is that written?", "since when?", "and beer?"):
        answer = talk.say(follow_up)
        assert FIGURE not in answer.text, follow_up
        assert answer.entry != "qm.alcohol.allowance", follow_up


def test_no_button_leads_to_it(talk: Conversation, switches: Path) -> None:
    related = '/choose_entry{"entry":"qm.alcohol.over"}'
    assert related in talk.say(WINE).buttons.values()
    switch_off(switches, "entry:qm.alcohol.over", "why", "huda")
    assert related not in talk.say(WINE).buttons.values()
    assert talk.press(related).verdict == OFF, "an old button"
    start = Conversation().press("/start", administration="qm")
    switch_off(switches, "administration:qm", "why", "huda")
    assert any('"qm.' in payload for payload in start.buttons.values())
    assert not any(
        '"qm.' in payload for payload in Conversation().press("/start", administration="qm").buttons.values()
    )


def test_of_several_questions_the_others_are_answered(talk: Conversation, switches: Path) -> None:
    switch_off(switches, "topic:qm/alcohol", "why", "huda")
    answer = talk.say(WINE_AND_CASH)
    assert (answer.outcome, answer.entry) == ("answered", "qm.cash.declare")
    assert "5,000" in answer.text and "being corrected" in answer.text and FIGURE not in answer.text
    switch_off(switches, "topic:qm/cash", "why", "huda")
    assert talk.say(WINE_AND_CASH).verdict == OFF


def test_a_channel_that_is_off_says_where_else_to_ask(talk: Conversation, switches: Path) -> None:
    switch_off(switches, "channel:telegram", "the token leaked", "huda")
    closed = talk.say(WINE, channel="telegram")
    assert closed.verdict == OFF and FIGURE not in closed.text and "do not answer here" in closed.text
    assert closed.block("card")
    assert talk.press("/start", channel="telegram").verdict == OFF
    assert talk.say(WINE, channel="web").outcome == "answered"


def test_the_web_page_is_named_where_it_is_known(
    talk: Conversation, switches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service.settings, "public_url", "https://chat.example.org/", raising=False)
    switch_off(switches, "channel:telegram", "why", "huda")
    assert "https://chat.example.org/" in talk.say(WINE, channel="telegram").text


def test_an_emergency_number_is_never_held_back(talk: Conversation, switches: Path) -> None:
    for target in ("administration:qm", "channel:test"):
        switch_off(switches, target, "why", "huda")
    from actions.context import Turn
    from actions.emergency import emergency
    from actions.reply import Reply
    from actions.switched_off import keep_to_switches
    from tests.actions.support import DAY

    turn = Turn(
        "c", "help", "en", "r", DAY, served=Service.knowledge.served, channel="test", switches=Service.switches()
    )
    reply = emergency(turn, "qm")
    assert keep_to_switches(turn, reply) is reply
    assert keep_to_switches(turn, Reply("answered", [], administration="qm")).reason == "switched_off"


def test_an_urgent_notice_comes_first_in_what_it_is_about(talk: Conversation, switches: Path) -> None:
    put_up(
        switches,
        ["topic:qm/alcohol"],
        {"en": "From Monday only two bottles.", "fr": "Deux bouteilles dès lundi."},
        "huda",
    )
    answer = talk.say(WINE)
    assert answer.blocks[0] == {"type": "notice", "level": "warning", "text": "From Monday only two bottles."}
    assert FIGURE in answer.text
    french = Conversation().press('/choose_entry{"entry":"qm.alcohol.allowance"}', language="fr")
    assert french.blocks[0]["text"] == "Deux bouteilles dès lundi."
    assert not any("two bottles" in str(block) for block in Conversation().say("declare cash in meridia").blocks)


def test_several_answers_have_the_notice_once(talk: Conversation, switches: Path) -> None:
    put_up(switches, ["administration:qm", "topic:qm/cash"], {"en": "Strike at the airport."}, "huda")
    assert talk.say(WINE_AND_CASH).text.count("Strike at the airport.") == 1


def test_a_spoilt_file_changes_nothing(talk: Conversation, switches: Path) -> None:
    switches.write_bytes(b"\xff{")
    assert talk.say(WINE).outcome == "answered"
