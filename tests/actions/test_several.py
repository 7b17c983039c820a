"""Several questions in one message: one reply in parts, what is not answered is named, a single question is not torn apart."""

from __future__ import annotations

import pytest

from tests.actions.support import Conversation

WINE_AND_CASH = "how much wine can i bring to meridia and how much cash can i carry"


def titles(answer) -> list[str]:
    return [block["title"] for block in answer.block("card")]


@pytest.mark.parametrize(
    "text",
    [
        WINE_AND_CASH,
        "how much wine can i bring to meridia? how much cash can i carry?",
        "meridia wine allowance? and how much cash can i carry? how much wine can i bring?",
        "how much wine can i bring to meridia\nhow much cash can i carry",
        "how much wine and cash can i carry to meridia",
    ],
)
def test_two_questions_get_two_answers_in_one_reply(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert answer.verdict == ("answered", None)
    assert sorted(answer.custom["entries"]) == ["qm.alcohol.allowance", "qm.cash.declare"]
    assert answer.entry == answer.custom["entries"][0]
    assert set(titles(answer)) == {"How much wine can I bring into Meridia?", "When must I declare cash?"}
    assert len(answer.sources) == len({source["url"] for source in answer.sources}) == 2


def test_each_part_is_headed_by_its_question(talk: Conversation) -> None:
    blocks = talk.say(WINE_AND_CASH).blocks
    heads = [at for at, block in enumerate(blocks) if block["type"] == "card"]
    assert blocks[heads[0] + 1]["text"].startswith("Yes: each adult") and "5,000" in blocks[heads[1] + 1]["text"]


def test_one_entry_for_both_is_answered_once(talk: Conversation) -> None:
    answer = talk.say("what is the wine allowance for meridia? how much wine can i bring?")
    assert answer.entry == "qm.alcohol.allowance" and "entries" not in answer.custom
    assert answer.text.count("each adult may bring") == 1
    assert not titles(answer), "one answer needs no heading"


def test_a_part_without_an_answer_is_named(talk: Conversation) -> None:
    answer = talk.say("how much wine can i bring to meridia? funny joke please?")
    assert answer.verdict == ("answered", None) and answer.entry == "qm.alcohol.allowance"
    assert "I have no answer to: funny joke please?" in answer.text


def test_an_unlawful_part_is_not_served_beside_an_answer(talk: Conversation) -> None:
    answer = talk.say("how to smuggle without getting caught? hide it from the scanner? wine allowance meridia?")
    assert answer.verdict == ("declined", "unlawful")


@pytest.mark.parametrize(
    "text",
    [
        "how much wine can i bring to meridia and norwich town",
        "i land in meridia tomorrow. how much wine can i bring? is that ok?",
        "can my wife and i bring wine to meridia, what is the wine allowance",
        "hello. i have wine. how much wine can i bring to meridia?",
    ],
)
def test_one_question_is_not_torn_apart(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert "entries" not in answer.custom and "I have no answer to" not in answer.text


def test_without_a_country_it_is_asked_once_and_both_are_answered(talk: Conversation) -> None:
    answer = talk.say("how much wine can i bring and how much cash can i carry")
    assert answer.verdict == ("asked_back", "which_administration")
    answer = talk.press(answer.buttons["Meridia"])
    assert sorted(answer.custom["entries"]) == ["qm.alcohol.allowance", "qm.cash.declare"]


def test_two_destinations_get_an_answer_each(talk: Conversation) -> None:
    answer = talk.say("to meridia then norland, how much wine can i bring")
    assert answer.custom["entries"] == ["qm.alcohol.allowance", "qn.alcohol.allowance"]
    assert titles(answer) == ["Meridia", "Norland"]
    assert talk.say("to meridia then norland").custom["entries"] == ["qm.alcohol.allowance", "qn.alcohol.allowance"]


def test_a_destination_without_an_answer_is_named(talk: Conversation) -> None:
    answer = talk.say("to meridia then norland, how many vapes can i bring")
    assert answer.entry in {"qm.vape.allowance", None} and "qn" not in (answer.entry or "")


def test_the_talk_goes_on_from_the_first_part(talk: Conversation) -> None:
    first = talk.say(WINE_AND_CASH).entry
    assert talk.slots["last_answer"]["entry"] == first
    assert talk.say("since when").entry == first


def test_every_part_is_for_its_own_day(talk: Conversation) -> None:
    answer = talk.say("gift parcel value to meridia in march? how much wine can i bring?")
    assert sum("March 2027" in block["text"] for block in answer.block("notice")) == 1


def test_of_two_destinations_one_answers_and_the_other_is_named(talk: Conversation) -> None:
    answer = talk.say("how many vapes can i bring to norland and then to meridia")
    assert answer.outcome == "answered" and "no sure answer" in answer.text


def test_a_short_second_question_with_goods_of_its_own_is_not_lost(talk: Conversation) -> None:
    answer = talk.say("how much wine can i bring to meridia? and cash?")
    assert set(answer.custom.get("entries", ())) == {"qm.alcohol.allowance", "qm.cash.declare"} or "and cash?" in answer.text


def test_each_destination_is_asked_without_the_name_of_the_other(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions import several

    asked: dict[str | None, str] = {}
    find = several.search
    monkeypatch.setattr(several, "search", lambda turn, text, where: asked.update({where: text}) or find(turn, text, where))
    talk.say("to meridia then norland, how much wine can i bring")
    assert "norland" not in asked["qm"] and "meridia" not in asked["qn"]


def test_goods_alone_are_asked_about_as_those_before(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions import several

    asked: list[str] = []
    find = several.search
    monkeypatch.setattr(several, "search", lambda turn, text, where: asked.append(text) or find(turn, text, where))
    talk.say("how much wine can i bring to meridia? and cash?")
    assert "how much cash can i bring to meridia?" in asked
