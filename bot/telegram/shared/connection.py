"""The connection to the store that replicas share; a store that is away holds nobody up for long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from customs.settings import SettingError

log = logging.getLogger(__name__)

Result = TypeVar("Result")
# The channel waits for the store within its event loop, as it waits for its file: not longer than this, and after a fault not at
# all for a while.
TIMEOUT_S = 0.5
REST_S = 2.0
SAY_AGAIN_S = 60.0


class StoreDownError(Exception):
    """The shared store does not answer."""


class Shared:
    """The store at `url` (`redis://host:6379`, `rediss://…`); `bot` is the number of the bot, whose keys stand apart.

    Raises `SettingError` for an address that cannot be read.
    """

    def __init__(self, url: str, bot: str) -> None:
        try:
            self.redis = redis.Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=TIMEOUT_S,
                socket_connect_timeout=TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),  # the library's own tries come after pauses, which would hold up all
            )
        except ValueError as error:
            raise SettingError(
                f"CUSTOMS_TELEGRAM_STORAGE is {url.rpartition('@')[2]!r}: {error} Expected redis://host:6379."
            ) from None
        # In braces, so that a cluster keeps all keys of a bot in one place: a script may then touch several of them.
        self.prefix = f"{{customs-telegram-{bot}}}:"
        self._rests_until = 0.0
        self._said = -SAY_AGAIN_S

    def key(self, *parts: object) -> str:
        """The key of `parts`."""
        return self.prefix + ":".join(str(part) for part in parts)

    def must(self, ask: Callable[[redis.Redis], Result]) -> Result:
        """What `ask` gets of the store. Raises `StoreDownError`."""
        if time.monotonic() < self._rests_until:
            raise StoreDownError("The shared store did not answer a moment ago.")
        try:
            return ask(self.redis)
        except RedisError as error:
            now = time.monotonic()
            self._rests_until = now + REST_S
            if now - self._said >= SAY_AGAIN_S:
                self._said = now
                log.error("The store that replicas share does not answer (%s); answers go on.", error)
            raise StoreDownError(str(error)) from error

    def may(self, ask: Callable[[redis.Redis], Result], otherwise: Result) -> Result:
        """What `ask` gets of the store, `otherwise` while it is away."""
        try:
            return self.must(ask)
        except StoreDownError:
            return otherwise
