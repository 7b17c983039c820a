"""A pressed button: acknowledged, shown in the chat, its payload sent as a turn."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.telegram import keyboard
from bot.telegram.channel import Channel, conversation
from bot.telegram.own_payloads import read_own
from bot.telegram.render import quoted_choice, say
from bot.turn import PayloadError

log = logging.getLogger(__name__)

# What answers a button of the channel's own: the update and the values of its payload → a word to show over the chat, or "".
Press = Callable[[Update, dict[str, str]], Awaitable[str]]


class Buttons:
    """The callback of the application for callback queries; `presses` answers the channel's own buttons by their intent."""

    def __init__(self, channel: Channel, presses: Mapping[str, Press]) -> None:
        self.channel = channel
        self.presses = presses

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a press once: a second press, an expired or a forged button gets a friendly word instead."""
        query = update.callback_query
        if query.message is None:
            await self._toast(query, "")
            return
        try:
            payload = self.channel.payloads.payload(query.data or "")
        except PayloadError as error:
            log.info("conversation %s: a button was refused: %s", conversation(update), error)
            await self._refuse(update, "This button is no longer valid. Please type your question.")
            return
        if own := read_own(payload):
            await self._toast(query, await self.presses[own[0]](update, own[1]))
            return
        if keyboard.is_rating(payload) and not self._rates_last_answer(query):
            await self._refuse(update, "Only the latest answer can be rated.")
            return
        await self._toast(query, "")
        kind = "rating" if keyboard.is_rating(payload) else "choice"
        if not self.channel.chats.first(f"{kind}:{query.message.chat.id}:{query.message.message_id}", update.update_id):
            return
        title = keyboard.title_of(_markup(query), query.data)
        shown = await self.channel.show_choice(update, title, kept=self._kept(query, kind))
        language = self.channel.language(update)
        before = [] if shown or not title else [quoted_choice(title, language)]
        await self.channel.answer(update, self.channel.turn(update, title, payload), before)

    def _rates_last_answer(self, query: CallbackQuery) -> bool:
        # The rating is kept with the last answer of the conversation: under an older one it would go to the wrong answer.
        # The reasons that are asked for after a thumb down stand under a message of their own, which rates the same answer.
        under_answer = query.data in {
            self.channel.payloads.data(keyboard.UP),
            self.channel.payloads.data(keyboard.DOWN),
        }
        return not under_answer or self.channel.chats.rateable(query.message.chat.id) == query.message.message_id

    def _kept(self, query: CallbackQuery, kind: str) -> list[keyboard.Row]:
        # Having rated an answer, one may still want a related question; having chosen one, the old answer is past.
        return keyboard.without_rating(_markup(query)) if kind == "rating" else []

    async def _refuse(self, update: Update, sentence: str) -> None:
        query = update.callback_query
        await self._toast(query, say(self.channel.language(update), sentence))
        with suppress(BadRequest):
            await query.edit_message_reply_markup(keyboard.markup(self._still_valid(query)))

    def _still_valid(self, query: CallbackQuery) -> list[keyboard.Row]:
        """The rows without the button that was refused; a refused rating takes its whole row."""
        rows = keyboard.without_rating(_markup(query))
        left = [[button for button in row if button.callback_data != query.data] for row in rows]
        return [row for row in left if row]

    async def _toast(self, query: CallbackQuery, text: str) -> None:
        # Telegram forgets a press after some time: the turn counts all the same.
        with suppress(BadRequest):
            await query.answer(text or None, show_alert=bool(text))


def _markup(query: CallbackQuery):
    return query.message.reply_markup if isinstance(query.message, Message) else None
