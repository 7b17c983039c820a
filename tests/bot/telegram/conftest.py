"""Fixtures of the Telegram tests."""

from __future__ import annotations

import pytest_asyncio

from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import running_bot, serving


@pytest_asyncio.fixture
async def world(tmp_path):
    """The bot, polling the fake Bot API, with a fake Rasa behind it."""
    rasa = FakeRasa()
    async with serving(rasa.app) as rasa_url, running_bot(rasa_url, tmp_path, rasa=rasa) as world:
        yield world
