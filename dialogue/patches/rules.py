"""Patch of the rule policy: it looks back as far as its longest rule reaches, and remembers which rules fit what it saw."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable
from types import SimpleNamespace
from typing import Any

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActiveLoop, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

REMEMBERED = 2000


class Reach:
    """What the rules of one policy look at: `states` back at most, and the `texts` of messages or only their intents."""

    def __init__(self, policy: RulePolicy) -> None:
        rules = [
            json.loads(key) for table in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(table, {})
        ]
        self.states = max(map(len, rules), default=1)
        self.texts = any(TEXT in state.get(USER, {}) for rule in rules for state in rule)


def reach_of(policy: RulePolicy) -> Reach:
    """The reach of a loaded policy, found once."""
    if "_reach" not in policy.__dict__:
        policy._reach = Reach(policy)
    return policy._reach


def last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> list[State] | None:
    """The last `most` states of `tracker.past_states(domain)`, oldest first, or None where a shorter way is not sure.

    Sure is it while no form has begun and no slot sways the rules: a state then holds the last message and the last action
    before it, and nothing else.
    """
    if any(slot.has_features() for slot in tracker.slots.values()):
        return None
    events = tracker.applied_events()
    if any(type(event) is ActiveLoop for event in events):
        return None
    # A state is taken before each action and one at the end.
    ends = [at for at, event in enumerate(events) if type(event) is ActionExecuted] + [len(events)]
    return [_state(events, end, domain) for end in ends[-most:]]


def _state(events: list[Any], end: int, domain: Domain) -> State:
    message: UserUttered | None = None
    action: ActionExecuted | None = None
    for at in range(end - 1, -1, -1):
        kind = type(events[at])
        if kind is UserUttered and message is None:
            message = events[at]
        elif kind is ActionExecuted and action is None:
            action = events[at]
        if message and action:
            break
    then = SimpleNamespace(
        latest_message=message, slots={}, latest_action=action.as_sub_state() if action else {}, active_loop=None
    )
    return domain.get_active_state(then)


class _LookedBackOn:
    """A tracker for the featurizer, which asks it for its past states and for nothing else."""

    def __init__(self, states: list[State]) -> None:
        self._states = states

    def past_states(self, *_: Any, **__: Any) -> list[State]:
        return self._states


def outline(states: list[State], texts: bool) -> Hashable:
    """What rules can tell of `states`; what people wrote is left out, unless rules read it."""
    return tuple(
        tuple(
            (kind, tuple((name, value) for name, value in parts.items() if texts or kind != USER or name != TEXT))
            for kind, parts in state.items()
        )
        for state in states
    )


def look_back_shortly() -> None:
    """Let the rule policy make no more states than its longest rule compares, and compare the same ones once."""
    all_states = Policy._prediction_states
    compare = RulePolicy._get_possible_keys

    def prediction_states(
        self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, *arguments: Any, **named: Any
    ) -> list[State]:
        states = last_states(tracker, domain, reach_of(self).states)
        looked_back_on = tracker if states is None else _LookedBackOn(states)
        return all_states(self, looked_back_on, domain, *arguments, **named)

    def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
        reach = reach_of(self)
        states = states[-reach.states :]  # what lies further back matches every rule
        known: OrderedDict[Hashable, set[str]] = self.__dict__.setdefault("_compared", OrderedDict())
        seen = (id(lookup), outline(states, reach.texts))
        if seen not in known:
            known[seen] = compare(self, lookup, states)
            if len(known) > REMEMBERED:
                known.popitem(last=False)
        return set(known[seen])

    RulePolicy._prediction_states = prediction_states
    RulePolicy._get_possible_keys = possible_keys
