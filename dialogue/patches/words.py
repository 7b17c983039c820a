"""Patch of the understanding: words and letter groups are counted once, straight into the places of the classifier's weights.

Rasa's featurizer counts every word of a message by itself, then all of them together, and wraps each count into sparse
matrices that the classifier takes apart again. Our classifier reads the count of the whole message only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.graph_components.converters.nlu_message_converter import NLUMessageConverter
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.graph_components.providers.rule_only_provider import RuleOnlyDataProvider
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from dialogue.fast_lr import FastLR
from dialogue.known_words import KnownWords

logger = logging.getLogger(__name__)

# Components that read no features of a message, and FastLR. Beside any other the features are made as Rasa makes them.
_BESIDE = frozenset(
    {
        CountVectorsFeaturizer, FastLR, WhitespaceTokenizer, KnownWords, FallbackClassifier, RegexMessageHandler,
        NLUMessageConverter, DomainProvider, RuleOnlyDataProvider, RulePolicy, DefaultPolicyPredictionEnsemble,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What occurs in one message, as much of a sparse row as `FastLR` reads: `data[i]` is to be added to column `indices[i]`.

    A column that occurs twice stands here twice, which a sum of weights does not mind.
    """

    indices: np.ndarray
    data: np.ndarray

    @property
    def nnz(self) -> int:
        return len(self.indices)


def counter(featurizers: list[CountVectorsFeaturizer]) -> Callable[[Message], Row | None]:
    """What `FastLR._row` gives for a message that went through `featurizers`, without their having run."""
    parts: list[tuple[CountVectorsFeaturizer, Callable[[str], Any], Callable[[str], int | None]]] = []
    width = 0
    for featurizer in featurizers:
        if vectorizer := featurizer.vectorizers.get(TEXT):
            places = {gram: int(place) + width for gram, place in vectorizer.vocabulary_.items()}
            parts.append((featurizer, vectorizer.build_analyzer(), places.get))
            width += len(places)

    def row(message: Message) -> Row | None:
        found: list[int] = []
        made = False
        for featurizer, analyze, place_of in parts:
            if tokens := featurizer._get_processed_message_tokens_by_attribute(message, TEXT):
                made = True
                found += [place for place in map(place_of, analyze(" ".join(tokens))) if place is not None]
        return Row(np.array(found, np.int64), np.ones(len(found))) if made else None

    return row


def quicken(runner: DaskGraphRunner) -> bool:
    """Let the classifier of a loaded model count by itself and its featurizers rest; False where another reads features."""
    nodes: list[GraphNode] = list(runner._instantiated_nodes.values())
    strangers = {node._component_class for node in nodes} - _BESIDE
    classifiers = [node._component for node in nodes if node._component_class is FastLR]
    if strangers or len(classifiers) != 1:
        names = ", ".join(sorted(one.__name__ for one in strangers)) or f"{len(classifiers)} classifiers"
        logger.info("Words are counted by Rasa's featurizers: the pipeline has %s.", names)
        return False
    featurizing = [node for node in nodes if node._component_class is CountVectorsFeaturizer]
    # The number in the name is the place in config.yml, and the order of the classifier's columns.
    featurizing.sort(key=lambda node: int("".join(filter(str.isdigit, node._node_name))))
    classifiers[0]._row = counter([node._component for node in featurizing])
    for node in featurizing:
        node._fn = lambda component, messages: messages
    return True


def count_once() -> None:
    """Do so with every model that is loaded."""
    begin = MessageProcessor.__init__

    def begin_quickly(self: MessageProcessor, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        quicken(self.graph_runner)

    MessageProcessor.__init__ = begin_quickly
