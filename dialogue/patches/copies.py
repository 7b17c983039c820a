"""Patches of what Rasa makes again in every turn: classes of events, copies for log lines, copies of trackers and slots."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.shared.core.trackers
from rasa.shared.core import events as kinds
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

# Events that stand in a conversation as they are: they neither take back others nor make a form's turns disappear.
_LASTING = frozenset(
    {
        kinds.UserUttered, kinds.BotUttered, kinds.ActionExecuted, kinds.SlotSet, kinds.FollowupAction, kinds.EntitiesAdded,
        kinds.DefinePrevUserUtteredFeaturization, kinds.AllSlotsReset, kinds.ConversationPaused, kinds.ConversationResumed,
        kinds.ActionExecutionRejected, kinds.LoopInterrupted,
    }
)  # fmt: skip
_BEGINNING = frozenset({kinds.SessionStarted, kinds.Restarted})


def cache_event_classes() -> None:
    """Remember the class of each event name once it has been found, and find the events that count by their classes."""
    find: Callable[..., type[Event] | None] = Event.resolve_by_type
    found: dict[str, type[Event]] = {}

    def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        event_class = found.get(type_name)
        if event_class is None:
            event_class = find(type_name, default)
            if event_class is not None and event_class is not default:
                found[type_name] = event_class
        return event_class

    Event.resolve_by_type = staticmethod(resolve)
    all_applied = DialogueStateTracker.applied_events

    def applied_events(self: DialogueStateTracker) -> list[Event]:
        applied: list[Event] = []
        for event in self.events:
            kind = type(event)
            if kind in _LASTING:
                applied.append(event)
            elif kind in _BEGINNING:
                applied = []
            else:
                return all_applied(self)
        return applied

    DialogueStateTracker.applied_events = applied_events


def twin_of(thing: Any) -> Any:
    """A shallow copy of a plain object, as `copy.copy` makes it, without asking it how it wants to be copied."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state with events, slots and form of its own."""
    twin: DialogueStateTracker = twin_of(self)
    twin.events = self.events.copy()
    twin.slots = {name: twin_of(slot) for name, slot in self.slots.items()}
    twin.active_loop = copy.copy(self.active_loop)
    return twin


def copy_less() -> None:
    """Copy nothing for debug lines, which dialogue/environment.py never lets through, and trackers as they are."""
    # These modules deep-copy for their debug lines only; tests/dialogue/patches/test_copies.py reads that from their code.
    uncopied = SimpleNamespace(deepcopy=lambda thing: thing)
    rasa.core.processor.copy = uncopied
    rasa.core.policies.rule_policy.copy = uncopied
    # This one copies the domain's slots for each tracker, and nothing else.
    rasa.shared.core.trackers.copy = SimpleNamespace(copy=twin_of)
    DialogueStateTracker.copy = copy_tracker

    is_empty = Domain.is_empty

    def known_to_be_full(self: Domain) -> bool:
        # A domain is not changed after it has been loaded; the processor asks in every turn, and the answer is made of it all.
        if "_is_empty" not in self.__dict__:
            self._is_empty = is_empty(self)
        return self._is_empty

    Domain.is_empty = known_to_be_full
