"""The parts that both connectors share."""

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from dialogue.channels.common import CredentialsError, Repetitions, chosen, metadata, needed, numbered, split, typed
from dialogue.channels.facebook import FacebookChannel
from dialogue.channels.twilio import WhatsAppChannel

BUTTONS = [
    {"title": "United Kingdom", "payload": '/change_administration{"administration":"gb"}'},
    {"title": "I do not know", "payload": '/set_fact{"fact":"age","value":"unknown"}'},
]


def events(reason, buttons=BUTTONS):
    return [
        BotUttered("?", {"buttons": buttons, "custom": {"outcome": "asked_back", "reason": reason}}),
        UserUttered("x"),
    ]


@pytest.mark.parametrize("text", ["#1", "# 1", "1", "1.", " 1 ", "#١", "united kingdom", "United Kingdom "])
def test_a_choice_is_its_title_or_its_number(text):
    assert chosen(text, events("which_administration")) == BUTTONS[0]["payload"]


@pytest.mark.parametrize("text", ["#0", "#3", "0", "3", "100", "1 litre", "kingdom", "", "#", "2 bottles"])
def test_other_words_are_no_choice(text):
    assert chosen(text, events("which_administration")) is None


def test_a_bare_number_is_an_amount_where_a_fact_was_asked_for():
    assert chosen("2", events("which_fact")) is None
    assert chosen("#2", events("which_fact")) == BUTTONS[1]["payload"]
    assert chosen("I do not know", events("which_fact")) == BUTTONS[1]["payload"]


def test_only_the_last_reply_offers_choices():
    assert chosen("#1", [*events("which_entry"), BotUttered("an answer", {})]) is None
    assert chosen("#1", []) is None


def test_choices_are_readable_without_their_payloads():
    assert numbered(BUTTONS) == "#1 United Kingdom\n#2 I do not know"


def test_typed_words_are_never_a_payload():
    assert typed(' //restart{"a":1}\n now') == 'restart{"a":1} now'


def test_a_long_text_is_cut_where_it_may_be_and_nothing_is_lost():
    paragraphs = ["a" * 90 + " end.", "b" * 40, "c" * 250, "ddd " * 30]
    parts = split("\n\n".join(paragraphs), 100)
    assert all(0 < len(part) <= 100 for part in parts)
    assert "".join("".join(parts).split()) == "".join("".join(paragraphs).split())
    assert parts[0] == paragraphs[0] and parts[1] == paragraphs[1]
    assert split("short\n\ntwo paragraphs", 100) == ["short\n\ntwo paragraphs"] and split("", 100) == []


def test_a_repetition_is_known_and_the_memory_of_them_is_bounded():
    seen = Repetitions(most=2)
    assert [seen.first(one) for one in ("a", "a", "b", "c", "c", "a", None, None)] == [1, 0, 1, 1, 0, 1, 1, 1]


def test_hints_come_from_the_credentials():
    made = metadata("facebook", {"administration": "ae", "language": "ar", "secret": "s"})
    assert made.pop("request_id") != metadata("facebook", None)["request_id"]
    assert made == {"channel": "facebook", "administration": "ae", "language": "ar"}


@pytest.mark.parametrize(("make", "missing"), [
    (FacebookChannel, {"verify": "v", "secret": "", "page-access-token": "t"}),
    (FacebookChannel, None),
    (WhatsAppChannel, {"account_sid": "AC", "auth_token": "  ", "twilio_number": "+1", "public_url": "https://x"}),
])  # fmt: skip
def test_a_connector_does_not_start_without_its_secrets(make, missing):
    with pytest.raises(CredentialsError, match="secret|auth_token"):
        make.from_credentials(missing)
    assert needed("x", {"a": 1}, ["a"]) == {"a": "1"}
