"""How conversations are deleted: one on request, all by age. In our own store and in Rasa's SQL store; the others cannot do it.

Of a conversation goes its dialogue and what it rated. The ratings lie with the action server, which is told first: a deletion that is
confirmed has happened everywhere.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import aiohttp
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore

from dialogue.tracker_store import SessionStore, unwrapped

logger = logging.getLogger(__name__)

SWEEP_EVERY_S = 3600.0
DEADLINE_S = 5.0


class CannotDeleteError(Exception):
    """The conversation could not be deleted; the message says why. `for_good`: trying again does not help."""

    def __init__(self, message: str, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


def can_delete(store: TrackerStore) -> bool:
    """Is it a store whose conversations can be deleted?"""
    return isinstance(unwrapped(store), (SessionStore, SQLTrackerStore))


async def delete(store: TrackerStore, sender: str) -> bool:
    """Delete the dialogue of `sender`; False when there was none. Raises `CannotDeleteError` for stores that cannot."""
    store = unwrapped(store)
    if isinstance(store, SessionStore):
        return await store.delete(sender)
    if isinstance(store, SQLTrackerStore):
        return _delete_rows(store, store.SQLEvent.sender_id == sender) > 0
    raise CannotDeleteError(
        f"{type(store).__name__} cannot delete a conversation; do it in its database, or use our own store or `sql`.",
        True,
    )


def forget_before(store: TrackerStore, moment: float) -> int:
    """Delete the conversations without an event since `moment` (seconds since 1970); how many. 0 for stores that cannot."""
    store = unwrapped(store)
    if isinstance(store, SessionStore):
        return store.forget_before(moment)
    if isinstance(store, SQLTrackerStore):
        event = store.SQLEvent
        with store.session_scope() as session:
            last = sa.func.max(event.timestamp)
            old = [name for (name,) in session.query(event.sender_id).group_by(event.sender_id).having(last < moment)]
        for sender in old:
            _delete_rows(store, event.sender_id == sender)
        return len(old)
    return 0


def _delete_rows(store: SQLTrackerStore, which: Any) -> int:
    with store.session_scope() as session:
        gone = session.query(store.SQLEvent).filter(which).delete(synchronize_session=False)
        session.commit()
        return gone


class Ratings:
    """The ratings of conversations, which the action server at `url` keeps."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def forget(self, sender: str) -> None:
        """Have them deleted. Raises `CannotDeleteError` while the action server is away."""
        timeout = aiohttp.ClientTimeout(total=DEADLINE_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(f"{self._url}/forget", json={"conversation": sender}) as answer,
            ):
                if answer.status != 200:
                    raise CannotDeleteError(f"The action server did not delete the ratings, status {answer.status}.")
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise CannotDeleteError(f"The action server does not answer: {type(error).__name__}: {error}") from error


async def sweep_hourly(store: TrackerStore, days: float) -> None:
    """Delete by age now and every hour, whether people write or not; a fault is logged and the next hour tries again."""
    if not can_delete(store):
        logger.warning(
            "%s deletes no conversations by age: do it in its database (docs/operations.md).",
            type(unwrapped(store)).__name__,
        )
        return
    while True:
        try:
            if gone := forget_before(store, time.time() - days * 86400):
                logger.info("%d conversations without a message for %g days were deleted", gone, days)
        except Exception:
            logger.exception("Old conversations could not be deleted")
        await asyncio.sleep(SWEEP_EVERY_S)
