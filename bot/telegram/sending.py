"""Sending an answer: in parts when it is long, as plain text when its markup is refused, "typing" when it takes a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.telegram.render import plain_text
from bot.telegram.split import split

log = logging.getLogger(__name__)

# "typing" counts against the rate limit like a message, so it is sent only when the reply is really late.
TYPING_AFTER_S = 0.7
# The sign disappears after five seconds.
TYPING_EVERY_S = 4.5
RETRY_PAUSES_S = (0.5, 2.0)


async def send(
    update: Update, paragraphs: Sequence[str], keyboard: InlineKeyboardMarkup | None = None
) -> Message | None:
    """Answer the message of `update`; returns the last message sent, which carries the keyboard.

    In a group, and after an edit, the first part quotes the question. Raises `TelegramError` when Telegram refuses or cannot
    be reached.
    """
    parts = split(paragraphs)
    sent = None
    for number, part in enumerate(parts):
        under = keyboard if number == len(parts) - 1 else None
        quote = False if number else (True if update.edited_message else None)
        sent = await _send_part(update, part, quote, reply_markup=under)
    return sent


async def _send_part(update: Update, part: str, quote: bool | None, **options: object) -> Message:
    who = update.effective_chat.id
    for pause in (*RETRY_PAUSES_S, None):
        try:
            return await _call(update, part, quote, **options)
        except BadRequest as error:
            if "parse entities" not in str(error):
                raise
            log.error(
                "conversation tg-%s: the markup of an answer was refused, so it goes as plain text: %s", who, error
            )
            return await _call(update, plain_text(part), quote, parse_mode=None, **options)
        except NetworkError as error:
            # After a time-out the message may have arrived: sending it again could show it twice.
            if pause is None or isinstance(error, TimedOut):
                raise
            log.warning("conversation tg-%s: Telegram cannot be reached (%s), next try in %g s", who, error, pause)
            await asyncio.sleep(pause)
    raise AssertionError("not reached")


async def _call(update: Update, part: str, quote: bool | None, **options: object) -> Message:
    # Under a button of a very old message there is no message to answer to, only the chat.
    if update.effective_message is None:
        return await update.effective_chat.send_message(part, **options)
    return await update.effective_message.reply_text(part, do_quote=quote, **options)


@asynccontextmanager
async def typing(update: Update) -> AsyncIterator[None]:
    """Show "typing" in the chat of `update` while the block runs, if it runs longer than 0.7 s."""

    async def show() -> None:
        await asyncio.sleep(TYPING_AFTER_S)
        with suppress(TelegramError):
            while True:
                thread = update.effective_message.message_thread_id if update.effective_message else None
                await update.effective_chat.send_action(ChatAction.TYPING, message_thread_id=thread)
                await asyncio.sleep(TYPING_EVERY_S)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
