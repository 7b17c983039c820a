"""The catalogue of typical sums: large enough, of every administration and kind, and each of them says something."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from knowledge_base.exchange.sample_sums import catalogue, reckon
from tests.knowledge_base.exchange.packs import pack

TODAY = date(2026, 11, 22)


def test_there_are_enough_of_every_administration_and_kind():
    assert len(catalogue()) >= 60
    assert len({sample.id for sample in catalogue()}) == len(catalogue())
    counts = Counter((sample.administration, sample.kind) for sample in catalogue())
    assert len(counts) == 12 and all(count >= 2 for count in counts.values())


@pytest.mark.parametrize("sample", catalogue(), ids=lambda sample: sample.id)
def test_each_is_settled(sample):
    """A sum that could not be told anyway would show no change."""
    said = reckon(sample, pack(sample.administration), TODAY)
    assert said.get(("verdict",)) != "unknown"
    assert any(value != "unknown" for value in said.values())
