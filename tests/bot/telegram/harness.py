"""The real application against the fake Bot API: start it, and play the users.

`running_bot(rasa_url, var_dir)` takes any Rasa; the end-to-end tests pass the real one and run the same scenarios.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from telegram.ext import Application

from bot.rasa_client import RasaClient
from bot.telegram.application import build
from bot.telegram.polling import poll
from customs.settings import Settings
from tests.fakes.telegram_api import FakeTelegram, create_app

PATIENCE_S = 30.0
NAMES = {"ae": "United Arab Emirates", "us": "United States", "gb": "Great Britain", "eu": "European Union"}
_chats = itertools.count(101)
Json = dict[str, Any]


async def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Wait until `holds()` is true and return it; fail with `what` after a while."""
    async with asyncio.timeout(seconds) as patience:
        try:
            while not (result := holds()):
                await asyncio.sleep(0.01)
            return result
        except asyncio.CancelledError:
            if patience.when() <= asyncio.get_running_loop().time():
                raise AssertionError(f"Waited {seconds} s in vain for {what}.") from None
            raise


class QuickServer(uvicorn.Server):
    """A server that ends at once: the stock one sleeps a third of a second over it, for each of a hundred tests."""

    async def main_loop(self) -> None:
        self.ended = asyncio.Event()
        await self.ended.wait()

    async def shutdown(self, sockets: Any = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI app on a free port of loopback; gives its address."""
    server = QuickServer(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: hasattr(server, "ended") or task.done(), "the server")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.ended.set()
        await task


def environ(api: FakeTelegram, api_url: str, rasa_url: str, var_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a bot that speaks to these fakes."""
    return {
        "TELEGRAM_BOT_TOKEN": api.token,
        "CUSTOMS_TELEGRAM_API_URL": api_url + "/bot",
        "CUSTOMS_RASA_URL": rasa_url,
        "CUSTOMS_VAR_DIR": str(var_dir),
        **more,
    }


@dataclass
class Phone:
    """One user's telephone in one chat: says, presses, and reads what the bot wrote there."""

    world: World
    chat_id: int = field(default_factory=lambda: next(_chats))
    language_code: str = "en"
    chat_type: str = "private"
    user_id: int | None = None
    read_so_far: int = 0

    def say(self, text: str | None = None, **content: Any) -> Json:
        """Send a message of words, or of `content` such as photo=[...]."""
        update = self.world.api.message(
            self.chat_id,
            text,
            user_id=self.user_id,
            language_code=self.language_code,
            chat_type=self.chat_type,
            **content,
        )
        return update[content.get("kind", "message")]

    def edit(self, message: Json, text: str) -> None:
        """Change an own message."""
        self.world.api.message(
            self.chat_id,
            text,
            user_id=self.user_id,
            language_code=self.language_code,
            chat_type=self.chat_type,
            kind="edited_message",
            message_id=message["message_id"],
        )

    def press(self, message: Json, title: str) -> Json:
        """Press the button whose title contains `title`."""
        data = next(button["callback_data"] for button in buttons(message) if title in button["text"])
        return self.press_data(message, data)

    def press_data(self, message: Json, data: str) -> Json:
        """Press a button with this callback data, be it there or forged."""
        update = self.world.api.press(message, data, user_id=self.user_id, language_code=self.language_code)
        return update["callback_query"]

    @property
    def received(self) -> list[Json]:
        """All that the bot wrote in this chat, as it stands now."""
        return [message for message in self.world.api.sent if message["chat"]["id"] == self.chat_id]

    async def read(self, count: int = 1) -> list[Json]:
        """The next `count` messages of the bot."""
        goal = self.read_so_far + count
        await until(lambda: len(self.received) >= goal, f"message {goal} in chat {self.chat_id}")
        self.read_so_far, new = goal, self.received[self.read_so_far : goal]
        return new

    async def ask(self, text: str) -> Json:
        """Say it and read one message, the last part of what comes."""
        self.say(text)
        return (await self.rest())[-1]

    async def rest(self) -> list[Json]:
        """Wait until the bot has dealt with everything, and read what came."""
        await self.world.idle()
        new = self.received[self.read_so_far :]
        self.read_so_far += len(new)
        return new


@dataclass
class World:
    """A running bot, the fake Bot API, and what to ask the Rasa behind."""

    api: FakeTelegram
    application: Application
    settings: Settings
    question: str = "how many cigarettes can i bring to dubai"
    arabic_question: str = "كم سيجارة يمكنني إحضارها إلى دبي"
    vague_question: str = "which country is it about"
    rasa: Any = None  # the fake, None with a real one

    def phone(self, **given: Any) -> Phone:
        """A new user in a chat of his own."""
        return Phone(self, **given)

    async def idle(self) -> None:
        """Wait until every update is taken and answered."""

        def quiet() -> bool:
            queue = self.application.update_queue
            return not self.api.updates and queue.empty() and not self.application.update_processor.waiting_chats

        await until(quiet, "a quiet bot")


def buttons(message: Json) -> list[Json]:
    """The buttons under a message, in order."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def choices(message: Json) -> list[Json]:
    """The buttons but those that rate the answer."""
    return [button for button in buttons(message) if "/give_feedback" not in button["callback_data"]]


def is_answer(message: Json) -> bool:
    """An answer names its source by a link and can be rated."""
    linked = any(entity["type"] == "text_link" for entity in message["entities"])
    return linked and len(buttons(message)) - len(choices(message)) == 2


@asynccontextmanager
async def running_bot(
    rasa_url: str, var_dir: Path, api: FakeTelegram | None = None, **more: Any
) -> AsyncIterator[World]:
    """The bot, polling, with `rasa_url` behind it; `more` are fields of `World` or settings (CUSTOMS_...)."""
    api = api or FakeTelegram()
    names = {key: more.pop(key) for key in list(more) if key.startswith("CUSTOMS_")}
    async with serving(create_app(api)) as api_url:
        settings = Settings(environ(api, api_url, rasa_url, var_dir, **names))
        client = RasaClient(settings.rasa_url, settings.turn_deadline_s)
        application = build(settings, client, lambda language: list(NAMES.items()))
        stop = asyncio.Event()
        polling = asyncio.create_task(poll(application, settings, stop))
        try:
            # The menu is set after the polling has begun.
            await until(lambda: polling.done() or len(api.commands) == 9, "the bot's start")
            yield World(api, application, settings, **more)
        finally:
            stop.set()
            await api.close()
            await polling
            await client.close()
            await api.close()
