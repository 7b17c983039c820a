"""The scope gate, and the examples that it is trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index import scope
from knowledge_base.index.gate_building import gate_examples
from knowledge_base.index.plain_names import NAMES, explain, read_names
from knowledge_base.language import identify
from tests.knowledge_base.fakes import AXES, AxisEncoder, gate

SCOPE = Path(scope.__file__).parents[1] / "scope"


def test_the_gate_learns_a_label_from_its_examples() -> None:
    texts = ["wine", "cash", "gold and wine", "visa", "visa please", "hide", "hide it"]
    labels = ["in_scope"] * 3 + ["out_of_scope"] * 2 + ["unlawful"] * 2
    encoder = AxisEncoder()
    fitted = scope.fit(encoder.encode_query(texts), labels)
    for text, label in (("beer and wine", "in_scope"), ("my visa", "out_of_scope"), ("hide that", "unlawful")):
        shares = fitted.probabilities(encoder.encode_query([text])[0])
        assert max(shares, key=shares.get) == label and sum(shares.values()) == pytest.approx(1.0)
    again = scope.Gate.from_arrays(fitted.to_arrays())
    vector = encoder.encode_query(["visa"])[0]
    assert again.probabilities(vector) == fitted.probabilities(vector)


def test_two_labels_are_as_good_as_more() -> None:
    encoder = AxisEncoder()
    fitted = scope.fit(encoder.encode_query(["wine", "cash", "visa"]), ["in_scope", "in_scope", "out_of_scope"])
    assert fitted.probabilities(encoder.encode_query(["visa"])[0])["out_of_scope"] > 0.5
    assert fitted.probabilities(encoder.encode_query(["wine"])[0])["in_scope"] > 0.5


def test_without_negative_examples_everything_is_in_scope() -> None:
    fitted = scope.fit(np.eye(3, dtype=np.float32), ["in_scope"] * 3)
    assert fitted.probabilities(np.ones(3)) == {"in_scope": 1.0}


def test_the_gate_learns_its_examples_as_questions_come_to_it(tmp_path: Path) -> None:
    examples = gate_examples([], [("hide my ciggies", "unlawful")], tmp_path)
    assert (examples.texts, examples.labels) == (["hide my ciggies (cigarettes)"], ["unlawful"])


def test_the_same_examples_give_the_same_gate() -> None:
    encoder = AxisEncoder()
    texts, labels = ["wine", "cash", "visa", "hide"], ["in_scope", "in_scope", "out_of_scope", "unlawful"]
    one, other = (scope.fit(encoder.encode_query(texts), labels).to_arrays() for _ in range(2))
    assert one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_the_gate_of_the_fakes_is_what_its_words_say() -> None:
    assert AXES.index("visa") != AXES.index("hide")
    shares = gate().probabilities(AxisEncoder().encode_query(["wine"])[0])
    assert shares["in_scope"] > 0.98


def test_the_examples_cover_reasons_and_languages() -> None:
    examples = scope.read_examples(SCOPE)
    assert len(examples) == len({text for text, _ in examples}), "no example stands twice"
    labels = Counter(label for _, label in examples)
    assert sum(labels.values()) - labels["in_scope"] >= 300 and all(labels[reason] >= 40 for reason in scope.REASONS)
    for label in ("in_scope", *scope.REASONS):
        spoken = {identify(text).language for text, of in examples if of == label}
        assert spoken >= {"ar", "en", "es", "fr", "hi", "ru", "ur", "zh"}, label


def test_plain_names_stand_beside_the_term_once() -> None:
    assert explain("2 packs of ciggies") == "2 packs of ciggies (cigarettes)"
    assert explain("ciggies and fags") == "ciggies (cigarettes) and fags"
    assert explain("Rolex's price") == "Rolex's (watch) price"
    assert explain("watch by rolex") == "watch by rolex", "it is said already"
    assert explain("begin with origin") == "begin with origin", "gin is a word, not a part of one"
    assert explain("带香烟") == "带香烟 (cigarettes)"
    assert explain("") == "" and explain("nothing special") == "nothing special"


def test_the_names_are_readable_and_no_term_is_a_plain_name_itself() -> None:
    spaced, unspaced = read_names(NAMES)
    assert len(spaced) > 200 and unspaced
    assert not {name.lower() for name in spaced.values()} & {" ".join(term) for term in spaced}


def test_several_networks_give_the_mean_of_what_each_gives() -> None:
    random = np.random.default_rng(1)

    def network(*widths: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        shapes = zip(widths, widths[1:])
        return tuple(
            (random.normal(size=shape).astype(np.float32), random.normal(size=shape[1]).astype(np.float32))
            for shape in shapes
        )

    for widths in ((4, 5, 3), (4, 5, 6, 3)):
        networks = tuple(network(*widths) for _ in range(3))
        vector = random.normal(size=4).astype(np.float32)
        alone = [scope.Gate(("a", "b", "c"), (one,)).probabilities(vector) for one in networks]
        logits = np.mean([np.log([each[label] for label in "abc"]) for each in alone], axis=0)
        # The mean of log-probabilities is that of what the networks give, but for a constant.
        expected = np.exp(logits) / np.exp(logits).sum()
        together = scope.Gate(("a", "b", "c"), networks).probabilities(vector)
        np.testing.assert_allclose([together[label] for label in "abc"], expected, rtol=1e-3, atol=1e-6)
