"""Conversations in one SQLite file: quick, bounded, and safe against a kill.

Rasa's own SQL store opens a connection and builds objects through an ORM for each query, and a conversation that goes on
gets slower with every turn, as each turn replays all events. Here:

- one connection, write-ahead log: what `save` returned from is on disk even when the process is killed the next moment;
- a bounded memory of recent conversations; a change that another process makes in the file empties it;
- a long conversation is cut: only its last events are kept, behind a beginning that sets the slots and the form as they were, so that
  the 200th message is as quick as the 5th. Earlier sessions go too: what they leave are slots, which Rasa carries over.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    saved REAL NOT NULL,
    events TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_by_sender ON turns (sender, id);
CREATE INDEX IF NOT EXISTS turns_by_time ON turns (saved);
"""


class ConversationsFileError(RuntimeError):
    """The file of the conversations cannot be opened; the message names it and the way out."""


class SessionStore(TrackerStore):
    """Rasa tracker store over one SQLite file.

    Arguments, from endpoints.yml: `url` (the file), `keep_events` (events kept when a conversation is cut, whole turns),
    `cut_above` (number of events above which it is cut), `remember` (conversations held in memory).
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        keep_events: int = 30,
        cut_above: int = 60,
        remember: int = 1000,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.keep_events = int(keep_events)
        self.cut_above = int(cut_above)
        self.remember = int(remember)
        self._recent: OrderedDict[str, list[Event]] = OrderedDict()
        path = Path(host or "conversations.db")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Rasa calls the store from its one event loop; check_same_thread would only forbid the start in another.
            self._db = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False, timeout=10)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")  # deleted words are overwritten, not only unlinked
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConversationsFileError(
                f"The conversations' file {path} cannot be opened: {error}. Set CUSTOMS_VAR_DIR to a folder that can be "
                "written, or move a damaged file away; conversations then begin anew."
            ) from error
        self._seen_version = self._version()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was saved, or None."""
        events = self._events(sender_id)
        if not events:
            return None
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new in the conversation, and cut it when it has grown long."""
        await self.stream_events(tracker)
        known = self._events(tracker.sender_id)
        events = list(tracker.events)
        shortened = self._shortened(tracker, events)
        if shortened is not None:
            self._replace(tracker.sender_id, shortened)
        elif _continues(known, events):
            self._append(tracker.sender_id, events[len(known) :])
            shortened = events
        else:  # the events were edited over Rasa's API, or another process wrote meanwhile: the tracker is what holds
            self._replace(tracker.sender_id, events)
            shortened = events
        self._note(tracker.sender_id, shortened)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return [sender for (sender,) in self._db.execute("SELECT DISTINCT sender FROM turns")]

    async def exists(self, conversation_id: str) -> bool:
        """Is there such a conversation?"""
        return bool(self._events(conversation_id))

    async def delete(self, sender_id: str) -> bool:
        """Remove all that is kept of a conversation; False when there was nothing."""
        self._recent.pop(sender_id, None)
        removed = self._db.execute("DELETE FROM turns WHERE sender = ?", (sender_id,)).rowcount
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the words would stay in the log for a while
        return removed > 0

    def events(self, sender_id: str) -> list[Event]:
        """The conversation's events as they are kept, oldest first; not to be changed."""
        return self._events(sender_id)

    def forget_before(self, moment: float) -> int:
        """Remove conversations without a turn since `moment` (seconds since 1970); the number of them."""
        stale = "SELECT sender FROM turns GROUP BY sender HAVING MAX(saved) < ?"
        senders = [sender for (sender,) in self._db.execute(stale, (moment,))]
        for sender in senders:
            self._recent.pop(sender, None)
            self._db.execute("DELETE FROM turns WHERE sender = ?", (sender,))
        return len(senders)

    # Reading and writing

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _events(self, sender: str) -> list[Event]:
        version = self._version()  # changes when another connection has written, microseconds to ask
        if version != self._seen_version:
            self._recent.clear()
            self._seen_version = version
        events = self._recent.get(sender)
        if events is None:
            rows = self._db.execute("SELECT events FROM turns WHERE sender = ? ORDER BY id", (sender,))
            events = deserialise_events([event for (text,) in rows for event in json.loads(text)])
            if events:
                self._note(sender, events)
        else:
            self._recent.move_to_end(sender)
        return events

    def _note(self, sender: str, events: list[Event]) -> None:
        self._recent[sender] = events
        self._recent.move_to_end(sender)
        while len(self._recent) > self.remember:
            self._recent.popitem(last=False)

    def _append(self, sender: str, events: list[Event]) -> None:
        if events:
            row = (sender, events[-1].timestamp, json.dumps([event.as_dict() for event in events]))
            self._db.execute("INSERT INTO turns (sender, saved, events) VALUES (?, ?, ?)", row)

    def _replace(self, sender: str, events: list[Event]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.execute("DELETE FROM turns WHERE sender = ?", (sender,))
            self._append(sender, events)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    # Cutting

    def _shortened(self, tracker: DialogueStateTracker, events: list[Event]) -> list[Event] | None:
        """The events to keep instead of all, or None when all are kept."""
        start = _session_start(events)
        session = events[start:]
        if len(session) <= self.cut_above:
            return session if start else None
        first = next((at for at in range(len(session) - self.keep_events, len(session)) if _is_turn(session, at)), None)
        if first is None:  # one turn is longer than all that is kept
            return session if start else None
        return _beginning(tracker.sender_id, self.domain, session[:first], session[first].timestamp) + session[first:]


def unwrapped(store: TrackerStore) -> TrackerStore:
    """The store that endpoints.yml names, out of the wrapper that Rasa puts around it."""
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def _is_turn(events: list[Event], at: int) -> bool:
    return isinstance(events[at], UserUttered)


def _session_start(events: list[Event]) -> int:
    """Where the last session begins; 0 when none began."""
    for at in range(len(events) - 1, -1, -1):
        if isinstance(events[at], SessionStarted):
            before = events[at - 1] if at else None
            return (
                at - 1 if isinstance(before, ActionExecuted) and before.action_name == ACTION_SESSION_START_NAME else at
            )
    return 0


def _beginning(sender: str, domain: Domain, dropped: list[Event], moment: float) -> list[Event]:
    """Events that bring a new conversation to where the dropped ones had brought it: as Rasa begins a session itself."""
    before = DialogueStateTracker.from_events(sender, dropped, domain.slots)
    beginning: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    beginning += [SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value]
    if before.is_paused():
        beginning.append(ConversationPaused())
    if before.active_loop is not None:  # a form that waits reads of its past only the last message
        beginning.append(ActiveLoop(before.active_loop_name))
        if before.is_active_loop_interrupted:
            beginning.append(LoopInterrupted(True))
    beginning.append(ActionExecuted(ACTION_LISTEN_NAME))
    metadata: dict[str, Any] = dropped[-1].metadata
    for event in beginning:
        event.timestamp = moment
        event.metadata = dict(metadata)
    return beginning


def _continues(known: list[Event], events: list[Event]) -> bool:
    """Are `known` the first of `events`? Judged by the last known one, as events are never changed."""
    if not known:
        return True
    if len(events) < len(known):
        return False
    last, same = known[-1], events[len(known) - 1]
    return last is same or (last.type_name == same.type_name and last.timestamp == same.timestamp)
