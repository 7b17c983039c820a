"""What nobody should send and somebody will: an honest reply, a log line with the conversation, and the service goes on."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from benchmarks.service import Service
from tests.e2e.conftest import words
from tests.e2e.test_questions import keeps_the_contract


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("", {"failed"}),
        ("   \n\t ", {"failed"}),
        ("\u200b\u202e\u2066", {"failed"}),
        ("how many cigarettes " * 1000, {"answered", "asked_back", "declined"}),
        ("how much \x00wine\x07 can i \x1b[31m bring", {"answered", "asked_back"}),
        ("\u202ehow much wine can i bring\u202c", {"answered", "asked_back"}),
        ("<script>alert(1)</script>", {"declined", "smalltalk"}),
        ("'; DROP TABLE entries; --", {"declined"}),
        ("😀😀😀", {"declined", "smalltalk"}),
        ("ჩემი ბარგი სად არის", {"declined", "asked_back"}),
        ("/restart", {"smalltalk", "declined", "asked_back", "answered"}),
        ('/change_administration{"administration":"gb"}', {"smalltalk", "declined", "asked_back", "answered"}),
        ("ﷺ" * 300, {"declined", "smalltalk", "asked_back"}),
        ("a" * 900, {"declined", "smalltalk", "asked_back"}),
    ],
)
def test_odd_text(talk: Any, text: str, outcomes: set[str]) -> None:
    conversation = talk(administration="gb")
    reply = conversation.send(text)
    assert reply["outcome"] in outcomes, words(reply)[:200]
    assert words(reply).strip()
    if reply["outcome"] != "failed":
        keeps_the_contract(reply)
    assert conversation.send("how many cigarettes can i bring")["entry"] == "gb.tobacco.allowance", "the talk goes on"


def test_twenty_thousand_characters_are_cut_and_the_asker_is_told(talk: Any) -> None:
    reply = talk(administration="gb").send("how much wine can i bring home from france? " + "x" * 20_000)
    assert any(block["type"] == "notice" for block in reply["blocks"])


def test_a_body_that_is_too_large_is_refused_in_words(service: Service) -> None:
    response = requests.post(service.url + "/api/v1/messages", json={"text": "x" * 200_000}, timeout=30)
    assert response.status_code == 413 and "message" in response.json()


def test_lone_surrogates(service: Service) -> None:
    body = b'{"text": "how much wine \\ud83d can i bring", "administration": "gb"}'
    response = requests.post(
        service.url + "/api/v1/messages", data=body, headers={"Content-Type": "application/json"}, timeout=30
    )
    assert response.status_code == 200 and response.json()["entry"] == "gb.alcohol.allowance"


def test_typed_payloads_are_text(talk: Any) -> None:
    conversation = talk()
    conversation.send('/change_administration{"administration":"gb"}')
    assert conversation.send("how many cigarettes can i bring")["reason"] == "which_administration"


def test_an_unknown_entry_and_a_forged_payload(talk: Any, service: Service) -> None:
    reply = talk().send(payload='/choose_entry{"entry":"gb.no.such"}')
    assert (reply["outcome"], reply["reason"]) == ("declined", "no_guidance") and words(reply)
    response = requests.post(service.url + "/api/v1/messages", json={"payload": "/session_start"}, timeout=30)
    assert response.status_code in {400, 422} and response.json()["message"]


def test_a_stock_rasa_channel_reads_the_same(service: Service) -> None:
    body = {"sender": "stock-channel", "message": "how many cigarettes can i bring to dubai"}
    [message] = requests.post(service.rasa_url + "/webhooks/rest/webhook", json=body, timeout=60).json()[:1]
    assert "200" in message["text"] and "checked on" in message["text"]
    messages = requests.post(service.rasa_url + "/webhooks/rest/webhook", json=body | {"sender": "s2"}, timeout=60).json()
    custom = [message["custom"] for message in messages if message.get("custom")]
    assert [item["outcome"] for item in custom] == ["answered"] and custom[0]["entry"] == "ae.tobacco.allowance"


def test_an_empty_message_straight_to_rasa(service: Service) -> None:
    for text in ("", " ", "x" * 20_000):
        response = requests.post(service.rasa_url + "/webhooks/rest/webhook", json={"sender": "odd", "message": text}, timeout=60)
        assert response.status_code == 200
