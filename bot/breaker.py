"""A circuit breaker towards Rasa: while it does not answer, askers are told so at once instead of waiting in a queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bot.rasa_client import RasaClient
from bot.replies import Reply, failure
from bot.turn import Turn

log = logging.getLogger(__name__)

# Reasons of a failed reply that say something about Rasa, not about this one turn.
AWAY = frozenset({"rasa_down", "timeout"})
# So many turns in a row that Rasa did not answer, and nobody waits for it for so many seconds.
FAILURES = 5
REST_S = 10.0


class Breaker:
    """Asks through `client`, in whose place it stands; after `failures` turns in a row that Rasa did not answer, asks nothing for `rest_s` seconds.

    Then one turn is let through: if it is answered, all are again; if not, the rest begins anew. Replies that say that
    something else is wrong (no action server, no release) come from a living Rasa and count as answered.
    """

    def __init__(
        self,
        client: RasaClient,
        failures: int = FAILURES,
        rest_s: float = REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self._failures = failures
        self._rest_s = rest_s
        self._clock = clock
        self._in_a_row = 0
        self._rests_until = 0.0

    @property
    def is_open(self) -> bool:
        """Is nothing asked now?"""
        return self._in_a_row >= self._failures and self._clock() < self._rests_until

    async def ask(self, turn: Turn) -> Reply:
        """The reply to `turn`; a reply `failed/rasa_down` at once while the breaker is open."""
        if self.is_open:
            log.info("conversation %s: not asked, Rasa rests, request %s", turn.conversation, turn.request_id)
            return failure(turn, "rasa_down")
        if self._in_a_row >= self._failures:  # this is the one that tries; the others wait for what comes of it
            self._rests_until = self._clock() + max(self._rest_s, self.client.deadline_s)
        reply = await self.client.ask(turn)
        if reply.outcome == "failed" and reply.reason in AWAY:
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._rests_until = self._clock() + self._rest_s
                log.warning("Rasa did not answer %d turns in a row; next try in %g s", self._in_a_row, self._rest_s)
        else:
            if self._in_a_row >= self._failures:
                log.warning("Rasa answers again")
            self._in_a_row = 0
        return reply

    async def forget(self, conversation: str) -> bool:
        """Let Rasa delete a conversation, also while no turn is asked: a deletion is worth the wait."""
        return await self.client.forget(conversation)
