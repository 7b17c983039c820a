"""Long polling: `python -m bot.telegram.polling`, for a laptop or any single process.

Exactly one process may poll with a token. SIGTERM and SIGINT stop the polling, let what was received be answered, and end with
status 0; what a kill leaves unanswered is answered after the next start.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time

from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.telegram.application import ALLOWED_UPDATES, build, show_menu, start, until_reached
from bot.telegram.application import stop as end
from bot.telegram.logs import keep_token_out_of_logs
from customs.settings import SettingError, Settings

log = logging.getLogger(__name__)

CONFLICT = (
    "Somebody else gets this bot's updates (%s). Only one process may poll with a token: stop the other one, "
    "or give this one a token of its own. Trying again until it is gone."
)
# One line an episode, and a reminder for as long as it lasts.
REMIND_EVERY_S = 300.0
LONG_POLL_S = 30


class PollErrors:
    """Says in one line what is wrong with the polling; the library goes on trying with growing pauses."""

    def __init__(self) -> None:
        self._told = -REMIND_EVERY_S

    def __call__(self, error: TelegramError) -> None:
        if not isinstance(error, Conflict):
            log.warning("Telegram cannot be reached (%s); the polling goes on", error)
        elif time.monotonic() - self._told >= REMIND_EVERY_S:
            self._told = time.monotonic()
            log.error(CONFLICT, error)


async def poll(application: Application, settings: Settings, stop: asyncio.Event) -> None:
    """Serve updates until `stop` is set, then answer what was received.

    Raises `InvalidToken` when Telegram does not know the token.
    """

    async def begin() -> None:
        await application.initialize()
        hook = await application.bot.get_webhook_info()
        if hook.url:
            log.warning("A webhook at %s was set for this bot; polling takes its place.", hook.url)
        if not application.running:
            await start(application)
        await application.updater.start_polling(
            timeout=LONG_POLL_S, allowed_updates=ALLOWED_UPDATES, error_callback=PollErrors()
        )

    try:
        if await until_reached(begin, stop):
            log.info("Telegram: polling as @%s", application.bot.username)
            await show_menu(application, settings)
            await stop.wait()
            await application.updater.stop()
    finally:
        if application.running:
            await end(application)
        await application.shutdown()


async def run(settings: Settings) -> None:
    """Poll until SIGTERM or SIGINT."""
    client = RasaClient(settings.rasa_url, settings.turn_deadline_s)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await poll(build(settings, Breaker(client)), settings, stop)
    finally:
        await client.close()


def main(settings: Settings | None = None) -> None:
    """Poll until stopped; ends the process with status 1 when the token is refused, 2 when a setting is missing or wrong."""
    if status := _main(settings):
        sys.exit(status)


def _main(settings: Settings | None) -> int:
    try:
        settings = settings or Settings()
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        if settings.telegram_mode != "polling":
            raise SettingError(
                f"CUSTOMS_TELEGRAM_MODE is {settings.telegram_mode!r}: the chat app gets the updates. "
                "Set it to polling to run this process."
            )
        keep_token_out_of_logs(settings.telegram_token)
        asyncio.run(run(settings))
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    except InvalidToken:
        print("Telegram refused TELEGRAM_BOT_TOKEN. Compare it with the one that @BotFather shows.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    main()
