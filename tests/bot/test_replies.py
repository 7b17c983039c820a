import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import CUT, FAILURES, failure, reply_of, say
from bot.turn import Turn
from customs.blocks import OUTCOMES, REASONS, check_block, plain_text
from tests.bot.fake_rasa import EVERYTHING, SOURCE, as_rest, head

TURN = Turn("web-1", "how much wine", "web", language="en", request_id="r1")
LANGUAGES = ("ar", "es", "fr", "hi", "ru", "ur", "zh")


def test_the_text_that_rasa_sends_before_a_custom_part_is_not_shown_twice():
    custom = head("answered", EVERYTHING, sources=[SOURCE])
    pieces = [{"text": piece} for piece in plain_text(EVERYTHING, "geprüft am").split("\n\n")]
    reply = reply_of(TURN, [*pieces, {"custom": custom}])
    assert [block["type"] for block in reply.blocks] == [block["type"] for block in EVERYTHING] + ["source"]


def test_one_message_with_text_buttons_and_custom_is_shown_once():
    custom = head("answered", [{"type": "paragraph", "text": "Yes."}])
    reply = reply_of(TURN, [{"text": "Yes.", "buttons": [{"title": "Help", "payload": "/help"}], "custom": custom}])
    assert reply.blocks == custom["blocks"]


def test_messages_are_merged_in_order_and_stock_messages_become_paragraphs():
    first = {"custom": {"blocks": [{"type": "notice", "level": "info", "text": "Now in English."}]}}
    stock = {"text": "Welcome back, traveller!", "buttons": [{"title": "Help", "payload": "/help"}]}
    reply = reply_of(
        TURN, [first, stock, *as_rest(head("answered", [{"type": "paragraph", "text": "Nil."}], entry="e"))]
    )
    assert [block["type"] for block in reply.blocks] == ["notice", "paragraph", "buttons", "paragraph"]
    assert (reply.outcome, reply.entry, reply.request_id, reply.conversation) == ("answered", "e", "r1", "web-1")


def test_stock_rasa_without_any_outcome_is_small_talk():
    reply = reply_of(TURN, [{"recipient_id": "web-1", "text": "Hey! How are you?"}])
    assert (reply.outcome, reply.blocks) == ("smalltalk", [{"type": "paragraph", "text": "Hey! How are you?"}])


def test_an_outcome_that_is_not_of_the_list_is_logged_and_not_passed_on(caplog):
    reply = reply_of(TURN, [{"custom": head("guessed", [{"type": "paragraph", "text": "Perhaps."}])}])
    assert reply.outcome == "smalltalk"
    assert "'guessed'" in caplog.text


def test_sources_are_shown_once_each():
    shown = {"type": "source", **SOURCE}
    other = SOURCE | {"url": "https://www.example.org/other"}
    reply = reply_of(TURN, [{"custom": head("answered", [shown], sources=[SOURCE, other])}])
    assert [block["url"] for block in reply.blocks] == [SOURCE["url"], other["url"]]
    assert [source["url"] for source in reply.sources] == [SOURCE["url"], other["url"]]


@pytest.mark.parametrize(
    "bad",
    [
        "text",
        None,
        {"type": []},
        {"type": "video", "url": "x"},
        {"type": "paragraph"},
        {"type": "paragraph", "text": 7},
        {"type": "list", "items": "abc"},
        {"type": "list", "items": [{"a": 1}]},
        {"type": "card", "title": "t", "rows": [["only one"]]},
        {"type": "card", "title": "t", "rows": {"a": "b"}},
        {"type": "table", "columns": ["a"], "rows": [[1]]},
        {"type": "table", "columns": ["a"], "rows": "ab"},
        {"type": "table", "columns": ["a"], "rows": {}},
        {"type": "notice", "level": "panic", "text": "t"},
        {"type": "source", "title": "t", "url": "javascript:alert(1)", "checked": "2026-11-21"},
        {"type": "buttons", "items": [{"title": "t", "payload": "/session_start"}]},
        {"type": "buttons", "items": [{"title": "", "payload": "/help"}, 5]},
    ],
)
def test_a_bad_block_is_logged_with_its_conversation_and_left_out(bad, caplog):
    reply = reply_of(TURN, [{"custom": head("answered", [bad, {"type": "paragraph", "text": "Good."}])}])
    assert reply.blocks == [{"type": "paragraph", "text": "Good."}]
    assert "web-1" in caplog.text and caplog.records[0].levelno == logging.WARNING


def test_an_unsafe_link_of_a_card_goes_and_the_card_stays(caplog):
    reply = reply_of(
        TURN, [{"custom": head("answered", [{"type": "card", "title": "t", "url": "javascript:alert(1)"}])}]
    )
    assert reply.blocks == [{"type": "card", "title": "t"}]
    assert "javascript" in caplog.text


def test_only_known_buttons_stay():
    items = [{"title": "A", "payload": "/help"}, {"title": "B", "payload": "/evil"}]
    reply = reply_of(
        TURN, [{"custom": head("asked_back", [{"type": "buttons", "items": items}], reason="which_entry")}]
    )
    assert reply.blocks == [{"type": "buttons", "items": items[:1]}]


@pytest.mark.parametrize(
    "messages", ["x", None, {"text": "x"}, [1], [{}], [{"custom": 5}], [{"custom": {"blocks": 5}}]]
)
def test_what_cannot_be_shown_is_an_honest_failure(messages, caplog):
    reply = reply_of(TURN, messages)
    assert (reply.outcome, reply.reason) == ("failed", "error")
    assert "web-1" in caplog.text


def test_a_value_that_json_cannot_hold_does_not_pass():
    block = {"type": "list", "items": ["a"], "ordered": float("nan")}
    reply = reply_of(TURN, [{"custom": head("answered", [block], entry=float("inf"))}])
    json.dumps(reply.as_dict(), allow_nan=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
BLOCKS = st.builds(
    lambda block, key, value: block | {key: value},
    st.sampled_from([*EVERYTHING, {"type": "source", **SOURCE}, {"type": "buttons", "items": []}]),
    st.sampled_from(
        ["type", "text", "items", "rows", "columns", "url", "title", "checked", "ordered", "level", "label"]
    ),
    JSON,
)


@given(st.lists(BLOCKS | JSON, max_size=4), st.lists(JSON, max_size=2), JSON, JSON)
def test_no_reply_of_rasa_can_break_a_channel(blocks, sources, outcome, language):
    custom = head("answered", blocks, sources=sources, language=language) | {"outcome": outcome}
    reply = reply_of(TURN, [{"text": outcome, "custom": custom}])
    json.dumps(reply.as_dict(), allow_nan=False)
    assert reply.outcome in OUTCOMES and reply.blocks
    assert plain_text([check_block(block) for block in reply.blocks]) is not None


def test_a_cut_question_is_told_so_first():
    turn = Turn("web-1", "x", "web", language="fr", cut=True)
    reply = reply_of(turn, [{"custom": head("answered", [{"type": "paragraph", "text": "Oui."}], language="fr")}])
    assert reply.blocks[0] == {"type": "notice", "level": "info", "text": say("fr", CUT)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_told_in_every_language(language):
    assert set(FAILURES) >= set(REASONS["failed"]) - {"no_release"}  # the actions tell that one themselves
    told = {failure(Turn("c", "x", "web", language=language), reason).blocks[0]["text"] for reason in FAILURES}
    assert len(told) == len(FAILURES)
    assert not told & set(FAILURES.values())
    assert say(language, CUT) != CUT


def test_a_failure_is_written_in_the_direction_of_its_language():
    assert failure(Turn("c", "x", "web", language="ur"), "timeout").direction == "rtl"
    assert failure(Turn("c", "x", "web"), "timeout").direction == "ltr"


def test_the_askers_language_is_known_where_an_answer_has_no_translation():
    said = {"outcome": "answered", "language": "en", "blocks": [{"type": "paragraph", "text": "No."}]}
    turn = Turn("c", "x", "web", language="ur")
    there = reply_of(turn, [{"custom": said | {"asker_language": "ur"}}])
    assert (there.language, there.asker_language, there.direction) == ("en", "ur", "ltr")
    assert reply_of(turn, [{"custom": said}]).asker_language == "en"
