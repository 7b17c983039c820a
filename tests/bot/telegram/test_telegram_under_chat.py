"""The webhook where it really lives: under the chat app, beside the page, behind its origin check."""

from __future__ import annotations

from contextlib import asynccontextmanager

import httpx

from bot.telegram.webhook import PATH
from bot.web.app import create_app as create_chat
from customs.settings import Settings
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import NAMES, environ, serving, until
from tests.bot.telegram.test_telegram_webhook import SECRET, Late, serving_late
from tests.fakes.telegram_api import FakeTelegram, create_app


@asynccontextmanager
async def under_chat(tmp_path, **more):
    """The chat app with Telegram in it: the fake Bot API, the fake Rasa, the app and its address; `more` are settings."""
    api, rasa, late = FakeTelegram(), FakeRasa(), Late()
    async with serving(rasa.app) as rasa_url, serving(create_app(api)) as api_url, serving_late(late) as url:
        names = {
            "CUSTOMS_TELEGRAM_MODE": "webhook",
            "CUSTOMS_PUBLIC_URL": url,
            "CUSTOMS_TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        settings = Settings(environ(api, api_url, rasa_url, tmp_path, **names, **more))
        late.app = create_chat(settings, names=lambda: {cc: {"en": name} for cc, name in NAMES.items()})
        async with late.app.router.lifespan_context(late.app):
            await until(lambda: len(api.commands) == 9, "the bot's start")
            yield api, rasa, late.app, url
        await api.close()


async def test_telegram_and_the_page_share_the_chat_app(tmp_path):
    async with under_chat(tmp_path) as (api, rasa, _, url):
        api.message(7, "how many cigarettes")
        await until(lambda: api.sent, "an answer")
        assert rasa.seen[0]["sender"] == "tg-7"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            assert (await http.get("/healthz")).status_code == 200
            assert (await http.post(PATH, json={"update_id": 1})).status_code == 403
