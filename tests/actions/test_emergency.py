"""Somebody in danger gets the number to call, whatever else the conversation is about."""

from __future__ import annotations

import pytest

from tests.actions.support import Conversation


def test_the_number_of_the_country_that_is_talked_about(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.say("somebody stopped breathing, ambulance quickly")
    assert answer.verdict == ("handed_over", None)
    assert answer.block("card")[0]["rows"] == [["Meridia", "117"]]
    assert answer.block("notice")[0]["level"] == "warning" and answer.block("card") and answer.entry is None


def test_without_a_country_every_number_that_is_known(talk: Conversation) -> None:
    answer = talk.say("there is a bomb ticking, somebody stabbed a person")
    assert answer.verdict == ("handed_over", None)
    assert ["Meridia", "117"] in answer.block("card")[0]["rows"]


@pytest.mark.parametrize("place", ["japan", "meridia"])
def test_a_place_in_the_message_takes_nothing_away(talk: Conversation, place: str) -> None:
    answer = talk.say(f"somebody collapsed and stopped breathing, call an ambulance now, {place}")
    assert answer.verdict == ("handed_over", None) and "117" in answer.text
