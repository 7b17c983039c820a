"""What the bot does with each kind of message: words, commands, and what it cannot read."""

from __future__ import annotations

import json
import logging
import re

from babel import Locale
from telegram import Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.rasa_client import Reply
from bot.telegram import keyboard
from bot.telegram.addressed import asked_text
from bot.telegram.channel import Channel, conversation
from bot.telegram.sending import send

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
# What the button over inline results puts behind /start.
INLINE_LINK = "inline"
# Command → what the menu says of it. The order is that of the menu.
COMMANDS = {
    "start": "Start and see what I can answer",
    "ask": "Ask a question",
    "country": "Choose the country or union",
    "language": "Choose the language",
    "help": "What I can do for you",
    "restart": "Forget this conversation and start again",
    "subscribe": "Be told when the last answer changes",
    "unsubscribe": "Stop being told of changes",
    "privacy": "What is kept about you, and for how long",
    "delete": "Delete this conversation",
}
# What a message may hold instead of words, in the order in which it is looked for, and what is said of it.
UNREADABLE = {
    "photo": "I cannot look at pictures. Please type your question: what the goods are, how many, and where you are going.",
    "animation": "I cannot look at pictures. Please type your question: what the goods are, how many, and where you are going.",
    "video": "I cannot watch videos. Please type your question in words.",
    "video_note": "I cannot watch videos. Please type your question in words.",
    "voice": "I cannot listen to voice messages. Please type your question in words.",
    "audio": "I cannot listen to voice messages. Please type your question in words.",
    "document": "I cannot open files. Please type your question, and do not send copies of passports or invoices here.",
    "sticker": "I can only read text. Please type your question in words.",
    "contact": "I cannot use a contact. Please type your question in words.",
    "poll": "I cannot take part in polls. Please type your question in words.",
}
OTHERWISE = "I can only read text. Please type your question in words."
FAILED = "Sorry, something went wrong and your message was not answered. Please send it again."


def language_name(code: str) -> str:
    """The name of a language in that language, as a button title."""
    name = Locale.parse(code).display_name or code
    return name[0].upper() + name[1:]


def payload(intent: str, **values: str) -> str:
    """The payload `/intent{"key":"value"}`."""
    return f"/{intent}" + (json.dumps(values, separators=(",", ":")) if values else "")


class Handlers:
    """The callbacks of the application for messages."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    async def start(self, update: Update, context: Context) -> None:
        """/start, with the entry or the administration of a deep link when there is one."""
        link = context.args[0] if context.args else ""
        if link.lower() in self.channel.settings.administrations:
            reply = await self._send_payload(update, payload("change_administration", administration=link.lower()))
            if reply.outcome == "failed":
                return
            link = ""
        if link == INLINE_LINK:
            link = ""  # from the button over inline results
        # Which entry a link names is found by the action, which knows the entries: an underscore may stand for a dot.
        entry = {"entry": link} if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link) else {}
        await self._send_payload(update, payload("start", **entry))

    async def help(self, update: Update, context: Context) -> None:
        """/help"""
        await self._send_payload(update, payload("help"))

    async def restart(self, update: Update, context: Context) -> None:
        """/restart: Rasa forgets its slots, and the channel the language of the last reply."""
        self.channel.chats.forget(update.effective_chat.id)
        await self._send_payload(update, payload("restart"))

    async def language(self, update: Update, context: Context) -> None:
        """/language: the languages as buttons in their own names; `/language ar` chooses at once."""
        codes = self.channel.settings.languages
        wanted = context.args[0].lower() if context.args else ""
        if wanted in codes:
            await self._send_payload(update, payload("change_language", language=wanted))
            return
        items = [(language_name(code), payload("change_language", language=code)) for code in codes]
        await self._offer(update, "Choose your language:", items)

    async def country(self, update: Update, context: Context) -> None:
        """/country: the administrations as buttons; `/country ae` chooses at once."""
        offered = self.channel.administrations(self.channel.language(update))
        wanted = " ".join(context.args or ()).lower()
        for key, name in offered:
            if wanted in (key, name.lower()):
                await self._send_payload(update, payload("change_administration", administration=key))
                return
        if not offered:
            await send(update, [self.channel.say(update, "Please name the country in your question.")])
            return
        items = [(name, payload("change_administration", administration=key)) for key, name in offered]
        await self._offer(update, "Which country or union do you have a question about?", items)

    async def ask(self, update: Update, context: Context) -> None:
        """/ask with the question after it, which is how a group asks."""
        question = " ".join(context.args or ())
        await self._answer_words(update, question)

    async def words(self, update: Update, context: Context) -> None:
        """Words, also edited ones and a command that we do not have; a group's own talk is left alone."""
        question = asked_text(update.effective_message, context.bot)
        if question is not None:
            await self._answer_words(update, question)

    async def unreadable(self, update: Update, context: Context) -> None:
        """A photo, a voice message and the like: say so once, and answer the caption."""
        message = update.effective_message
        caption = asked_text(message, context.bot)
        if caption is None or (update.edited_message and not message.caption):
            return  # a group's own talk, or a live location that moved
        album = message.media_group_id
        if not album or self.channel.chats.first(f"album:{message.chat_id}:{album}", update.update_id):
            kind = next((name for name in UNREADABLE if getattr(message, name, None)), "")
            await send(update, [self.channel.say(update, UNREADABLE.get(kind, OTHERWISE))])
        if caption:
            await self._answer_words(update, caption)

    async def failed(self, update: object, context: Context) -> None:
        """An update failed: one log line with its conversation, and a word to the user when that can be said."""
        error, who = context.error, conversation(update)
        number = update.update_id if isinstance(update, Update) else "?"
        if isinstance(error, Forbidden):
            log.info("conversation %s: nothing more is sent: %s", who, error)
            return
        log.error("conversation %s: update %s failed: %s: %s", who, number, type(error).__name__, error, exc_info=error)
        if isinstance(update, Update) and update.effective_chat:
            try:
                await send(update, [self.channel.say(update, FAILED)])
            except TelegramError as again:
                log.info("conversation %s: the apology could not be sent: %s", who, again)

    async def _answer_words(self, update: Update, question: str) -> None:
        turn = self.channel.turn(update, question)
        if not turn.text:
            await send(update, [self.channel.say(update, "Please type your question in words.")])
            return
        await self.channel.answer(update, turn)

    async def _send_payload(self, update: Update, made: str) -> Reply:
        return await self.channel.answer(update, self.channel.turn(update, "", made))

    async def _offer(self, update: Update, sentence: str, items: list[tuple[str, str]]) -> None:
        rows = keyboard.choices(items, self.channel.payloads)
        await send(update, [self.channel.say(update, sentence)], keyboard.markup(rows))
