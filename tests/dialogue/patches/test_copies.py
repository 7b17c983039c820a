"""What is not made anew is the same as what Rasa makes."""

import ast
import inspect

import pytest
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.shared.core.trackers
import rasa.shared.utils.common
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from dialogue.patches import copies
from tests.dialogue.patches.conftest import random_events, tracker_of


def test_event_classes_are_found_as_before_and_once(monkeypatch):
    names = sorted({cls.type_name for cls in rasa.shared.utils.common.all_subclasses(Event)})
    before = {name: Event.resolve_by_type(name) for name in names}
    copies.cache_event_classes()
    assert {name: Event.resolve_by_type(name) for name in names} == before
    assert Event.resolve_by_type("no_such_event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")
    walks = []
    monkeypatch.setattr(rasa.shared.utils.common, "all_subclasses", lambda cls: walks.append(cls) or [])
    assert deserialise_events([{"event": "slot", "name": "language", "value": "ar"}]) == [SlotSet("language", "ar")]
    assert walks == []


@pytest.mark.parametrize("oddity", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(40))
def test_the_same_events_count(seed, oddity, domain):
    tracker = tracker_of(random_events(seed, oddity), domain)
    before = tracker.applied_events()
    copies.cache_event_classes()
    after = tracker.applied_events()
    assert [id(event) for event in after] == [id(event) for event in before]


def everything(tracker):
    state = tracker.current_state(EventVerbosity.ALL)
    # A copy that is played again has its action to follow up again; the processor has taken it already.
    return {name: value for name, value in state.items() if name != "followup_action"}


@pytest.mark.parametrize("oddity", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(40))
def test_a_copied_tracker_is_the_same_and_its_own(seed, oddity, domain):
    tracker = tracker_of([], domain)
    for event in random_events(seed, oddity):
        tracker.update(event)
    played = tracker.copy()
    copies.copy_less()
    twin = tracker.copy()
    assert everything(twin) == everything(played)
    before = everything(tracker)
    twin.update(SlotSet("administration", "us"))
    twin.change_loop_to("some_form")
    twin.interrupt_loop(True)
    assert everything(tracker) == before
    assert twin.get_slot("administration") == "us"


def test_a_new_tracker_has_slots_of_its_own(domain):
    copies.copy_less()
    one, other = (DialogueStateTracker("x", domain.slots) for _ in range(2))
    one.update(SlotSet("administration", "us"))
    assert other.get_slot("administration") is None


def test_an_empty_domain_is_still_empty(domain):
    copies.copy_less()
    assert Domain.empty().is_empty() and not domain.is_empty()
    assert Domain.empty().is_empty() and not domain.is_empty()


def uses_of_copy(module):
    """(what is called, the source of the call around it) for each use of the module `copy` in `module`."""
    source = inspect.getsource(module)
    tree = ast.parse(source)
    around = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "copy":
            outer = around[around[node]]
            while not isinstance(outer, (ast.Call, ast.stmt)):
                outer = around[outer]
            yield node.attr, ast.get_source_segment(source, outer)


@pytest.mark.parametrize("module", [rasa.core.processor, rasa.core.policies.rule_policy])
def test_rasa_copies_for_debug_lines_only(module):
    uses = list(uses_of_copy(module))
    assert uses
    for name, around in uses:
        assert name == "deepcopy" and around.startswith("structlogger.debug(")


def test_trackers_copy_slots_only():
    assert [(name, "copy.copy(slot)" in around) for name, around in uses_of_copy(rasa.shared.core.trackers)] == [
        ("copy", True)
    ]
