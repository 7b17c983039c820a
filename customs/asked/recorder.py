"""Writes turns for staff beside the answering: a queue and one thread. A turn never waits for it and never fails by it."""

from __future__ import annotations

import atexit
import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from customs.asked.database import StoreError
from customs.asked.people import People
from customs.asked.redaction import redact, without
from customs.asked.store import DAY, FILE, Store
from customs.asked.turns import RATINGS, AskedTurn
from customs.blocks import plain_text
from customs.settings import Settings

log = logging.getLogger(__name__)

# Turns that may wait to be written; beyond that they are dropped, because answering goes on.
MOST_WAITING = 10_000
MOST_AT_ONCE = 200
MOST_ANSWER_CHARS = 2_000
MOST_COMMENT_CHARS = 1_000
PURGE_EVERY_S = 3600.0
FEEDBACK = "/give_feedback"


class Turn(Protocol):
    """What a channel knows of a turn (`bot.turn.Turn`)."""

    conversation: str
    text: str
    channel: str
    payload: str | None
    request_id: str


class Reply(Protocol):
    """What a channel knows of a reply (`bot.replies.Reply`)."""

    outcome: str
    reason: str | None
    language: str
    administration: str | None
    blocks: list[dict[str, Any]]
    entry: str | None
    release: str | None


@dataclass(frozen=True)
class _Told:
    turn: Turn
    reply: Reply
    at: float


@dataclass(frozen=True)
class _Commented:
    conversation: str
    text: str
    at: float


class Recorder:
    """Keeps the turns of one process for `days`, in `var_dir`/asked.db or in the PostgreSQL at `url`; switched off (`enabled` False)
    it does nothing.

    >>> recorder = Recorder.of(settings)
    >>> recorder.tell(turn, reply)
    >>> recorder.forget("web-7f3c…").result()   # how many turns went
    """

    def __init__(
        self, var_dir: Path, days: float, enabled: bool = True, clock: Callable[[], float] = time.time, url: str = ""
    ) -> None:
        self.enabled = enabled
        self._days = days
        self._clock = clock
        self._place: Path | str = url or var_dir / FILE
        # An address holds a password, which no log line may show.
        self._name = url.rpartition("@")[2] or str(self._place)
        self._queue: queue.Queue[_Told | _Commented | tuple[str, Future] | Future | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._dropped = 0

    @classmethod
    def of(cls, settings: Settings) -> Recorder:
        """The recorder that the settings want."""
        return cls(settings.var_dir, settings.asked_days, settings.keep_questions, url=settings.asked_database_url)

    def tell(self, turn: Turn, reply: Reply) -> None:
        """Keep a turn and its reply, later. Returns at once and raises nothing."""
        if not self.enabled or (reply.outcome, reply.reason) == ("failed", "empty"):
            return
        self._put(_Told(turn, reply, self._clock()))

    def comment(self, conversation: str, text: str) -> None:
        """Keep what somebody typed about the last answer of a conversation, later. Returns at once and raises nothing."""
        if self.enabled:
            self._put(_Commented(conversation, text, self._clock()))

    def forget(self, conversation: str) -> Future:
        """Delete what was kept of a conversation, also while switched off; the result is how many turns, -1 when it failed."""
        done: Future = Future()
        if not self.enabled and isinstance(self._place, Path) and not self._place.exists():
            done.set_result(0)
            return done
        self._start()
        try:
            self._queue.put((conversation, done), timeout=1)
        except queue.Full:
            log.error("conversation %s: what staff may read of it was not deleted; the queue is full.", conversation)
            done.set_result(-1)
        return done

    def flush(self, timeout_s: float = 10.0) -> None:
        """Wait until all that was told so far is kept. Raises `TimeoutError`."""
        if self._thread:
            done: Future = Future()
            self._queue.put(done)
            done.result(timeout_s)

    def close(self) -> None:
        """Write what waits, then end the thread."""
        thread, self._thread = self._thread, None
        if thread:
            with suppress(queue.Full):
                self._queue.put(None, timeout=5)
                thread.join(10)

    def _put(self, one: _Told | _Commented) -> None:
        self._start()
        try:
            self._queue.put_nowait(one)
        except queue.Full:
            if self._dropped % 1000 == 0:
                log.error("%s is written too slowly: turns are dropped; is it full or busy?", self._name)
            self._dropped += 1

    def _start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="asked", daemon=True)
                    self._thread.start()
                    atexit.register(self.close)  # a process that ends writes first what waits

    def _run(self) -> None:
        store: Store | None = None
        purged = 0.0
        while True:
            batch = [self._queue.get()]
            with suppress(queue.Empty):
                while batch[-1] is not None and len(batch) < MOST_AT_ONCE:
                    batch.append(self._queue.get_nowait())
            try:
                store = self._kept(store, batch)
                if self._clock() - purged > PURGE_EVERY_S:
                    purged = self._clock()
                    self._purge(store)
            except (StoreError, OSError) as error:
                log.error(
                    "%s cannot be written (%s); answers go on, but staff will not see what is asked.", self._name, error
                )
                store = _closed(store)
            except Exception:  # a fault here must not end the thread, and no answer depends on it
                log.exception("What was asked could not be kept.")
            finally:
                _release(batch)
            if batch[-1] is None:
                _closed(store)
                return

    def _kept(self, store: Store | None, batch: list) -> Store:
        """Write `batch`; a connection that broke while nobody wrote is made anew, once. Returns the store that it is in."""
        if store:
            try:
                self._write(store, batch)
                return store
            except StoreError as error:
                log.warning("%s is opened anew: %s", self._name, error)
                _closed(store)
        store = Store(self._place, self._clock)
        self._write(store, batch)
        return store

    def _write(self, store: Store, batch: list) -> None:
        """Write in the order in which things came: a rating belongs to what was kept before it."""
        people = People(store.keys())
        kept: list[AskedTurn] = []
        for each in batch:
            if isinstance(each, _Told) and not self._is_rating(each):
                try:
                    kept.append(_redacted(each, people))
                except (StoreError, OSError):
                    raise
                except Exception:  # a reply of a shape that nobody foresaw costs its own record, not its neighbours'
                    log.exception("request %s could not be kept for staff.", each.turn.request_id)
                continue
            if kept:
                store.add(kept)
                kept = []
            if isinstance(each, _Told):
                self._rate(store, people, each)
            elif isinstance(each, _Commented):
                said = redact(each.text).text[:MOST_COMMENT_CHARS]
                store.comment(people.persons(each.conversation), said, each.at)
            elif isinstance(each, tuple):
                gone = store.delete(people.persons(each[0]))
                if not each[1].done():  # a batch may be written a second time
                    each[1].set_result(gone)
        if kept:
            store.add(kept)

    @staticmethod
    def _is_rating(told: _Told) -> bool:
        return (told.turn.payload or "").startswith(FEEDBACK)

    @staticmethod
    def _rate(store: Store, people: People, told: _Told) -> None:
        values = json.loads(told.turn.payload[len(FEEDBACK) :] or "{}")
        if values.get("rating") in RATINGS and told.reply.outcome != "failed":
            store.rate(people.persons(told.turn.conversation), values["rating"], values.get("reason"), told.at)

    def _purge(self, store: Store) -> None:
        if gone := store.purge(self._days):
            log.info("%d turns older than %g days were deleted for staff, too", gone, self._days)
        People(store.keys()).forget(self._clock() - self._days * DAY)


def _redacted(told: _Told, people: People) -> AskedTurn:
    turn, reply = told.turn, told.reply
    said = redact(turn.text or turn.payload or "")
    return AskedTurn(
        id=turn.request_id,
        at=told.at,
        person=people.person(turn.conversation, told.at),
        channel=turn.channel,
        said=said.text,
        pressed=turn.payload is not None,
        outcome=reply.outcome,
        reason=reply.reason,
        language=reply.language,
        administration=reply.administration,
        entry=reply.entry,
        release=reply.release,
        answer=without(plain_text(reply.blocks), said.removed)[:MOST_ANSWER_CHARS],
    )


def _closed(store: Store | None) -> None:
    if store:
        with suppress(Exception):  # it is broken, or it is not
            store.close()


def _release(batch: list) -> None:
    """Nobody waits for what could not be done."""
    for each in batch:
        future = each if isinstance(each, Future) else each[1] if isinstance(each, tuple) else None
        if future and not future.done():
            future.set_result(-1)
