"""The scenarios again, with the channel's memory in a real store that replicas share instead of its file."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.telegram.shared.connection import Shared
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import buttons, running_bot, serving
from tests.bot.telegram.scenarios import SCENARIOS
from tests.bot.telegram.shared_store import store_url, valkey  # noqa: F401 - fixtures


@pytest_asyncio.fixture
async def shared_world(tmp_path, store_url):  # noqa: F811
    """The bot, polling the fake Bot API, its memory in the store; nothing of it may lie in a file."""
    rasa = FakeRasa()
    async with (
        serving(rasa.app) as rasa_url,
        running_bot(rasa_url, tmp_path, rasa=rasa, CUSTOMS_TELEGRAM_STORAGE=store_url) as world,
    ):
        yield world
    assert not (tmp_path / "telegram.db").exists()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_scenario(shared_world, scenario):
    await scenario(shared_world)


async def test_the_store_away_for_a_while_does_not_stop_the_answers(shared_world, valkey, caplog):  # noqa: F811
    user = shared_world.phone()
    valkey.stop()
    try:
        assert "cigarettes" in (await user.ask(shared_world.question))["text"]
        assert "does not answer" in caplog.text
    finally:
        valkey.start()


async def test_delete_leaves_nothing_of_the_chat(shared_world, store_url):  # noqa: F811
    user = shared_world.phone(chat_id=987654321)
    answer = await user.ask("/start ae_tobacco_allowance")
    user.press(answer, "Tell me when")
    user.press(answer, "👍")
    await user.rest()
    store = Shared(store_url, "x").redis

    def named() -> list[str]:
        return [key for key in store.scan_iter() if str(user.chat_id) in key or _says(store, key, str(user.chat_id))]

    assert len(named()) >= 3
    asked = await user.ask("/delete")
    user.press(asked, buttons(asked)[0]["text"])
    assert "Receipt" in (await user.rest())[-1]["text"]
    await shared_world.idle()
    assert named() == []


def _says(store, key: str, word: str) -> bool:
    kind = store.type(key)
    read = {
        "hash": store.hgetall,
        "set": store.smembers,
        "string": store.get,
        "list": lambda one: store.lrange(one, 0, -1),
    }
    return word in str(read.get(kind, lambda one: store.zrange(one, 0, -1))(key))
