"""The python-telegram-bot application of the channel, put together.

The same application serves both ways of getting updates; `bot.telegram.polling` and `bot.telegram.webhook` start it.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from telegram import BotCommand, LinkPreviewOptions
from telegram.constants import ParseMode, UpdateType
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.telegram.administrations import Administrations, covered_from_packs, from_packs
from bot.telegram.buttons import Buttons
from bot.telegram.channel import Channel
from bot.telegram.following import Following
from bot.telegram.following import row_under as row_to_follow
from bot.telegram.handlers import COMMANDS, Handlers
from bot.telegram.inline import Inline
from bot.telegram.location import Location
from bot.telegram.logs import keep_token_out_of_logs
from bot.telegram.per_chat import PerChat
from bot.telegram.privacy import Privacy
from bot.telegram.render import say
from bot.telegram.shared.inbox import BEAT_EVERY_S, SharedInbox
from bot.telegram.stores import open_stores
from bot.telegram.under_answers import UnderAnswers, row_under
from bot.telegram.updates import Inbox, StoredQueue
from bot.telegram.watch import Watch
from customs.settings import SettingError, Settings

log = logging.getLogger(__name__)

# The kinds of update that are handled; the server does not even send the others.
ALLOWED_UPDATES = [UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.INLINE_QUERY]
# Where the application keeps what looks for changed answers, and the tasks that run beside it.
WATCH, BESIDE = "watch", "beside"
SIDE_BY_SIDE = 64
# A flooded chat is tried again so many times after the pause that the server asks for.
MAX_RETRIES = 3
SWEEP_EVERY_S = 3600.0


def build(
    settings: Settings,
    client: RasaClient | Breaker,
    administrations: Administrations | None = None,
    polling: bool = True,
) -> Application:
    """The application, not yet started; `polling` False leaves out the poller.

    `administrations` gives the names for /country, by default those of the packs. Raises `SettingError` without a token or
    when its memory cannot be used.
    """
    if not settings.telegram_token:
        raise SettingError(
            "TELEGRAM_BOT_TOKEN is not set. Ask @BotFather on Telegram for a bot and put its token there."
        )
    keep_token_out_of_logs(settings.telegram_token)
    stores = open_stores(settings)
    inbox = stores.inbox
    order = inbox if isinstance(inbox, SharedInbox) else None
    builder = (
        ApplicationBuilder()
        .token(settings.telegram_token)
        .base_url(settings.telegram_api_url)
        .update_queue(StoredQueue(inbox))
        .concurrent_updates(PerChat(SIDE_BY_SIDE, lambda update: inbox.done(update.update_id), order))
        .rate_limiter(AIORateLimiter(max_retries=MAX_RETRIES))
        .job_queue(None)
        .connect_timeout(10).read_timeout(15).write_timeout(15).pool_timeout(15)
        # At the end one call acknowledges while the cancelled long poll may still hold its connection.
        .get_updates_connection_pool_size(2)
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                allow_sending_without_reply=True,
            )
        )
    )  # fmt: skip
    application = (builder if polling else builder.updater(None)).build()
    channel = Channel(settings, client, stores, administrations or from_packs(settings))
    _add_handlers(application, channel)
    application.bot_data[WATCH] = Watch(channel, application.bot)
    return application


def _add_handlers(application: Application, channel: Channel) -> None:
    handlers, privacy = Handlers(channel), Privacy(channel)
    following = Following(channel)
    location = Location(channel, covered_from_packs(channel.settings))
    buttons = Buttons(channel, privacy.presses | location.presses | UnderAnswers(channel).presses | following.presses)
    channel.rows_under += [partial(row_under, channel), partial(row_to_follow, channel)]
    # The first that takes an update has it.
    for command in COMMANDS:
        subject = next(one for one in (handlers, privacy, following) if hasattr(one, command))
        application.add_handler(CommandHandler(command, getattr(subject, command)))
    messages = filters.UpdateType.MESSAGES
    application.add_handler(MessageHandler(filters.TEXT & messages, handlers.words))
    application.add_handler(MessageHandler(filters.LOCATION & messages, location.shared))
    application.add_handler(MessageHandler(~filters.StatusUpdate.ALL & messages, handlers.unreadable))
    application.add_handler(CallbackQueryHandler(buttons.pressed))
    application.add_handler(InlineQueryHandler(Inline(channel).asked))
    application.add_error_handler(handlers.failed)


async def show_menu(application: Application, settings: Settings) -> None:
    """Tell Telegram the commands in every language; a failure is logged, as the bot works without its menu."""
    try:
        for language in ("", *settings.languages):
            words = language or settings.default_language
            menu = [BotCommand(command, say(words, meaning)) for command, meaning in COMMANDS.items()]
            await application.bot.set_my_commands(menu, language_code=language or None)
    except TelegramError as error:
        log.warning("The menu of commands could not be set: %s", error)


async def start(application: Application) -> None:
    """Begin to process updates, first those that the last run left unanswered; the application is initialized."""
    await application.start()
    await application.update_queue.replay(application.bot)
    inbox = application.update_queue.inbox
    beside = _take_over(application) if isinstance(inbox, SharedInbox) else _sweep_hourly(inbox)
    application.bot_data[BESIDE] = [asyncio.create_task(one) for one in (application.bot_data[WATCH].run(), beside)]


async def _sweep_hourly(inbox: Inbox) -> None:
    """Delete what is past its time, whether people write or not; the shared store does that by itself."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        inbox.sweep()


async def _take_over(application: Application) -> None:
    """Tell the other replicas that this one lives, and answer what one that died left."""
    while True:
        await asyncio.sleep(BEAT_EVERY_S)
        await application.update_queue.replay(application.bot)


async def _beat(inbox: SharedInbox) -> None:
    while True:
        inbox.beat()
        await asyncio.sleep(BEAT_EVERY_S)


async def stop(application: Application) -> None:
    """Answer what was received, then end; what was not begun is found again at the next start."""
    tasks = application.bot_data[BESIDE]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    inbox = application.update_queue.inbox
    if not isinstance(inbox, SharedInbox):
        await application.stop()
        return
    # What is being answered takes its time, in which no other replica may think that this one is dead.
    beating = asyncio.create_task(_beat(inbox))
    await application.stop()
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    inbox.leave()


async def pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long or until `stop`; True when stopped."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def until_reached(attempt, stop: asyncio.Event) -> bool:
    """Call `attempt` until Telegram answers, waiting longer each time; False when stopped before.

    Raises what cannot be mended by waiting, such as a token that the server does not know.
    """
    seconds = 1.0
    while not stop.is_set():
        try:
            await attempt()
            return True
        except TelegramError as error:
            if not _may_pass(error):
                raise
            log.warning("Telegram cannot be reached (%s); next try in %g s", error, seconds)
        if await pause(stop, seconds):
            break
        seconds = min(30.0, seconds * 2)
    return False


def _may_pass(error: TelegramError) -> bool:
    return not isinstance(error, (BadRequest, Conflict, InvalidToken))
