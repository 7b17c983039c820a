"""Every patch is undone after its test; the trained model is loaded as Rasa loads it."""

import random

import pytest
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.shared.core.trackers
from rasa.core.actions import action as actions
from rasa.core.actions.action import RemoteAction
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from customs.settings import ROOT

PATCHED = [
    (RemoteAction, "_validate_action_result"), (RemoteAction, "_action_call_format"), (Event, "resolve_by_type"),
    (EndpointConfig, "session"), (EndpointConfig, "request"), (actions, "DEFAULT_REQUEST_TIMEOUT"), (DaskGraphRunner, "run"),
    (RulePolicy, "_prediction_states"), (RulePolicy, "_get_possible_keys"), (DialogueStateTracker, "copy"),
    (DialogueStateTracker, "applied_events"), (Domain, "is_empty"), (MessageProcessor, "__init__"),
    (rasa.core.processor, "copy"), (rasa.core.policies.rule_policy, "copy"), (rasa.shared.core.trackers, "copy"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def undo():
    missing = object()
    kept = [(owner, name, vars(owner).get(name, missing)) for owner, name in PATCHED]
    yield
    for owner, name, value in kept:
        if value is missing:
            if name in vars(owner):
                delattr(owner, name)
        else:
            setattr(owner, name, value)


@pytest.fixture(scope="session")
def domain():
    return Domain.from_path(str(ROOT / "domain.yml"))


@pytest.fixture
def load(model, domain):
    """Loads the trained model anew and gives its `MessageProcessor`."""

    def loaded():
        store = InMemoryTrackerStore(domain)
        return MessageProcessor(str(model), store, InMemoryLockStore(), NaturalLanguageGenerator.create(None, domain))

    return loaded


INTENTS = ("ask_question", "greet", "thank", "change_language", "nlu_fallback", "help", "restart", "no_such_intent")
FORM = "action_give_feedback"  # the domain has no form; any of its actions will do
ACTIONS = ("action_answer_question", "action_small_talk", "action_help", FORM)


def _odd(chance):
    return chance.choice([
        Restarted(), UserUtteranceReverted(), ActionReverted(), ActiveLoop(FORM), ActiveLoop(None), AllSlotsReset(),
        FollowupAction("action_help"), SessionStarted(),
    ])  # fmt: skip


def random_events(seed, oddity=0.0):
    """Turns as they come, by chance; `oddity`: the share of events that take back, restart or belong to a form."""
    chance = random.Random(seed)
    events = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    for number in range(chance.randrange(12)):
        intent = chance.choice(INTENTS)
        entities = [{"entity": "language", "value": "ar"}] if intent == "change_language" else []
        events.append(UserUttered(f"text {number}", {"name": intent, "confidence": 0.9}, entities))
        if chance.random() < 0.8:
            events.append(DefinePrevUserUtteredFeaturization(False))
        events.append(ActionExecuted(chance.choice(ACTIONS), "policy", 1.0))
        events.append(BotUttered("text", {"custom": {"blocks": []}}))
        if chance.random() < 0.5:
            events.append(SlotSet("administration", chance.choice(["ae", "gb", None])))
        if chance.random() < 0.8:
            events.append(ActionExecuted("action_listen"))
        if chance.random() < oddity:
            events.append(_odd(chance))
    return events


def tracker_of(events, domain):
    return DialogueStateTracker.from_events("someone", events, domain.slots)
