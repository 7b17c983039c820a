"""Tells the action server what was asked as soon as it is known, so that it encodes the question while Rasa still thinks.

Only for a turn that is alone: then a processor core is free, and the asker waits some milliseconds less. Beside other turns
the cores have enough to do, and telling would cost more than it gains. Nothing depends on it: an action server that does
not know the address, or is away, is not asked again for a while, and the action encodes the question itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from async_timeout import timeout

from customs.wire import BodyTooLargeError, Link

logger = logging.getLogger(__name__)

IDLE_S = 15.0
DEADLINE_S = 5.0
# How long an action server that would not hear is left alone.
PAUSE_S = 60.0


class Ahead:
    """Tells the action server at `url`; belongs to one event loop. Raises ValueError for an address that is not http."""

    def __init__(self, url: str) -> None:
        self._link = Link(url, IDLE_S)
        self._turns = 0
        self._not_before = 0.0
        self._telling: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def turn(self, text: str | None) -> AsyncIterator[None]:
        """Surrounds the turn in which `text` was said; a payload is not told."""
        self._turns += 1
        if text and not text.startswith("/") and self._turns == 1 and time.monotonic() >= self._not_before:
            task = asyncio.create_task(self._tell(text))
            self._telling.add(task)  # the loop itself would let it be collected
            task.add_done_callback(self._telling.discard)
            # The turn lets nobody else in before it calls its action: the teller writes now, or it comes after the call.
            await asyncio.sleep(0)
        try:
            yield
        finally:
            self._turns -= 1

    async def _tell(self, text: str) -> None:
        try:
            async with timeout(DEADLINE_S):  # not wait_for: it would begin a task, which writes a round of the loop later
                status, _ = await self._link.post("/ahead", json.dumps({"text": text}).encode())
            problem = f"status {status}" if status >= 400 else None
        except (OSError, asyncio.TimeoutError, BodyTooLargeError) as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            self._not_before = time.monotonic() + PAUSE_S
            logger.info("The action server is not told of questions ahead for %.0f s: %s", PAUSE_S, problem)
