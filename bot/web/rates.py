"""How many messages one conversation and one address may send: counted by the library `limits`, here or in Redis."""

from __future__ import annotations

import logging
import math
import time

import limits.aio.storage
import limits.aio.strategies
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.web.problems import Problem
from customs.settings import SettingError

log = logging.getLogger(__name__)

# Longer than that a message does not wait to be counted; it is then counted in this process.
STORE_TIMEOUT_S = 0.5
SAY_AGAIN_S = 60.0


class Counts(MemoryStorage):
    """The library's counts in memory, for one thread: it starts another for nearly every hit, to throw old counts away.

    Here that is done in passing, at most every `SWEEP_S` seconds.
    """

    SWEEP_S = 60.0

    def __init__(self) -> None:
        super().__init__()
        self._swept = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more for `key`, to be forgotten `expiry` seconds after its first; the count."""
        now = time.time()
        if now - self._swept >= self.SWEEP_S:
            self._swept = now
            for known in list(self.expirations):
                self.get(known)  # which drops it when its time is over
        count = self.get(key) + amount
        if count == amount:
            self.expirations[key] = now + expiry
        self.storage[key] = count
        return count


class RateLimits:
    """Counts turns by conversation and by address, in this process's memory or, for replicas, in `store`.

    `store` is an address as the library `limits` writes it: `redis://host:6379`, `rediss://…`, `redis+cluster://…`, or
    `memory://`. While it cannot be reached each process counts for itself, so that people are still served.
    """

    def __init__(self, per_conversation: str, per_address: str, store: str = "memory://") -> None:
        self._rates = {"conversation": parse(per_conversation), "address": parse(per_address)}
        self._here = SlidingWindowCounterRateLimiter(Counts())
        self._shared = None if store == "memory://" else _shared(store)
        self._said = -SAY_AGAIN_S

    async def hit(self, kind: str, who: str) -> None:
        """Count one turn of `who`; raises a 429 `Problem` that says when to come back."""
        rate = self._rates[kind]
        wait = await self._wait(rate, kind, who)
        if wait is None:
            return
        message = f"Too many messages in a short time. Please wait {wait} seconds and send it again."
        raise Problem(429, "too_many_messages", message, headers={"Retry-After": str(wait)})

    async def _wait(self, rate: RateLimitItem, kind: str, who: str) -> int | None:
        """None when the turn may go on, else the seconds to wait."""
        if self._shared:
            try:
                if await self._shared.hit(rate, kind, who):
                    return None
                return _seconds((await self._shared.get_window_stats(rate, kind, who)).reset_time)
            except Exception as error:  # the client's own errors differ from store to store
                self._say_so(error)
        if self._here.hit(rate, kind, who):
            return None
        return _seconds(self._here.get_window_stats(rate, kind, who).reset_time)

    def _say_so(self, error: Exception) -> None:
        now = time.monotonic()
        if now - self._said >= SAY_AGAIN_S:
            self._said = now
            log.warning("the rates' store does not answer, each process counts for itself: %r", error)


def _seconds(reset_time: float) -> int:
    return max(1, math.ceil(reset_time - time.time()))


def _shared(store: str) -> limits.aio.strategies.SlidingWindowCounterRateLimiter:
    timeouts = {"socket_timeout": STORE_TIMEOUT_S, "socket_connect_timeout": STORE_TIMEOUT_S}
    try:
        storage = storage_from_string(f"async+{store}", implementation="redispy", **timeouts)
        return limits.aio.strategies.SlidingWindowCounterRateLimiter(storage)
    except (ConfigurationError, NotImplementedError, ValueError, TypeError) as error:
        raise SettingError(
            f"rate_storage is {store.rpartition('@')[2]!r}: {error} Expected redis://host:6379 or memory://."
        ) from None
