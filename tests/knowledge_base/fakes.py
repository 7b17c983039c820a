"""A release whose vectors a reader can work out: one axis a keyword, and a last axis that is the same for every text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.index.calibration import Calibration
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.ranking import Bank
from knowledge_base.index.release import Release, Shelf
from knowledge_base.index.scope import Gate
from knowledge_base.model import Administration, Entry, Figure
from knowledge_base.spelling import count_words, texts_of

AXES = ("wine", "beer", "cash", "gold", "dog", "visa", "hide")
REASONS = ("in_scope", "out_of_scope", "unlawful")
# Sure when one entry is far ahead of all others; a tie of two is worth asking; no lead among five is not.
CALIBRATION = Calibration(np.array([20.0, 10.0, 0.0]), np.zeros(3), np.ones(3), -7.0)


class AxisEncoder:
    """Encodes a text as the keywords that it holds; counts what it is asked."""

    id = "axes@1"
    dimension = len(AXES) + 1
    gate_dimension = dimension

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_query(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        rows = np.array([[float(axis in text.lower()) for axis in AXES] + [0.2] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_document = encode_query

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.encode_query(texts)


def entry(entry_id: str, keyword: str, **more: Any) -> Entry:
    """An entry about one keyword."""
    fields = {
        "id": entry_id, "title": f"What about {keyword}?", "audience": "both", "answer": f"All about {keyword}.", "sources": ["page"],
        "questions": {"en": [f"{keyword} limit", f"how much {keyword}", f"{keyword} allowed"]}, "review_by": date(2030, 1, 1),
    }  # fmt: skip
    return Entry.model_validate(fields | more)


def shelf(name: str, entries: list[Entry], figures: list[Figure] = []) -> Shelf:  # noqa: B006 - never changed
    """One administration's shelf."""
    encoder = AxisEncoder()
    texts = [text for each in entries for text in each.questions["en"]]
    owner = [number for number, each in enumerate(entries) for _ in each.questions["en"]]
    answers = [f"{each.title} {each.answer}" for each in entries]
    administration = Administration.model_validate(
        {
            "format": 1,
            "id": name,
            "name": {"en": name.upper()},
            "authority": {"en": "Customs"},
            "currency": "USD",
            "languages": ["en"],
            "time_zone": "UTC",
            "covers": [name.upper()],
        }  # fmt: skip
    )
    return Shelf(
        administration=administration,
        sources={},
        figures={figure.id: figure for figure in figures},
        entries=entries,
        topics={each.id: "goods" for each in entries},
        bank=Bank.build(
            encoder.encode_query(texts) if texts else np.zeros((0, encoder.dimension), dtype=np.float32),
            np.array(owner, dtype=np.int64),
            encoder.encode_document(answers) if answers else np.zeros((0, encoder.dimension), dtype=np.float32),
        ),
        question_text=texts,
        lexical=Lexical.build(answers) if answers else Lexical.build(["nothing"]),
        letters=None,
        calibration=CALIBRATION,
    )


def gate() -> Gate:
    """Out of scope with `visa`, unlawful with `hide`, in scope otherwise."""
    weights = np.zeros((AxisEncoder.dimension, 3), dtype=np.float32)
    weights[AXES.index("visa"), 1] = weights[AXES.index("hide"), 2] = 4.0  # five times that with the gate's scale
    return Gate(REASONS, (((weights, np.array([5.0, 0.0, 0.0], dtype=np.float32)),),))


def release(*shelves: Shelf) -> Release:
    words = count_words(texts_of(entry for shelf in shelves for entry in shelf.entries))
    named = {each.administration.id: each for each in shelves}
    return Release("20260101-00000000", Path("nowhere"), {}, named, gate(), words=words)
