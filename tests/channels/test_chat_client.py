"""The example client of docs/channels.md against the real chat application on a real port, with a fake Rasa behind."""

from __future__ import annotations

import importlib.util
import io
import sys
from contextlib import contextmanager

import pytest

from bot.web.app import create_app
from bot.web.options import Options
from customs.settings import ROOT, Settings
from tests.bot.fake_rasa import EVERYTHING, FakeRasa, serving

spec = importlib.util.spec_from_file_location("chat_client", ROOT / "docs" / "examples" / "chat_client.py")
example = importlib.util.module_from_spec(spec)
spec.loader.exec_module(example)


@pytest.fixture(scope="module")
def rasa():
    fake = FakeRasa()
    with serving(fake.app) as url:
        fake.url = url
        yield fake


class Lossy:
    """Loses the answer of the first `lose` requests on the way, as a bad line does, after the service has worked on them."""

    def __init__(self, app):
        self.app, self.lose = app, 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not self.lose:
            return await self.app(scope, receive, send)
        self.lose -= 1

        async def into_the_void(message):
            return None

        await self.app(scope, receive, into_the_void)
        raise ConnectionError("lost on the way")


@contextmanager
def chat(rasa, tmp_path, **options):
    rasa.reset()
    settings = Settings({"CUSTOMS_RASA_URL": rasa.url, "CUSTOMS_VAR_DIR": str(tmp_path)})
    lossy = Lossy(create_app(settings, names=list, options=Options(**options)))
    with serving(lossy) as url:
        yield url, lossy


def test_a_conversation_with_buttons_by_number_and_its_end(rasa, tmp_path):
    with chat(rasa, tmp_path) as (url, _):
        client = example.ChatClient(url, administration="gb", language="en")
        asked = client.say("how much beer")
        assert "[1] Great Britain" in example.as_text(asked) and asked["outcome"] == "asked_back"
        assert "42 litres" in example.as_text(client.say("1"))
        assert rasa.received[-1]["message"] == '/change_administration{"administration":"gb"}'
        assert "You asked: 1" in example.as_text(client.say("1"))  # no buttons any more: a number is an amount
        assert {one["sender"] for one in rasa.received} == {rasa.received[0]["sender"]}
        assert rasa.received[0]["metadata"]["administration"] == "gb"
        assert client.forget()["dialogue_deleted"] is True and rasa.forgotten == [rasa.received[0]["sender"]]


def test_every_block_is_shown(rasa, tmp_path):
    with chat(rasa, tmp_path) as (url, _):
        shown = example.as_text(example.ChatClient(url).say("everything"))
    for block in EVERYTHING:
        for text in [
            block.get("text"),
            block.get("title"),
            *(sum(block.get("rows", []), []) if block["type"] == "table" else []),
        ]:
            assert not text or text in shown, text


def test_an_answer_lost_on_the_way_is_got_again_and_asked_once(rasa, tmp_path, monkeypatch):
    monkeypatch.setattr(example, "sleep", lambda seconds: None)
    with chat(rasa, tmp_path) as (url, lossy):
        lossy.lose = 2
        assert "You asked: cigars" in example.as_text(example.ChatClient(url).say("cigars"))
        assert len(rasa.received) == 1


def test_a_rate_limit_is_waited_out(rasa, tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(example, "sleep", waits.append)
    with chat(rasa, tmp_path, rate_address="1/minute") as (url, _):
        client = example.ChatClient(url)
        client.say("one")
        with pytest.raises(example.Refused, match="Please wait"):
            client.say("two")
    assert len(waits) == example.TRIES - 1 and all(1 <= seconds <= 60 for seconds in waits)


def test_nobody_there_is_an_oserror_and_what_is_refused_is_said(rasa, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(example, "sleep", lambda seconds: None)
    with pytest.raises(OSError):
        example.ChatClient("http://127.0.0.1:9").say("hello")
    with chat(rasa, tmp_path) as (url, _):
        monkeypatch.setattr(sys, "stdin", io.StringIO("how much beer\n2\n\n"))
        example.main([url])
        assert "[2] United Arab Emirates" in capsys.readouterr().out
        with pytest.raises(example.Refused, match="administration"):
            example.ChatClient(url, administration="atlantis").say("hello")
