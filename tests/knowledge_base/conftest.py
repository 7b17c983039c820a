"""A small faultless pack that a test copies and spoils, and an encoder whose vectors a reader can work out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

ADMINISTRATION = """\
format: 1
id: zz
name: {en: Zedland, ar: زدلاند}
authority: {en: Zedland Customs}
currency: GBP
languages: [en]
time_zone: Europe/London
covers: [ZZ]
contacts:
  - id: zz.contact.line
    name: Customs line
    helps_with: {en: everything}
    url: https://customs.example.org/contact
    sources: [page]
"""
SOURCES = """\
sources:
  - {id: page, title: Limits, publisher: Zedland Customs, url: "https://customs.example.org/limits", kind: official, as_of: undated, checked: 2026-01-02}
"""
FIGURES = """\
figures:
  - id: zz.wine.litres
    label: Wine
    unit: L
    valid: [{until: 2026-06-30, value: 4}, {from: 2026-07-01, value: 18}]
    source: page
    status: verified
  - id: zz.cash.over
    label: Cash
    currency: GBP
    valid: [{value: 10000}]
    source: page
    status: verified
"""
WINE = """\
topic: alcohol
entries:
  - id: zz.alcohol.wine
    title: How much wine?
    audience: traveller
    questions:
      en: [wine limit, how many bottles of wine, wine allowed, can i bring wine, wine for a wedding, red wine free, vino, wine litres]
    answer: |
      Yes, up to {zz.wine.litres} of wine.

      What counts:

      - still wine
      - {=Form 12} is not needed
    sources: [page]
    review_by: 2030-01-01
    related: [zz.cash.declare]
"""
CASH = """\
topic: cash
entries:
  - id: zz.cash.declare
    title: Must I declare cash?
    audience: both
    questions:
      en: [cash limit, declare money, cash over limit, how much cash, carrying money, cash form, money in my bag, cash at the border]
    answer: Yes, from {zz.cash.over} on.
    sources: [page]
    review_by: 2030-01-01
"""


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """The folder of a pack without faults."""
    folder = tmp_path / "content" / "zz"
    (folder / "faq").mkdir(parents=True)
    for name, text in {
        "administration.yml": ADMINISTRATION, "sources.yml": SOURCES, "figures.yml": FIGURES,
        "faq/alcohol.yml": WINE, "faq/cash.yml": CASH,
    }.items():  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    return folder


class KeywordEncoder:
    """One axis a keyword, so that similarities can be worked out by hand; counts what it encodes."""

    AXES = ("wine", "cash", "money", "form", "visa", "weather")
    dimension = len(AXES) + 1
    gate_dimension = dimension

    def __init__(self, name: str = "keywords@1") -> None:
        self.id = name
        self.encoded: list[str] = []

    def encode_query(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        rows = [[float(axis in text.lower()) for axis in self.AXES] + [0.1] for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(-1, self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_document = encode_query

    def encode_for_gate(self, texts: list[str]) -> np.ndarray:
        return self.encode_query(texts)


@pytest.fixture
def encoder() -> KeywordEncoder:
    return KeywordEncoder()
