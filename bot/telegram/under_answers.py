"""Two buttons under an answer: its sources with their addresses, and the same question for another country."""

from __future__ import annotations

import html
from typing import Any

from telegram import InlineKeyboardButton, Update

from bot.rasa_client import Reply
from bot.telegram import keyboard
from bot.telegram.buttons import Press
from bot.telegram.channel import Channel
from bot.telegram.own_payloads import own_payload
from bot.telegram.render import day, inline, text
from bot.telegram.render import say as words
from bot.telegram.sending import send

SOURCES = "Sources"
SOURCES_HEAD = "Sources of this answer:"
OTHER_COUNTRY = "Another country?"
WHICH = "For which country or union shall I answer the same question?"
TOO_LATE = "Only the latest question can be asked again for another country. Please type it."
CHECKED = "Checked on {day}"
EXPIRED = "This button is no longer valid. Please type your question."


def row_under(channel: Channel, reply: Reply) -> keyboard.Row:
    """The row of the two buttons; each is there only when it can do something for this reply."""
    row = []
    if reply.sources and (key := channel.source_lists.keep(reply.sources)):
        data = channel.payloads.data(own_payload("show_sources", sources=key))
        row.append(InlineKeyboardButton("📄 " + words(reply.asker_language, SOURCES), callback_data=data))
    if reply.outcome == "answered" and reply.administration and len(channel.administrations(reply.asker_language)) > 1:
        data = channel.payloads.data(own_payload("other_country"))
        row.append(InlineKeyboardButton("🌍 " + words(reply.asker_language, OTHER_COUNTRY), callback_data=data))
    return row


class UnderAnswers:
    """What the two buttons do."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.presses: dict[str, Press] = {
            "show_sources": self.sources, "other_country": self.other_country, "ask_again": self.ask_again,
        }  # fmt: skip

    async def sources(self, update: Update, values: dict[str, str]) -> str:
        """Name each source with publisher, days and its address in full."""
        language = self.channel.language(update)
        found = self.channel.source_lists.read(values["sources"])
        if not found:
            return words(language, EXPIRED)
        head = f"<b>{text(words(language, SOURCES_HEAD), language)}</b>"
        await send(update, [head, *(_source(one, number, language) for number, one in enumerate(found, 1))])
        return ""

    async def other_country(self, update: Update, values: dict[str, str]) -> str:
        """Ask for which country; only under the latest answer, because Rasa knows only the latest question."""
        language, message = self.channel.language(update), update.callback_query.message
        if self.channel.chats.rateable(message.chat.id) != message.message_id:
            return words(language, TOO_LATE)
        answer = str(message.message_id)
        shown = self.channel.chats.administration(message.chat.id)
        items = [
            (name, own_payload("ask_again", administration=key, answer=answer))
            for key, name in self.channel.administrations(language)
            if key != shown
        ]
        rows = keyboard.choices(items, self.channel.payloads)
        await send(update, [text(words(language, WHICH), language)], keyboard.markup(rows))
        return ""

    async def ask_again(self, update: Update, values: dict[str, str]) -> str:
        """Say the name of the country, which Rasa reads as "and there?" after an answer."""
        language, chat = self.channel.language(update), update.effective_chat
        name = dict(self.channel.administrations(language)).get(values["administration"])
        if name is None:
            return words(language, EXPIRED)
        if self.channel.chats.rateable(chat.id) != int(values["answer"]):
            return words(language, TOO_LATE)
        if self.channel.chats.first(f"again:{chat.id}:{values['answer']}", update.update_id):
            await self.channel.show_choice(update, name, kept=[])
            await self.channel.answer(update, self.channel.turn(update, name))
        return ""


def _source(source: dict[str, Any], number: int, language: str) -> str:
    lines = [f"{number}. <b>{inline(source['title'], language)}</b>"]
    if source.get("publisher"):
        lines.append(inline(source["publisher"], language))
    days = words(language, CHECKED, day=day(source.get("checked", ""), language))
    if source.get("as_of"):
        days += f" · {words(language, 'as of {day}', day=day(source['as_of'], language))}"
    lines += [html.escape(days, quote=False), html.escape(source["url"], quote=False)]
    return "\n".join(lines)
