"""WhatsApp over Twilio: recorded requests through the real connector, engine and actions."""

import asyncio
import re

import pytest

from dialogue.channels.twilio import MOST_CHARACTERS, WhatsAppOutput
from tests.dialogue.channels.conftest import payload

ARABIC = re.compile("[\u0620-\u064a]")


def test_a_question_is_answered_with_its_source(whatsapp, providers):
    user = whatsapp()
    answer = "\n".join(user.say("how many cigarettes can i bring to london"))
    assert "cigarettes" in answer and "https://" in answer
    sent = [one for one in providers.twilio if one["To"] == user.id]
    assert {frozenset(one) for one in sent} == {frozenset({"To", "From", "Body"})}
    assert sent[0]["From"] == "whatsapp:+15005550001"


def test_the_administration_and_the_language_of_the_number_are_hints(whatsapp):
    # The credentials say ae and ar: nobody is asked which country, and what has no language is answered in Arabic.
    user = whatsapp()
    assert re.search("UAE|AED|Emirates", "\n".join(user.say("how many cigarettes can i bring")))
    greeted = whatsapp()
    assert greeted.deliver(payload("twilio_picture.json"))[0] == 204
    assert ARABIC.search("\n".join(greeted.heard()))


def test_choices_are_numbered_and_a_number_chooses(whatsapp):
    user = whatsapp()
    said = "\n".join(user.say("how many cigarettes can i bring to london"))
    choices = re.findall(r"^#(\d+) (.+)$", said, re.M)
    assert choices and "/choose_entry" not in said
    answer = "\n".join(user.say("#1"))
    assert answer and "#1" not in answer.splitlines()[0]
    status, tracker = user.engine.request(f"/conversations/{user.id}/tracker")
    pressed = [one["text"] for one in tracker["events"] if one["event"] == "user"]
    assert status == 200 and pressed[-1].startswith("/")


def test_a_picture_gets_what_can_be_asked_instead(whatsapp):
    user = whatsapp()
    assert user.deliver(payload("twilio_picture.json"))[0] == 204
    assert user.heard()


def test_a_location_is_no_payload(whatsapp):
    user = whatsapp()
    fields = payload("twilio_whatsapp.json") | {"Body": "", "Latitude": "25.2", "Longitude": "55.3"}
    assert user.deliver(fields)[0] == 204 and "locationData" not in "\n".join(user.heard())


def test_only_what_twilio_signed_is_taken(whatsapp):
    user = whatsapp()
    for wrong in ({"token": "other"}, {"signature": "x"}, {"signature": " "}):
        assert user.deliver(payload("twilio_whatsapp.json"), **wrong)[0] == 403
    assert user.heard() == []
    fields = payload("twilio_whatsapp.json") | {"A new parameter": "", "Another": "é ½"}
    assert user.deliver(fields)[0] == 204 and user.heard()


def test_a_message_that_comes_again_is_not_answered_again(whatsapp):
    user = whatsapp()
    fields = payload("twilio_whatsapp.json") | {"Body": "how many cigars to dubai", "MessageSid": f"SM{user.id}"}
    user.deliver(dict(fields), fresh=False)
    first = user.heard()
    user.deliver(dict(fields), fresh=False)
    assert first and user.heard() == []


async def send(providers, recipient, **message):
    out = WhatsAppOutput("AC0", "t", "whatsapp:+15005550001", providers.url)
    await out.send_response(recipient, message)


def test_long_answers_are_split(providers):
    words = "\n\n".join(f"Paragraph {number} " + "word " * 60 for number in range(20))
    buttons = [{"title": "Cigars", "payload": "/help"}]
    asyncio.run(send(providers, "whatsapp:+1", text=words, buttons=buttons, custom={"outcome": "answered"}))
    parts = providers.texts("whatsapp:+1")
    assert len(parts) > 3 and all(len(part) <= MOST_CHARACTERS for part in parts)
    assert "".join("".join(parts).split()) == "".join(words.split()) + "#1Cigars"


@pytest.mark.parametrize("away", [False, True])
def test_a_message_that_twilio_does_not_take_is_logged_and_ends_nothing(providers, caplog, away):
    if away:
        out = WhatsAppOutput("AC0", "t", "whatsapp:+15005550001", "http://127.0.0.1:9")
        asyncio.run(out.send_response("whatsapp:+2", {"text": "hello"}))
    else:
        providers.status = 400
        try:
            asyncio.run(send(providers, "whatsapp:+2", text="hello"))
        finally:
            providers.status = 200
    assert "it is lost" in caplog.text
