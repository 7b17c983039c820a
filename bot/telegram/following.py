"""/subscribe and /unsubscribe: be told when an answer changes; the button under an answer does the same with one press."""

from __future__ import annotations

import secrets
from contextlib import suppress

from telegram import InlineKeyboardButton, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.rasa_client import Reply
from bot.telegram import keyboard
from bot.telegram.buttons import Press
from bot.telegram.channel import Channel
from bot.telegram.handlers import payload
from bot.telegram.own_payloads import own_payload
from bot.telegram.render import paragraphs, plain_text, text
from bot.telegram.render import say as words
from bot.telegram.sending import send
from bot.telegram.subscriptions import Subscription, digest_of
from bot.turn import Turn

Context = ContextTypes.DEFAULT_TYPE
MOST = 20
TITLE = 60
FOLLOW = "Tell me when this changes"
FOLLOWED = "You will be told here when this answer changes. /unsubscribe ends it."
ASK_FIRST = "Ask a question first. I can then tell you when its answer changes."
TOO_MANY = "You follow {most} answers, and more is not possible. /unsubscribe shows them."
NOT_NOW = "This answer cannot be followed now. Please try again in a few minutes."
WHICH = "You follow these answers. Press one to stop:"
NONE = "You follow no answer."
ALL = "Stop all"
STOPPED = "You will not be told about it any more."


async def entry_as_it_stands(channel: Channel, entry: str, language: str) -> Reply:
    """What the service says of `entry` now, asked in a conversation that is deleted at once."""
    turn = Turn(
        f"tg-watch-{secrets.token_hex(8)}", "", "telegram", payload("choose_entry", entry=entry), language=language
    )
    try:
        return await channel.client.ask(turn)
    finally:
        await channel.client.forget(turn.conversation)


def row_under(channel: Channel, reply: Reply) -> keyboard.Row:
    """The button under an answer that is one entry's."""
    if reply.outcome != "answered" or not reply.entry or reply.entries:
        return []
    data = channel.payloads.data(own_payload("follow", entry=reply.entry))
    return [InlineKeyboardButton("🔔 " + words(reply.asker_language, FOLLOW), callback_data=data)]


class Following:
    """The two commands and the buttons."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.store = channel.subscriptions
        self.presses: dict[str, Press] = {
            "follow": self.follow,
            "unfollow": self.unfollow,
            "unfollow_all": self.unfollow_all,
        }

    async def subscribe(self, update: Update, context: Context) -> None:
        """/subscribe: follow the latest answer of the chat."""
        entry = self.channel.chats.entry(update.effective_chat.id)
        language = self.channel.language(update)
        said = await self._follow(update, entry) if entry else words(language, ASK_FIRST)
        await send(update, [text(said, language)])

    async def unsubscribe(self, update: Update, context: Context) -> None:
        """/unsubscribe: what the chat follows, a button each to stop."""
        language, followed = self.channel.language(update), self.store.of_chat(update.effective_chat.id)
        if not followed:
            await send(update, [text(words(language, NONE), language)])
            return
        items = [("🔕 " + one.title, own_payload("unfollow", entry=one.entry)) for one in followed]
        items.append((words(language, ALL), own_payload("unfollow_all")))
        rows = keyboard.choices(items, self.channel.payloads)
        await send(update, [text(words(language, WHICH), language)], keyboard.markup(rows))

    async def follow(self, update: Update, values: dict[str, str]) -> str:
        """The button under an answer."""
        return await self._follow(update, values["entry"])

    async def unfollow(self, update: Update, values: dict[str, str]) -> str:
        """Stop following one; its button goes."""
        self.store.drop(update.effective_chat.id, values["entry"])
        await self._without_pressed(update)
        return words(self.channel.language(update), STOPPED)

    async def unfollow_all(self, update: Update, values: dict[str, str]) -> str:
        """Stop following everything."""
        self.store.drop(update.effective_chat.id)
        with suppress(BadRequest):
            await update.callback_query.edit_message_reply_markup(None)
        return words(self.channel.language(update), STOPPED)

    async def _follow(self, update: Update, entry: str) -> str:
        language, chat_id = self.channel.language(update), update.effective_chat.id
        others = [one for one in self.store.of_chat(chat_id) if one.entry != entry]
        if len(others) >= MOST:
            return words(language, TOO_MANY, most=MOST)
        reply = await entry_as_it_stands(self.channel, entry, language)
        if reply.outcome != "answered":
            return words(language, NOT_NOW)
        self.store.add(Subscription(chat_id, entry, language, _title(reply), digest_of(reply.blocks)))
        return words(language, FOLLOWED)

    async def _without_pressed(self, update: Update) -> None:
        query = update.callback_query
        markup = query.message.reply_markup if isinstance(query.message, Message) else None
        rows = [
            [one for one in row if one.callback_data != query.data]
            for row in (markup.inline_keyboard if markup else ())
        ]
        with suppress(BadRequest):
            await query.edit_message_reply_markup(keyboard.markup([row for row in rows if row]))


def _title(reply: Reply) -> str:
    """The beginning of an answer, by which a chat knows it again."""
    said = paragraphs([one for one in reply.blocks if one["type"] not in {"source", "buttons"}], reply.language)
    line = " ".join(plain_text(said[0] if said else reply.entry or "").split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"
