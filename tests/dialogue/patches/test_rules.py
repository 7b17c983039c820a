"""The rule policy predicts what it predicted, however long the conversation is and whatever happened in it."""

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.slots import CategoricalSlot

from dialogue.patches import rules
from tests.dialogue.patches.conftest import random_events, tracker_of


@pytest.fixture
def policy(load):
    (node,) = [node for node in load().graph_runner._instantiated_nodes.values() if node._component_class is RulePolicy]
    return node._component


@pytest.mark.parametrize("oddity", [0.0, 0.4])
def test_the_same_is_predicted(policy, domain, oddity):
    trackers = [tracker_of(random_events(seed, oddity), domain) for seed in range(60)]
    before = [policy._predict(tracker, domain) for tracker in trackers]
    rules.look_back_shortly()
    for _ in range(2):  # the second time from memory
        after = [policy._predict(tracker, domain) for tracker in trackers]
        for (prediction, source), (expected, expected_source) in zip(after, before):
            assert prediction.probabilities == expected.probabilities
            assert prediction.is_end_to_end_prediction == expected.is_end_to_end_prediction
            if max(expected.probabilities) == 1.0:
                assert source == expected_source


@pytest.mark.parametrize("seed", range(30))
def test_the_last_states_are_those_of_all(domain, seed):
    tracker = tracker_of(random_events(seed), domain)
    states = tracker.past_states(domain)
    for most in (1, 3, 100):
        assert rules.last_states(tracker, domain, most) == states[-most:]


def test_where_slots_or_forms_sway_nothing_is_short(domain):
    tracker = tracker_of(random_events(3), domain)
    tracker.slots["kind"] = CategoricalSlot("kind", [{}], values=["a"], influence_conversation=True)
    assert rules.last_states(tracker, domain, 3) is None
    odd = next(
        tracker
        for tracker in (tracker_of(random_events(seed, 0.5), domain) for seed in range(100))
        if any(event.type_name == "active_loop" for event in tracker.applied_events())
    )
    assert rules.last_states(odd, domain, 3) is None


def test_what_people_wrote_is_not_remembered(policy, domain):
    rules.look_back_shortly()
    start = random_events(3)
    for number in range(5):
        said = UserUttered(f"zzsecretzz {number}", {"name": "ask_question", "confidence": 1.0})
        policy._predict(tracker_of([*start, ActionExecuted("action_listen"), said], domain), domain)
    assert policy._compared
    assert "zzsecretzz" not in repr(policy._compared)
    assert len(policy._compared) < 10
