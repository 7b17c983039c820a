"""Messages are understood with the confidences that Rasa's featurizers and the classifier give."""

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from ruamel.yaml import YAML

from customs.settings import ROOT
from dialogue.patches import words

TEXTS = [
    "",
    " ",
    "\x00",
    "😀" * 50,
    "w" * 5000,
    "كم نبيذ",
    "二箱葡萄酒",
    "HELLO hello",
    "12 bottles, 3.5 l",
    "/help",
    "/nothing",
    "a",
]


def held_out():
    lists = YAML(typ="safe").load((ROOT / "tests/dialogue/held_out.yml").read_text(encoding="utf-8"))
    found = []

    def collect(part):
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, (list, dict)):
            for one in part.values() if isinstance(part, dict) else part:
                collect(one)

    collect(lists)
    return found


def understood(processor):
    async def all_texts():
        return [await processor.parse_message(UserMessage(text)) for text in [*TEXTS, *held_out()]]

    return asyncio.run(all_texts())


def test_confidences_are_the_same(load):
    processor = load()
    before = understood(processor)
    assert words.quicken(processor.graph_runner)
    after = understood(processor)
    assert len(after) > 300
    for now, then in zip(after, before):
        assert now["intent"]["name"] == then["intent"]["name"]
        ranking = {one["name"]: one["confidence"] for one in then["intent_ranking"]}
        assert {one["name"]: one["confidence"] for one in now["intent_ranking"]} == pytest.approx(ranking, abs=1e-12)


def test_every_model_that_is_loaded_counts_so(load):
    words.count_once()
    (featurizer, *_) = [
        node for node in load().graph_runner._instantiated_nodes.values() if "CountVectors" in node._node_name
    ]
    assert featurizer._fn(None, messages=["kept as it is"]) == ["kept as it is"]


def test_beside_another_reader_of_features_nothing_changes(load):
    runner = load().graph_runner
    nodes = runner._instantiated_nodes
    kept = [node._fn for node in nodes.values()]
    next(iter(nodes.values()))._component_class = KeywordIntentClassifier
    assert not words.quicken(runner)
    assert [node._fn for node in nodes.values()] == kept
