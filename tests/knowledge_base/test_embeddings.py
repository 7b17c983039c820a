"""The vectors that are remembered: each text is encoded once, in order, whatever its number."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge_base.index import embeddings
from knowledge_base.index.embeddings import EmbeddingCache


class LengthEncoder:
    """A vector of the text's length; remembers what it was asked."""

    id, dimension, gate_dimension = "lengths", 2, 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_query(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)

    def encode_document(self, texts: list[str]) -> np.ndarray:
        return -self.encode_query(texts)

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return np.hstack([self.encode_query(texts), np.full((len(texts), 1), 9, dtype=np.float32)])


def test_more_texts_than_one_question_to_the_file_holds(tmp_path: Path) -> None:
    encoder = LengthEncoder()
    texts = ["x" * (number % 700) for number in range(3 * embeddings._ASKED_AT_ONCE)]
    expected = [[len(text), 1] for text in texts]
    for _ in range(2):
        cache = EmbeddingCache(tmp_path / "vectors.db", encoder)
        assert cache.vectors("query", texts).tolist() == expected
        cache.close()
    assert len(encoder.asked) == len(set(texts)), "each once, and none the second time"


def test_only_a_new_text_is_encoded_and_kinds_are_apart(tmp_path: Path) -> None:
    encoder = LengthEncoder()
    cache = EmbeddingCache(tmp_path / "vectors.db", encoder)
    cache.vectors("query", ["a", "bb"])
    assert cache.vectors("query", ["ccc", "a", "ccc"]).tolist() == [[3, 1], [1, 1], [3, 1]]
    assert sorted(encoder.asked) == ["a", "bb", "ccc"]
    assert cache.vectors("document", ["a"]).tolist() == [[-1, -1]]
    assert cache.vectors("query", []).shape == (0, 2)
    cache.close()


def test_what_the_gate_looks_at_holds_the_vectors_of_the_questions_which_are_not_made_again(tmp_path: Path) -> None:
    encoder = LengthEncoder()
    cache = EmbeddingCache(tmp_path / "vectors.db", encoder)
    assert cache.vectors("gate", ["xx", "xxxx"]).tolist() == [[2, 1, 9], [4, 1, 9]]
    assert cache.vectors("query", ["xxxx", "xx"]).tolist() == [[4, 1], [2, 1]]
    assert encoder.asked == ["xx", "xxxx"]
    assert cache.vectors("document", ["xx"]).tolist() == [[-2, -1]], "an answer is another text"
    cache.close()
