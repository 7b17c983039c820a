"""Inline mode: `@bot cigarettes` in any chat offers the top answers, which the user posts under their own name.

The question goes the way of every question, through Rasa, in a conversation that is deleted at once; where the answer depends
on the country and the user has chosen none, each administration's answer is offered.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import replace

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.rasa_client import Reply
from bot.telegram.channel import RATED, Channel
from bot.telegram.handlers import INLINE_LINK
from bot.telegram.render import paragraphs, plain_text, say, text
from bot.telegram.split import LIMIT, split, units
from bot.turn import Turn, check_payload, clean_text

log = logging.getLogger(__name__)

MOST = 4
# What staff switch off must be gone within a minute, also from what Telegram keeps for us.
CACHE_S = 45
CACHED = 1000
# While somebody types, Telegram sends a query after every pause; more than this is no typing.
RATE = parse("40/minute")
TITLE, DESCRIPTION = 90, 160
OPEN = "Ask me in a chat of our own"
SLOWLY = "Too many questions at once; wait a minute"
NOTHING = "No answer to this; ask me in a chat of our own"
SUGGESTIONS = ("Cigarettes and tobacco", "Alcohol", "Cash to declare", "Medicines", "Gifts")
ASK_SUGGESTION = "Type: {question}"

Articles = list[tuple[str, Reply]]


class Inline:
    """The callback for inline queries; answers are remembered for less than a minute by question, language and administration."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._cache: OrderedDict[tuple[str, str, str | None], tuple[float, Reply, Articles]] = OrderedDict()

    async def asked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer one inline query; an empty one with suggestions, one too many with a word instead of answers."""
        query, user = update.inline_query, update.effective_user
        # A private chat has the number of its user: what was chosen there holds here.
        code = (user.language_code or "").lower().replace("_", "-").split("-")[0]
        spoken = code if code in self.channel.settings.languages else None
        language = self.channel.chats.language(user.id) or spoken or self.channel.settings.default_language
        question, _ = clean_text(query.query, self.channel.settings.max_question_chars)
        if not question:
            await self._send(update, [_suggestion(one, language) for one in SUGGESTIONS], say(language, OPEN), CACHE_S)
            return
        if not await self._limiter.hit(RATE, str(user.id)):
            await self._send(update, [], say(language, SLOWLY), 0)
            return
        administration = self.channel.chats.administration(user.id)
        reply, found = await self._answers(question, language, administration)
        # Where each country's answer is offered, the question is answered though the first reply asked back.
        turn = Turn(_scratch(), question, "telegram", language=language, administration=administration)
        self.channel.inline_asked.note(user.id, turn, found[0][1] if found else reply)
        await self._send(
            update, [_article(title, reply) for title, reply in found],
            say(language, OPEN if found else NOTHING), CACHE_S if found else 0,
        )  # fmt: skip

    async def _answers(self, question: str, language: str, administration: str | None) -> tuple[Reply, Articles]:
        key = (question.casefold(), language, administration)
        if (known := self._cache.get(key)) and time.monotonic() - known[0] < CACHE_S:
            self._cache.move_to_end(key)
            return known[1:]
        reply, found = await self._ask(question, language, administration)
        if found:
            self._cache[key] = time.monotonic(), reply, found
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return reply, found

    async def _ask(self, question: str, language: str, administration: str | None) -> tuple[Reply, Articles]:
        turn = Turn(_scratch(), question, "telegram", language=language, administration=administration)
        reply = await self._reply(turn)
        if reply.outcome == "asked_back" and reply.reason == "which_administration":
            names = self.channel.administrations(reply.asker_language)[:MOST]
            turns = [replace(turn, conversation=_scratch(), administration=key) for key, _ in names]
            titles = [name for _, name in names]
        else:
            chosen = _entries(reply)[: MOST - 1]
            turns = [replace(turn, conversation=_scratch(), text=title, payload=payload) for title, payload in chosen]
            titles = [title for title, _ in chosen]
        more = await asyncio.gather(*(self._reply(one) for one in turns))
        found = [(question, reply)] + list(zip(titles, more))
        return reply, [(title, one) for title, one in found if one.outcome in RATED]

    async def _reply(self, turn: Turn) -> Reply:
        """One turn in a conversation of its own, which is deleted afterwards."""
        try:
            return await self.channel.client.ask(turn)
        finally:
            await self.channel.client.forget(turn.conversation)

    async def _send(self, update: Update, results: list[InlineQueryResultArticle], button: str, cache_s: int) -> None:
        try:
            # Personal, because language and administration are the user's own.
            await update.inline_query.answer(
                results,
                cache_time=cache_s,
                is_personal=True,
                button=InlineQueryResultsButton(button, start_parameter=INLINE_LINK),
            )
        except BadRequest as error:
            log.info("An inline query was not answered in time, or refused: %s", error)


def _scratch() -> str:
    return f"tg-inline-{secrets.token_hex(8)}"


def _entries(reply: Reply) -> list[tuple[str, str]]:
    """Title and payload of the buttons of a reply that show an entry."""
    items = [item for block in reply.blocks if block["type"] == "buttons" for item in block["items"]]
    return [
        (one["title"], check_payload(one["payload"])) for one in items if one["payload"].startswith("/choose_entry{")
    ]


def _article(title: str, reply: Reply) -> InlineQueryResultArticle:
    """The answer as an article: what is posted is the whole answer, or its beginning with the sources."""
    body = _in_one_message(reply)
    key = hashlib.blake2b(f"{title}\n{body}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    return InlineQueryResultArticle(
        key, _short(title, TITLE), InputTextMessageContent(body), description=_short(plain_text(body), DESCRIPTION)
    )


def _in_one_message(reply: Reply) -> str:
    said = paragraphs([one for one in reply.blocks if one["type"] not in {"buttons", "source"}], reply.language)
    sources = "\n".join(paragraphs([one for one in reply.blocks if one["type"] == "source"], reply.language))
    # Lines of sources are whole, each with its link.
    while units(sources) > LIMIT // 2:
        sources = sources.rpartition("\n")[0]
    whole = split(["\n\n".join(said)], LIMIT - units(sources) - 10)
    return "\n\n".join(part for part in [whole[0] if whole else "", "…" if len(whole) > 1 else "", sources] if part)


def _suggestion(question: str, language: str) -> InlineQueryResultArticle:
    """A suggestion for an empty query: posting it posts the question."""
    title = say(language, question)
    key = hashlib.blake2b(title.encode(), digest_size=16).hexdigest()
    return InlineQueryResultArticle(
        key,
        title,
        InputTextMessageContent(text(title, language)),
        description=say(language, ASK_SUGGESTION, question=title),
    )


def _short(raw: str, most: int) -> str:
    line = " ".join(raw.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
