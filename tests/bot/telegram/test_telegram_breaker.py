"""While Rasa hangs, chats are told so at once instead of waiting, under the chat app and in the polling process."""

from __future__ import annotations

import asyncio
import time

from bot.breaker import FAILURES
from bot.telegram import polling
from customs.settings import Settings
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import environ, serving, until
from tests.bot.telegram.test_telegram_under_chat import under_chat
from tests.fakes.telegram_api import FakeTelegram, create_app

DEADLINE_S = 1.0


async def told_at_once(api: FakeTelegram, rasa: FakeRasa) -> None:
    """After some chats have waited in vain, the next ones do not wait."""
    rasa.delay_s = 30
    for chat in range(1, FAILURES + 1):
        api.message(chat, "how many cigarettes")
    await until(lambda: len(api.sent) == FAILURES, "those who waited")
    asked = len(rasa.seen)
    began = time.monotonic()
    for chat in range(101, 121):
        api.message(chat, "how many cigarettes")
    await until(lambda: len(api.sent) == FAILURES + 20, "those who need not wait")
    assert len(rasa.seen) == asked and time.monotonic() - began < DEADLINE_S * 5


async def test_under_the_chat_app(tmp_path):
    async with under_chat(tmp_path, CUSTOMS_TURN_DEADLINE_S=str(DEADLINE_S)) as (api, rasa, app, _):
        await told_at_once(api, rasa)
        assert app.state.chat.breaker.is_open  # one for both channels: the page need not find it out again


async def test_in_the_polling_process(tmp_path):
    api, rasa = FakeTelegram(), FakeRasa()
    async with serving(rasa.app) as rasa_url, serving(create_app(api)) as api_url:
        names = environ(api, api_url, rasa_url, tmp_path, CUSTOMS_TURN_DEADLINE_S=str(DEADLINE_S))
        running = asyncio.create_task(polling.run(Settings(names)))
        try:
            await until(lambda: running.done() or len(api.commands) == 9, "the bot's start")
            await told_at_once(api, rasa)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await api.close()
