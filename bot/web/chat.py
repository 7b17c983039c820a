"""One message, one turn: what the API and the page share between a request and Rasa."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.replies import Reply, failure
from bot.transcripts import Exchange, KeyReused, Transcripts
from bot.turn import Turn, clean_text, new_request_id
from bot.web.administrations import Names
from bot.web.metrics import Metrics
from bot.web.options import Options
from bot.web.problems import Problem
from bot.web.rates import RateLimits
from bot.web.request_ids import request_id
from bot.web.security import Conversations
from customs.asked import Recorder
from customs.settings import Settings

log = logging.getLogger(__name__)

CHANNEL = "web"
POLL_S = 0.05


@dataclass(frozen=True)
class Said:
    """A checked message as it came in; `conversation` is the bare id, or None to begin a new one."""

    text: str
    payload: str | None = None
    conversation: str | None = None
    administration: str | None = None
    language: str | None = None
    key: str | None = None


class Chat:
    """The web channel's parts, put together; takes messages and gives replies."""

    def __init__(self, settings: Settings, options: Options, client: RasaClient, names: Names, secret: str) -> None:
        self.settings = settings
        self.options = options
        self.client = client
        self.names = names
        self.conversations = Conversations(secret)
        self.breaker = Breaker(client, options.breaker_failures, options.breaker_rest_s)
        self.rates = RateLimits(options.rate_conversation, options.rate_address, options.rate_storage)
        self.metrics = Metrics(settings.languages, settings.administrations)
        self.metrics.watch_breaker(lambda: self.breaker.is_open)
        self.recorder = Recorder.of(settings)
        # A dead process's turn may be taken again once nobody can be waiting for it any more.
        self.transcripts = Transcripts(settings.var_dir / "chat.db", claim_s=settings.turn_deadline_s + 5)

    async def take(self, said: Said, address: str) -> Reply:
        """The reply to a message; the same message (same key) again gets the same reply and makes no second turn.

        Raises a `Problem` for a rate limit or for a key that was used for another message.
        """
        origin = None if said.conversation else self.conversations.origin(address)
        with self.metrics.stage("limits", CHANNEL):
            await self.rates.hit("address", address)
            if said.conversation:
                await self.rates.hit("conversation", said.conversation)
        with self.metrics.running(CHANNEL):
            return await self._turn(said, origin)

    async def _turn(self, said: Said, origin: str | None) -> Reply:
        text, cut = clean_text(said.text, self.settings.max_question_chars)
        current = request_id()
        key = said.key or current
        conversation = said.conversation or self.conversations.new()
        turn = Turn(
            conversation,
            text,
            CHANNEL,
            said.payload,
            language=said.language,
            administration=said.administration,
            request_id=current,
            cut=cut,
        )
        if not turn.message:
            return await self._ask(turn)
        with self.metrics.stage("claim", CHANNEL):
            exchange = await self._claim(turn, origin, key)
        if exchange.reply:
            return exchange.reply
        if not exchange.mine:
            log.warning("conversation %s: timeout, the same message is still being answered", exchange.conversation)
            return failure(replace(turn, conversation=exchange.conversation), "timeout")
        reply = await self._ask(replace(turn, conversation=exchange.conversation, name=str(exchange.id)))
        with self.metrics.stage("store", CHANNEL):
            self.transcripts.finish(exchange, reply)
        return reply

    async def _claim(self, turn: Turn, origin: str | None, key: str) -> Exchange:
        """The message's exchange: ours to answer, or with its reply, or neither when another is too long about it."""
        give_up = time.monotonic() + self.settings.turn_deadline_s
        while True:
            try:
                exchange = self.transcripts.begin(turn.conversation, origin, key, turn.text, turn.payload)
            except KeyReused:
                message = "This idempotency_key was used for another message. Make a new one for each message."
                raise Problem(409, "key_reused", message, field="idempotency_key") from None
            if exchange.reply or exchange.mine or time.monotonic() > give_up:
                return exchange
            await asyncio.sleep(POLL_S)

    async def _ask(self, turn: Turn) -> Reply:
        began = time.perf_counter()
        with self.metrics.stage("rasa", CHANNEL):
            reply = await self.breaker.ask(turn)
        took = time.perf_counter() - began
        self.metrics.turn(reply, CHANNEL, took)
        self.recorder.tell(turn, reply)
        outcome = f"{reply.outcome}/{reply.reason}" if reply.reason else reply.outcome
        line = "conversation %s: %s %s in %.3f s, request %s"
        log.info(line, turn.conversation, outcome, reply.entry or "-", took, turn.request_id)
        return reply

    async def delete(self, conversation: str) -> dict[str, object]:
        """Delete a conversation here and in Rasa, and return a receipt that says what is gone."""
        exchanges = self.transcripts.delete(conversation)
        forgotten = await self.client.forget(conversation)
        await asyncio.wrap_future(self.recorder.forget(conversation))
        receipt = new_request_id()
        log.info("conversation deleted, receipt %s: %d exchanges, dialogue %s", receipt, exchanges, forgotten)
        return {
            "receipt": receipt,
            "deleted_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "exchanges": exchanges,
            "dialogue_deleted": forgotten,
        }
