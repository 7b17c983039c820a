"""Chats are served side by side, the updates of one chat in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.updates import Order, chat_of

# The library takes its own place before it calls us, so its bound must not be what chats wait for: then one chat with a
# long queue would keep all the others out.
_NO_BOUND = 1_000_000


class PerChat(BaseUpdateProcessor):
    """Processes at most `side_by_side` updates at a time, never two of one chat; `finished` is called after each.

    With `order` a chat's updates wait there first, also for those that other replicas have.

    An update that is cancelled on the way (the process ends) is not reported as finished.
    """

    def __init__(
        self,
        side_by_side: int = 64,
        finished: Callable[[Update], None] | None = None,
        order: Order | None = None,
    ) -> None:
        super().__init__(_NO_BOUND)
        self._order = order
        self._places = asyncio.Semaphore(side_by_side)
        self._finished = finished
        self._queues: dict[int, tuple[asyncio.Lock, int]] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go."""

    @property
    def waiting_chats(self) -> int:
        """How many chats have an update in work or in the queue."""
        return len(self._queues)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run `coroutine` when the chat's earlier updates are done and a place is free."""
        started = False
        key = chat_of(update) if isinstance(update, Update) else 0
        lock, users = self._queues.get(key, (asyncio.Lock(), 0))
        self._queues[key] = lock, users + 1
        try:
            async with self._in_order(lock, update, key), self._places:
                started = True
                await coroutine
                if self._finished and isinstance(update, Update):
                    self._finished(update)
        finally:
            if not started and hasattr(coroutine, "close"):
                coroutine.close()
            lock, users = self._queues.pop(key)
            if users > 1:
                self._queues[key] = lock, users - 1

    @asynccontextmanager
    async def _in_order(self, lock: asyncio.Lock, update: object, chat: int) -> AsyncIterator[None]:
        if self._order and isinstance(update, Update):
            # Before the lock, which is for when the order is not to be had: what was taken over from a dead replica comes here
            # last and must go first.
            await self._order.turn(update.update_id, chat)
        async with lock:
            yield
