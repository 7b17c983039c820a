"""The components are called as Dask calls them."""

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError

from dialogue.patches import graph
from tests.dialogue.patches.conftest import random_events, tracker_of


def understood(processor, text):
    metadata = processor.model_metadata
    inputs = {"__message__": [UserMessage(text)], "__tracker__": None}
    (message,) = processor.graph_runner.run(inputs, [metadata.nlu_target])[metadata.nlu_target]
    return message.as_dict(only_output_properties=True)


def predicted(processor, tracker):
    target = processor.model_metadata.core_target
    prediction = processor.graph_runner.run({"__tracker__": tracker}, [target])[target]
    return prediction.probabilities, prediction.policy_name, [event.as_dict() for event in prediction.events]


def test_the_same_comes_out(load, domain):
    processor = load()
    texts = ["hello", "how much wine can i bring", "", '/choose_entry{"entry":"x"}', "你好"]
    trackers = [tracker_of(random_events(seed), domain) for seed in range(10)]
    before = [understood(processor, text) for text in texts], [predicted(processor, one) for one in trackers]
    graph.run_directly()
    for _ in range(2):  # the second time by the plan that was kept
        after = [understood(processor, text) for text in texts], [predicted(processor, one) for one in trackers]
        assert [{**one, "metadata": None} for one in after[0]] == [{**one, "metadata": None} for one in before[0]]
        assert [one[:2] for one in after[1]] == [one[:2] for one in before[1]]
        assert [len(one[2]) for one in after[1]] == [len(one[2]) for one in before[1]]


def test_what_is_missing_is_told(load):
    processor = load()
    graph.run_directly()
    with pytest.raises(GraphRunError, match="__tracker__"):
        processor.graph_runner.run({}, [processor.model_metadata.core_target])
