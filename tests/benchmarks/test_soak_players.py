"""The people of the soak against servers that lose, double and cross replies, and against the real page."""

import asyncio
import time

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks import soak_phones, soak_players
from benchmarks.soak_ledger import Message, Seen
from benchmarks.soak_phones import Phone, Phones, failure_sentences
from benchmarks.soak_players import ApiPlayer, GaveUp, PagePlayer
from benchmarks.soak_talks import talks
from bot.replies import FAILURES, say
from bot.web.administrations import Administration
from bot.web.app import create_app
from customs.settings import Settings
from tests.bot.fake_rasa import FakeRasa, serving

TALK = next(talk for talk in talks() if talk.language == "en")


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """People who try again at once, so that the tests need not wait."""
    monkeypatch.setattr(soak_players, "PAUSES_S", (0.02,))
    monkeypatch.setattr(soak_players, "PERSON_S", 0.02)
    monkeypatch.setattr(soak_phones, "PERSON_S", 0.02)
    monkeypatch.setattr(soak_phones, "QUIET_S", 0.1)
    monkeypatch.setattr(soak_phones, "REPEAT_S", 0.2)


@pytest.fixture
def impatient(monkeypatch):
    for module in (soak_players, soak_phones):
        monkeypatch.setattr(module, "PATIENCE_S", 0.3)


def message(channel="api"):
    return Message(channel, 1, TALK.name, 0, "hello", time.monotonic())


class Chat:
    """A chat API that keeps its contract, but for the faults that a test names."""

    def __init__(self, *faults):
        self.faults = set(faults)
        self.answers, self.order, self.refusals = {}, [], 0

    async def messages(self, request):
        body = await request.json()
        key, conversation = body["idempotency_key"], body.get("conversation", "c1")
        if "down at first" in self.faults and self.refusals < 3:
            self.refusals += 1
            raise web.HTTPServiceUnavailable() if self.refusals == 1 else web.HTTPBadGateway()
        if "always failing" in self.faults:
            return web.json_response(self.reply(conversation, "r", "failed", "rasa_down"))
        if key not in self.answers or "no idempotency" in self.faults:
            self.order.append(f"r{len(self.order)}")
            self.answers[key] = self.order[-1]
        given = "somebody-else" if "crossed" in self.faults and "conversation" in body else conversation
        return web.json_response(self.reply(given, self.answers[key]))

    def reply(self, conversation, request_id, outcome="answered", reason=None):
        blocks = [{"type": "paragraph", "text": "Yes."}]
        reply = {"conversation": conversation, "request_id": request_id, "outcome": outcome, "reason": reason}
        return reply | {"administration": "gb", "entry": None, "language": "en", "blocks": blocks}

    async def transcript(self, request):
        ids = self.order[:-1] if "forgetful" in self.faults else self.order
        return web.json_response({"exchanges": [{"reply": self.reply("c1", one)} for one in ids]})

    async def play(self, texts=("one", "two", "three"), conversation=13 * 17):
        app = web.Application()
        app.router.add_post("/api/v1/messages", self.messages)
        app.router.add_get("/api/v1/conversations/{id}", self.transcript)
        async with TestServer(app) as server, aiohttp.ClientSession() as http:
            player = ApiPlayer(str(server.make_url("")).rstrip("/"), http, TALK, conversation)
            said = [message() for _ in texts]
            for one, text in zip(said, texts):
                await player.say(one, text)
            await player.end()
        return said


async def test_a_chat_that_keeps_its_contract_also_when_it_is_asked_twice():
    said = await Chat().play()
    assert [one.replies for one in said] == [1, 1, 1] and not any(one.fault for one in said)
    assert all(one.seconds is not None and not one.failures for one in said)


async def test_what_is_refused_is_said_again_with_the_same_key():
    chat = Chat("down at first")
    said = await chat.play()
    assert said[0].failures[:1] == ["http_503"] and said[0].replies == 1 and len(chat.answers) == 3


@pytest.mark.parametrize(
    ("fault", "says"), [("no idempotency", "duplicated"), ("crossed", "crossed"), ("forgetful", "lost")]
)
async def test_a_chat_that_breaks_its_word_is_seen_through(fault, says):
    said = await Chat(fault).play()
    assert any(one.fault.startswith(says) for one in said), [one.fault for one in said]


async def test_honest_failures_for_ever_are_no_reply(impatient):
    chat = Chat("always failing")
    with pytest.raises(GaveUp):
        await chat.play(["one"])


@pytest.fixture
def page(tmp_path):
    """The real chat with a Rasa of our own behind it: its address, and that Rasa."""
    rasa = FakeRasa()
    with serving(rasa.app) as rasa_url:
        settings = Settings(
            {"CUSTOMS_RASA_URL": rasa_url, "CUSTOMS_VAR_DIR": str(tmp_path), "CUSTOMS_TURN_DEADLINE_S": "5"}
        )
        with serving(create_app(settings, names=lambda: [Administration("gb", {"en": "Great Britain"})])) as url:
            yield url, rasa


async def on_the_page(url, *said):
    """Say it all on the page; the last `Got`."""
    async with aiohttp.TCPConnector() as connector:
        player = PagePlayer(url, lambda: connector, TALK, 5)
        for one, text, payload in said:
            got = await player.say(one, text, payload)
        await player.end()
    return got


async def test_the_page_without_javascript(page):
    url, rasa = page
    first, second = message("page"), message("page")
    got = await on_the_page(
        url, (first, "how much beer", None), (second, "Great Britain", '/change_administration{"administration":"gb"}')
    )
    assert first.came.what == "asked_back" and "depends on the country" in first.came.words
    assert second.came.what == "answered" and "42 litres" in second.came.words
    assert got.button('/give_feedback{"rating":"up"}') and [first.replies, second.replies] == [1, 1]
    assert len(rasa.received) == 2


async def test_a_failure_on_the_page_is_tried_again_and_is_one_message(page):
    url, rasa = page
    rasa.mode = "error"
    one = message("page")

    async def mend():
        while not one.failures:
            await asyncio.sleep(0.01)
        rasa.mode = "ok"

    await asyncio.gather(on_the_page(url, (one, "how much wine", None)), mend())
    assert one.failures and set(one.failures) == {"failed"} and one.replies == 1 and not one.fault


class Bot:
    """A bot that answers what `script` says to each update: a list of (text, has buttons)."""

    def __init__(self, *script):
        self.api, self.script = Phones(), iter(script)

    async def serve(self):
        while True:
            while not self.api.updates:
                await asyncio.sleep(0.01)
            update = self.api.updates.pop(0)
            chat = (update.get("message") or update["callback_query"]["message"])["chat"]["id"]
            for text, buttons in next(self.script):
                rows = [[{"text": "Yes", "callback_data": "p:/help"}]] if buttons else []
                markup = {"reply_markup": {"inline_keyboard": rows}} if buttons else {}
                await self.api.on_sendmessage({"chat_id": chat, "text": text, **markup})

    async def talk(self, *messages):
        phone = Phone(self.api, failure_sentences(("en", "ar")), TALK, 1)
        serving = asyncio.create_task(self.serve())
        try:
            for one in messages:
                await phone.say(one, one.text)
            await asyncio.sleep(0.05)
            phone.leftovers()
        finally:
            serving.cancel()


def expecting(*words):
    one = message("telegram")
    one.expected = Seen("", " ".join(words))
    return one


async def test_one_reply_in_parts_is_one_reply():
    one, two = expecting("a", "b", "Yes"), expecting("c")
    await Bot([("a", False), ("b", True)], [("c", False)]).talk(one, two)
    assert [(each.replies, each.came, each.fault) for each in (one, two)] == [
        (1, one.expected, ""),
        (1, two.expected, ""),
    ]


async def test_an_answer_that_comes_twice_belongs_to_its_message_and_not_to_the_next():
    one, two = expecting("a", "Yes"), expecting("c", "Yes")
    await Bot([("a", True), ("a", True)], [("c", True)]).talk(one, two)
    assert (one.replies, two.replies, two.came) == (2, 1, two.expected)


async def test_an_answer_that_comes_twice_at_the_very_end_is_seen():
    one = expecting("a", "Yes")
    await Bot([("a", True), ("a", True)]).talk(one)
    assert one.replies == 2 and one.fault


async def test_parts_that_come_again_after_a_kill_are_a_repetition():
    one = expecting("a", "b", "Yes")
    await Bot([("a", False), ("a", False), ("b", True)]).talk(one)
    assert one.came == one.expected and one.replies == 2


async def test_an_honest_failure_is_asked_again_as_a_new_message():
    one = expecting("a", "Yes")
    await Bot([("⚠️ " + say("ar", FAILURES["rasa_down"]), False)], [("a", True)]).talk(one)
    assert one.failures == ["failed"] and one.asked == 2 and one.came == one.expected and one.replies == 1


async def test_a_silent_bot_loses_the_message(impatient):
    with pytest.raises(GaveUp):
        await Bot([]).talk(expecting("a"))
