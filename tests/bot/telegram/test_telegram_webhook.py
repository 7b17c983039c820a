"""The webhook under an ASGI app: who may call it, and that nothing is lost."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.rasa_client import RasaClient
from bot.telegram.database import open_database
from bot.telegram.updates import Inbox
from bot.telegram.webhook import MAX_BODY, PATH, SECRET_HEADER, Webhook
from customs.settings import SettingError, Settings
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import NAMES, environ, serving, until
from tests.fakes.telegram_api import FakeTelegram, create_app

SECRET = "a-secret-of-twenty-letters"


class Late:
    """An ASGI app that is set after its address is known."""

    app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@asynccontextmanager
async def hooked(tmp_path, api=None, rasa=None, wait=True):
    """The chat app with the webhook in it, registered at the fake Bot API."""
    api, rasa, late = api or FakeTelegram(), rasa or FakeRasa(), Late()
    async with serving(rasa.app) as rasa_url, serving(create_app(api)) as api_url, serving_late(late) as url:
        names = {
            "CUSTOMS_TELEGRAM_MODE": "webhook",
            "CUSTOMS_PUBLIC_URL": url,
            "CUSTOMS_TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        settings = Settings(environ(api, api_url, rasa_url, tmp_path, **names))
        client = RasaClient(rasa_url, 15)
        webhook = Webhook(settings, client, lambda language: list(NAMES.items()))
        late.app = Starlette(routes=webhook.routes)
        async with webhook.lifespan(), httpx.AsyncClient(base_url=url, trust_env=False) as http:
            if wait:
                await until(lambda: len(api.commands) == 9, "the bot's start")
            yield api, rasa, http, webhook
        await api.close()
        await client.close()


@asynccontextmanager
async def serving_late(late):
    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return
        await late(scope, receive, send)

    async with serving(app) as url:
        yield url


async def test_a_question_through_the_webhook(tmp_path):
    async with hooked(tmp_path) as (api, rasa, _, _):
        assert api.webhook["url"].endswith(PATH) and api.webhook["secret"] == SECRET
        api.message(1, "how many cigarettes")
        await until(lambda: api.sent, "an answer")
        await until(lambda: not api.updates, "the end of the delivery")
        assert rasa.seen[0]["sender"] == "tg-1"


async def test_without_the_secret_it_is_403_and_nothing_happens(tmp_path, caplog):
    async with hooked(tmp_path) as (api, rasa, http, _):
        update = {
            "update_id": 1,
            "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "hello"},
        }
        for headers in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "é".encode()}):
            assert (await http.post(PATH, json=update, headers=headers)).status_code == 403
        assert rasa.seen == [] and SECRET not in caplog.text
        assert (await http.post(PATH, json=update, headers={SECRET_HEADER: SECRET})).status_code == 200
        await until(lambda: rasa.seen, "the turn")


async def test_what_is_no_update_is_refused(tmp_path):
    async with hooked(tmp_path) as (_, rasa, http, _):
        right = {SECRET_HEADER: SECRET}
        for body in (b"", b"x", b"[]", b"1", b"null", b"{}", b'{"update_id": 1, "message": 7}', b"[" * 100_000):
            assert (await http.post(PATH, content=body, headers=right)).status_code == 400, body[:40]
        assert (await http.post(PATH, content=b"x" * (MAX_BODY + 1), headers=right)).status_code == 413
        assert (await http.get(PATH, headers=right)).status_code == 405
        assert rasa.seen == []


async def test_an_update_delivered_twice_is_answered_once(tmp_path):
    async with hooked(tmp_path) as (api, rasa, http, webhook):
        update = api.message(1, "how many cigarettes")
        await until(lambda: api.sent, "an answer")
        assert (await http.post(PATH, json=update, headers={SECRET_HEADER: SECRET})).status_code == 200
        api.message(1, "/help")
        await until(lambda: len(api.sent) == 2, "the next answer")
        assert rasa.messages == ["how many cigarettes", "/help"]


async def test_what_a_kill_left_unanswered_is_answered_after_the_start(tmp_path):
    # As a process leaves it that was killed between its 200 and the answer.
    api = FakeTelegram()
    update = api.message(1, "how many cigarettes")
    api.updates.clear()
    Inbox(open_database(tmp_path / "telegram.db")).receive(update["update_id"], json.dumps(update), 1)
    async with hooked(tmp_path, api) as (api, rasa, _, _):
        await until(lambda: api.sent, "an answer")
        assert rasa.messages == ["how many cigarettes"]


async def test_the_end_of_the_app_waits_for_the_answers(tmp_path):
    async with hooked(tmp_path) as (api, rasa, _, _):
        rasa.delay_s = 0.5
        for chat in range(1, 6):
            api.message(chat, "how many cigarettes")
        await until(lambda: len(rasa.seen) == 5, "the turns")
        assert api.sent == []
    assert len(api.sent) == 5


async def test_the_app_starts_without_telegram_and_says_503_until_it_is_there(tmp_path):
    api = FakeTelegram()
    api.down = True
    async with hooked(tmp_path, api, wait=False) as (_, rasa, http, _):
        assert (await http.post(PATH, json={"update_id": 1}, headers={SECRET_HEADER: SECRET})).status_code == 503
        api.message(1, "how many cigarettes")
        api.down = False
        await until(lambda: api.sent, "an answer")


@pytest.mark.parametrize(("name", "value"), [
    ("CUSTOMS_TELEGRAM_WEBHOOK_SECRET", ""), ("CUSTOMS_TELEGRAM_WEBHOOK_SECRET", "short"),
    ("CUSTOMS_TELEGRAM_WEBHOOK_SECRET", "twenty letters with ä blank"), ("CUSTOMS_PUBLIC_URL", ""), ("TELEGRAM_BOT_TOKEN", ""),
])  # fmt: skip
def test_a_missing_setting_is_named(tmp_path, name, value):
    given = {
        "CUSTOMS_PUBLIC_URL": "https://chat.example.org",
        "CUSTOMS_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_BOT_TOKEN": "1:x",
        "CUSTOMS_VAR_DIR": str(tmp_path),
        name: value,
    }
    with pytest.raises(SettingError, match=name):
        Webhook(Settings(given), RasaClient("http://127.0.0.1:1", 1))
