"""A question's vector is made once, and found when the action asks for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from actions.ahead import Once, encode_ahead
from actions.knowledge import Knowledge
from knowledge_base.romanised import search_forms
from knowledge_base.search import Question, Searcher
from tests.actions.support import WordEncoder


class Slow(WordEncoder):
    """Takes a while, and counts its texts."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.may_go_on = threading.Event()

    def encode_query(self, texts: list[str]) -> np.ndarray:
        self.asked.append(list(texts))
        assert self.may_go_on.wait(10)
        if "broken" in texts:
            raise RuntimeError("broken")
        return super().encode_query(texts)


def test_one_question_at_the_same_time_is_encoded_once() -> None:
    encoder = Slow()
    once = Once(encoder)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(once.encode_query, ["gold"]) for _ in range(4)] + [
            pool.submit(once.encode_query, ["wine"])
        ]
        while len(encoder.asked) < 2:
            time.sleep(0.01)
        encoder.may_go_on.set()
        vectors = [one.result() for one in asked]
    assert sorted(encoder.asked) == [["gold"], ["wine"]]
    expected = WordEncoder().encode_query(["gold", "wine"])
    assert all(np.array_equal(vector, expected[:1]) for vector in vectors[:4])
    assert np.array_equal(vectors[4], expected[1:])
    vectors[0][:] = 0  # each caller's vector is its own
    assert np.array_equal(vectors[1], expected[:1])


def test_a_failure_is_everybody_s_and_the_next_one_is_tried() -> None:
    encoder = Slow()
    encoder.may_go_on.set()
    once = Once(encoder)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            once.encode_query(["broken"])
    assert len(encoder.asked) == 2
    assert not once._running


def test_it_is_the_encoder_in_all_else() -> None:
    encoder = Slow()
    encoder.may_go_on.set()
    once = Once(encoder)
    assert (once.id, once.dimension) == (encoder.id, encoder.dimension)
    assert np.array_equal(once.encode_document(["a b"]), encoder.encode_document(["a b"]))
    assert once.encode_query(["a", "b"]).shape == (2, encoder.dimension)
    with pytest.raises(AttributeError):
        _ = once.no_such_thing


def test_what_is_made_ahead_is_what_the_search_asks_for(
    fixture_knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Slow()
    encoder.may_go_on.set()
    release = fixture_knowledge.served.release
    monkeypatch.setattr(type(release.gate), "probabilities", lambda gate, vector: {})
    for text in ("how much wine can i bring", "the VAT on a CIF value of 100", "kitna sona la sakte hain"):
        encode_ahead(encoder, text)
        for form in search_forms(text) or [text]:
            Searcher(release, encoder).search(Question(form))
        ahead, searched = encoder.asked[: len(encoder.asked) // 2], encoder.asked[len(encoder.asked) // 2 :]
        assert ahead == searched and ahead
        encoder.asked.clear()
