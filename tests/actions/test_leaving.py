"""Goods that leave a covered country: only its guidance on leaving answers, and the other country's rule is said not to be covered."""

from __future__ import annotations

from actions.leaving import speaks_of_leaving
from knowledge_base.model import Entry
from tests.actions.support import DAY, Conversation


def test_the_guidance_on_leaving_answers_and_the_destination_is_named(talk: Conversation) -> None:
    answer = talk.say("carry cash out of meridia to japan, declare cash")
    assert answer.entry == "qm.cash.declare"
    assert "Japan" in answer.block("notice")[0]["text"] and answer.block("notice")[0]["text"].startswith(
        "This is about leaving only."
    )


def test_what_may_come_in_never_answers_for_what_goes_out(talk: Conversation) -> None:
    answer = talk.say("how much wine can i bring from meridia to japan, wine allowance")
    assert answer.verdict == ("declined", "other_administration") and "Japan" in answer.text


def test_leaving_without_a_destination_says_nothing_of_another_country(talk: Conversation) -> None:
    answer = talk.say("taking cash out of meridia, declare cash")
    assert answer.entry == "qm.cash.declare" and "This is about leaving only" not in answer.text


def test_a_bare_country_after_an_answer_is_asked_about_itself(talk: Conversation) -> None:
    talk.say("declare cash meridia")
    assert talk.say("and to japan?").verdict == ("declined", "other_administration")


def entry(title: str, answer: str) -> Entry:
    return Entry(id="qm.a.b", title=title, audience="both", questions={}, answer=answer, sources=["s"], review_by=DAY)


def test_what_speaks_of_leaving_is_told_from_its_first_words() -> None:
    assert speaks_of_leaving(entry("Do I declare cash?", "Yes, on arrival and on departure."))
    assert speaks_of_leaving(entry("Can I take antiques out?", "Ask first."))
    assert not speaks_of_leaving(entry("How much wine?", "Three litres.\n\nKeep the receipt when you leave."))
