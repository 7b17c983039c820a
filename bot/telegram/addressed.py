"""Whether the bot is meant, and what was asked without its name."""

from __future__ import annotations

import re

from telegram import Bot, Message
from telegram.constants import ChatType, MessageEntityType


def asked_text(message: Message, bot: Bot) -> str | None:
    """What the message asks the bot, its name taken out; None when a group talks among itself.

    In a private chat every message is meant for the bot. In a group one is when it mentions the bot, replies to it, or is a
    command with the bot's name. A caption counts as text. A command that we do not have is read as words.
    """
    raw = message.text or message.caption or ""
    name = re.escape(bot.username)
    named = re.search(rf"(?<!\w)@{name}(?!\w)|^/\w+@{name}(?!\w)", raw, re.IGNORECASE) is not None
    if message.chat.type != ChatType.PRIVATE and not (named or _names_by_id(message, bot) or _replies_to(message, bot)):
        return None
    words = re.sub(rf"@{name}(?!\w)", " ", raw, flags=re.IGNORECASE)
    command = re.match(r"/(\w+)", words)
    if command:
        words = command[1].replace("_", " ") + words[command.end() :]
    return words.strip(" ,:\n\t")


def _names_by_id(message: Message, bot: Bot) -> bool:
    entities = message.entities or message.caption_entities or ()
    return any(one.type == MessageEntityType.TEXT_MENTION and one.user and one.user.id == bot.id for one in entities)


def _replies_to(message: Message, bot: Bot) -> bool:
    first = message.reply_to_message
    return bool(first and first.from_user and first.from_user.id == bot.id)
