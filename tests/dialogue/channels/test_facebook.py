"""Messenger: recorded deliveries through the real connector, engine and actions."""

import asyncio
import re
import urllib.error
import urllib.request

import pytest

from dialogue.channels.facebook import MOST_CHARACTERS, Graph, MessengerOutput
from tests.dialogue.channels.conftest import VERIFY, payload

QUESTION = "how many cigarettes can i bring to dubai"


def test_a_question_is_answered_with_its_source(messenger, providers):
    user = messenger()
    answer = "\n".join(user.say(QUESTION))
    assert "cigarettes" in answer and "https://" in answer
    actions = [
        one["sender_action"] for one in providers.graph if one["recipient"]["id"] == user.id and "sender_action" in one
    ]
    assert actions == ["mark_seen", "typing_on", "typing_off"] and set(providers.authorised) >= {"page-token"}


def test_the_structured_reply_stays_here(messenger, providers):
    user = messenger()
    user.say(QUESTION)
    sent = [one for one in providers.graph if one["recipient"]["id"] == user.id and "message" in one]
    assert sent and all(set(one["message"]) <= {"text", "quick_replies"} for one in sent)


def test_which_country_is_asked_with_buttons_and_a_press_answers(messenger, providers):
    user = messenger()
    assert user.say("how much wine can i bring home")
    offered = providers.quick_replies(user.id)
    assert 2 <= len(offered) <= 11 and all(len(one["title"]) <= 20 for one in offered)
    kingdom = next(one for one in offered if '"gb"' in one["payload"])
    assert re.search(r"litre|wine", "\n".join(user.press(kingdom)))


def test_a_choice_may_be_typed_too(messenger, providers):
    user = messenger()
    asked = user.say("how much wine can i bring home")
    position = next(at for at, one in enumerate(providers.quick_replies(user.id), 1) if '"gb"' in one["payload"])
    assert asked != (answer := user.say(f"#{position}")) and "wine" in "\n".join(answer)


def test_the_language_is_that_of_the_question(messenger):
    answer = "\n".join(messenger().say("كم سيجارة يمكنني إحضارها إلى دبي"))
    assert re.search("[\u0620-\u064a]", answer) and "سيج" in answer


def test_a_typed_payload_is_only_words(messenger):
    user = messenger()
    user.say(QUESTION)
    assert "conversation" not in " ".join(user.say('/restart{"x":"y"}')).lower()
    status, tracker = user.engine.request(f"/conversations/{user.id}/tracker")
    assert status == 200 and not [one for one in tracker["events"] if one["event"] == "restart"]


def test_a_get_started_button_greets(messenger):
    user = messenger()
    assert user.deliver(payload("facebook_postback.json")) == (200, "success") and user.heard()


def test_a_picture_gets_what_can_be_asked_instead(messenger):
    user = messenger()
    assert user.deliver(payload("facebook_image.json")) == (200, "success")
    heard = user.heard()
    assert heard and "scontent" not in "\n".join(heard)


def test_receipts_and_echoes_are_no_messages(messenger):
    user = messenger()
    assert user.deliver(payload("facebook_receipts.json")) == (200, "success") and user.heard() == []


def test_a_delivery_that_comes_again_is_not_answered_again(messenger):
    user = messenger()
    delivery = payload("facebook_text.json")
    message = delivery["entry"][0]["messaging"][0]["message"]
    message["text"], message["mid"] = QUESTION, f"m_{user.id}"
    for _ in range(2):
        assert user.deliver(delivery, fresh=False) == (200, "success")
    heard = user.heard()
    assert heard and len(set(heard)) == len(heard)


def test_every_message_of_a_delivery_is_answered(messenger):
    user = messenger()
    delivery = payload("facebook_text.json")
    events = delivery["entry"][0]["messaging"]
    events[0]["message"]["text"] = QUESTION
    events.append(payload("facebook_postback.json")["entry"][0]["messaging"][0])
    first = len(messenger().say(QUESTION))
    user.deliver(delivery)
    assert len(user.heard()) > first


@pytest.mark.parametrize("method", ["sha256", "sha1"])
def test_only_what_facebook_signed_is_taken(messenger, method):
    user = messenger()
    assert user.deliver(payload("facebook_text.json"), secret="other", method=method)[0] == 403
    assert user.deliver(payload("facebook_text.json"), method="md5")[0] == 403
    assert user.heard() == []
    assert user.deliver(payload("facebook_text.json"), method=method)[0] == 200 and user.heard()


def test_facebook_confirms_the_address_with_the_token_only(connected):
    address = f"{connected.url}/webhooks/facebook/webhook?hub.mode=subscribe&hub.challenge=1158201444"
    with urllib.request.urlopen(f"{address}&hub.verify_token={VERIFY}", timeout=10) as answer:
        assert answer.read() == b"1158201444"
    for wrong in ("", "&hub.verify_token=", "&hub.verify_token=other"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address + wrong, timeout=10)


async def send(providers, recipient, **message):
    await MessengerOutput(Graph("page-token", f"{providers.url}/graph")).send_response(recipient, message)


def run(coroutine):
    return asyncio.run(coroutine)


def test_long_answers_are_split_and_the_choices_stand_under_the_last_part(providers):
    words = "\n\n".join(f"Paragraph {number} " + "word " * 60 for number in range(20))
    buttons = [{"title": "A title of more than twenty characters", "payload": "/help"}] * 13
    run(send(providers, "long", text=words, buttons=buttons, custom={"outcome": "answered"}))
    parts = [one["message"] for one in providers.graph if one["recipient"]["id"] == "long"]
    assert len(parts) > 3 and all(len(part["text"]) <= MOST_CHARACTERS for part in parts)
    assert "".join("".join(part["text"] for part in parts).split()).startswith("".join(words.split()))
    assert [bool(part.get("quick_replies")) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [one["title"] for one in parts[-1]["quick_replies"]] == [f"#{number}" for number in range(1, 12)]
    assert "#13 A title" in parts[-1]["text"]


def test_a_refusal_is_logged_and_the_token_is_not(providers, caplog):
    providers.status = 400
    try:
        run(send(providers, "refused", text="hello"))
    finally:
        providers.status = 200
    run(MessengerOutput(Graph("page-token", "http://127.0.0.1:9/graph")).send_response("away", {"text": "hello"}))
    assert "refused a message" in caplog.text and "cannot be reached" in caplog.text and "page-token" not in caplog.text
