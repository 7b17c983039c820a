"""FastLR: the confidences of Rasa's logistic regression, and safe where that one raises."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from dialogue.fast_lr import DenseFeaturesError, FastLR

LETTERS = "abcdefghijklmnopqrstuvwxyz "
EXAMPLES = [
    ("hello", "greet"), ("hi there", "greet"), ("good day", "greet"), ("thanks", "thank"), ("thank you", "thank"),
    ("many thanks", "thank"), ("how much wine", "ask"), ("is gold taxed", "ask"), ("can i bring a dog", "ask"),
]  # fmt: skip
UNSEEN = ["hello dog", "wine", "thanks for the gold", "zzz", "h"]


def message(text, intent=None):
    """A message with the counts of its letters as sparse features; without features when it has no letters."""
    made = Message({TEXT: text, **({INTENT: intent} if intent else {})})
    row = np.array([[float(text.count(letter)) for letter in LETTERS]])
    if row.any():
        for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
            made.add_features(Features(csr_matrix(row), kind, TEXT, "letters"))
    return made


def component(cls, tmp_path, **config):
    return cls({"max_iter": 200, **config}, "classifier", LocalModelStorage(tmp_path), Resource("classifier"))


def trained(tmp_path, examples=EXAMPLES, **config):
    classifier = component(FastLR, tmp_path, **config)
    classifier.train(TrainingData([message(*example) for example in examples]))
    return classifier


@pytest.mark.parametrize("examples", [EXAMPLES, EXAMPLES[:6]], ids=["three intents", "two intents"])
def test_confidences_are_those_of_logistic_regression(tmp_path, examples):
    stock = component(LogisticRegressionClassifier, tmp_path)
    stock.clf.fit(*stock._create_training_matrix(TrainingData([message(*example) for example in examples])))
    ours = trained(tmp_path, examples)
    for text in [*(text for text, _ in examples), *UNSEEN]:
        (expected,) = stock.process([message(text)])
        (got,) = ours.process([message(text)])
        assert [row["name"] for row in got.get("intent_ranking")] == [
            row["name"] for row in expected.get("intent_ranking")
        ]
        for mine, theirs in zip(got.get("intent_ranking"), expected.get("intent_ranking")):
            assert mine["confidence"] == pytest.approx(theirs["confidence"], abs=1e-12)
        assert got.get(INTENT) == got.get("intent_ranking")[0]


def test_a_message_without_features_is_no_intent(tmp_path):
    classifier = trained(tmp_path)
    filled, empty = classifier.process([message("hello"), message("")])
    assert filled.get(INTENT)["name"] == "greet"
    assert empty.get(INTENT) == {"name": None, "confidence": 0.0}
    assert empty.get("intent_ranking") == []


def test_the_weights_survive_a_reload(tmp_path):
    first = trained(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    second = FastLR.load({}, LocalModelStorage(tmp_path), Resource("classifier"), context)
    for text in UNSEEN:
        (before,), (after,) = first.process([message(text)]), second.process([message(text)])
        assert before.get("intent_ranking") == after.get("intent_ranking")
    assert not list(tmp_path.rglob("*.skops"))


def test_without_weights_nothing_is_recognised(tmp_path, caplog):
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    classifier = FastLR.load({}, LocalModelStorage(tmp_path), Resource("absent"), context)
    (got,) = classifier.process([message("hello")])
    assert got.get(INTENT) == {"name": None, "confidence": 0.0}
    assert "python -m dialogue.train" in caplog.text


def test_the_ranking_is_as_long_as_configured(tmp_path):
    (got,) = trained(tmp_path, ranking_length=2).process([message("hello")])
    assert len(got.get("intent_ranking")) == 2


def test_dense_features_are_refused_by_name(tmp_path):
    bad = message("hello")
    bad.add_features(Features(np.ones((1, 3)), FEATURE_TYPE_SENTENCE, TEXT, "SomeDenseFeaturizer"))
    with pytest.raises(DenseFeaturesError, match="SomeDenseFeaturizer"):
        trained(tmp_path).process([bad])
