"""What the peers' comparison keeps, and the same with few ways of asking."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.comparison import Remembered
from benchmarks.few_phrasings import thin
from knowledge_base.packs import read_pack

PACKS = Path(__file__).parents[1] / "fixtures" / "packs"


def test_a_text_is_encoded_once_for_all_runs(tmp_path: Path) -> None:
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)

    first = Remembered("some", encode, 2, tmp_path)(["wine", "cash?", "wine"])
    again = Remembered("some", encode, 2, tmp_path)(["cash?", "wine"])
    assert first.tolist() == [[4, 1], [5, 1], [4, 1]] and again.tolist() == [[5, 1], [4, 1]]
    assert sorted(asked) == ["cash?", "wine"]


def test_few_ways_of_asking_are_kept_of_all_languages() -> None:
    pack = read_pack(PACKS / "qm")
    before = {name: dict(entry.questions) for name, entry in pack.entries.items()}
    thinned = thin(pack, 4).entries
    assert thinned.keys() == pack.entries.keys()
    for name, entry in thinned.items():
        texts = [text for native in entry.questions.values() for text in native]
        assert len(texts) == min(4, sum(map(len, before[name].values())))
        assert all(set(native) <= set(before[name][language]) for language, native in entry.questions.items())
    many = max(before, key=lambda name: len(before[name]))
    assert len(before[many]) > 1 and len(thinned[many].questions) > 1
    assert {name: entry.questions for name, entry in pack.entries.items()} == before, "the pack itself is left alone"
