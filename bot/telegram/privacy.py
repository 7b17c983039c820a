"""/privacy and /delete: what is kept about a chat and for how long, and how it is deleted with a receipt."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timezone

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.telegram import keyboard
from bot.telegram.buttons import Press
from bot.telegram.channel import Channel, conversation
from bot.telegram.database import DAY, KEEP
from bot.telegram.own_payloads import own_payload
from bot.telegram.render import day, paragraphs, text
from bot.telegram.render import say as words
from bot.telegram.sending import send
from bot.turn import new_request_id
from customs.blocks import paragraph

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
KEPT = {
    "conversation": "Your latest messages and my replies, so that I understand what you ask next: {days} days after the last one.",
    "chats": "The number of this chat, its language and its last answer: {days} days after your last question.",
    "updates": "A message on its way: until it is answered. After that only its number, for {days} days.",
    "rating": "If you rate an answer: the rating with your question, {days} days.",
    "asked": "What you ask, without names and numbers of people, for the staff who write the answers: {days} days.",
    "subscriptions": "The answers that you follow: until you stop following them.",
    "log": "The technical log notes faults with the number of this chat; the operator decides how long it is kept.",
    "nothing": "A location that you share is not kept. I do not ask for your name, and please send no documents.",
}
HEAD = "What is kept about this chat, and for how long:"
TELEGRAM = "Telegram keeps this chat by rules of its own; you can clear it there."
WAY_OUT = "/delete deletes the conversation here at once."
WARNING = "This deletes our conversation here, with your ratings and the language and the country that you chose."
BUTTON = "Delete my conversation"
DELETED = "Deleted on {day}: our conversation, and what was remembered of this chat."
RECEIPT = "Receipt: {number}"
NOT_DELETED = "The conversation could not be deleted now. Please press the button again in a few minutes."


class Privacy:
    """The two commands, and the button that confirms a deletion."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.presses: dict[str, Press] = {"delete_conversation": self.confirmed}

    async def privacy(self, update: Update, context: Context) -> None:
        """/privacy: what is stored, where it ends, and how to delete it."""
        language = self.channel.language(update)
        settings = self.channel.settings
        days = {table: round(seconds / DAY) for table, (_, seconds) in KEEP.items()}
        days |= {
            "conversation": f"{settings.conversation_days:g}",
            "rating": f"{settings.feedback_days:g}",
            "asked": f"{settings.asked_days:g}",
        }
        items = [
            words(language, sentence, days=days.get(subject, ""))
            for subject, sentence in KEPT.items()
            if subject != "asked" or settings.keep_questions
        ]
        blocks = [paragraph(words(language, HEAD)), {"type": "list", "items": items},
                  *(paragraph(words(language, sentence)) for sentence in (TELEGRAM, WAY_OUT))]  # fmt: skip
        await send(update, paragraphs(blocks, language))

    async def delete(self, update: Update, context: Context) -> None:
        """/delete: say what it does and wait for the button; a slip of the finger deletes nothing."""
        language = self.channel.language(update)
        rows = keyboard.choices([(words(language, BUTTON), own_payload("delete_conversation"))], self.channel.payloads)
        body = [text(words(language, sentence), language) for sentence in (WARNING, TELEGRAM)]
        await send(update, body, keyboard.markup(rows))

    async def confirmed(self, update: Update, values: dict[str, str]) -> str:
        """Delete in Rasa first, then here, and give a receipt; when Rasa is away, nothing is deleted and that is said."""
        language, chat = self.channel.language(update), update.effective_chat
        deleted = await self.channel.client.forget(conversation(update)) and self.channel.chats.delete(chat.id)
        if not deleted:
            return words(language, NOT_DELETED)
        self.channel.subscriptions.forget(chat.id)
        self.channel.inline_asked.drop(chat.id)  # a private chat has the number of its user
        await asyncio.wrap_future(self.channel.recorder.forget(conversation(update)))
        number = new_request_id()
        log.info("conversation %s was deleted by its user, receipt %s", conversation(update), number)
        today = day(datetime.now(timezone.utc).date().isoformat(), language)
        done = [text(words(language, DELETED, day=today), language)]
        with suppress(BadRequest):
            await update.callback_query.edit_message_reply_markup(None)
        await send(update, [*done, text(words(language, RECEIPT, number=number), language)])
        return ""
