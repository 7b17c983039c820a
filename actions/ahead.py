"""A question's vector, begun while Rasa still thinks and made once however many ask for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np

from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.plain_names import explain
from knowledge_base.romanised import search_forms


class Once:
    """An encoder that does not encode a question that is being encoded: who asks next waits for the first one's vector.

    All else is the encoder's own; so is the memory of vectors that have been made.
    """

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._running: dict[str, Future[np.ndarray]] = {}
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of questions: float32, shape (len(texts), dimension). Only a single question is waited for."""
        return self.encode_for_gate(texts)[:, : self._encoder.dimension]

    def encode_for_gate(self, texts: Sequence[str]) -> np.ndarray:
        """The same with what the scope gate looks at behind each: (len(texts), gate_dimension)."""
        if isinstance(texts, str) or len(texts) != 1:
            return self._encoder.encode_for_gate(texts)
        text = texts[0]
        with self._lock:
            running = self._running.get(text)
            mine = running is None
            if running is None:
                running = self._running[text] = Future()
        if not mine:
            return running.result().copy()
        try:
            running.set_result(self._encoder.encode_for_gate(texts))
        except BaseException as error:
            running.set_exception(error)
        finally:
            with self._lock:
                del self._running[text]
        return running.result().copy()


def encode_ahead(encoder: Encodes, text: str) -> None:
    """Have the vector of `text` made as the search will ask for it, so that it finds it in the encoder's memory.

    A question that the action words otherwise before it searches (a slip repaired, a follow-up) is encoded anew then.
    """
    for form in search_forms(text) or [text]:
        encoder.encode_for_gate([explain(form)])
