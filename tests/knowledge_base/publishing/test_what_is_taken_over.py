"""A changed answer leaves what was learned of the questions alone, and gives the very release that a build from nothing gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index import shelf_building
from knowledge_base.index.letters import Letters
from knowledge_base.publishing.publisher import Publisher
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.publishing.conftest import DAY, EXAMPLES, change


def arrays(folder: Path) -> dict[str, np.ndarray]:
    found = {path.name: np.load(path) for path in sorted((folder / "zz" / "letters").glob("*.npy"))}
    with np.load(folder / "zz" / "calibration.npz") as calibration:
        return found | {f"calibration {name}": calibration[name] for name in calibration.files}


def test_the_letters_are_learned_of_questions_alone(
    publisher: Publisher, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.publish(content, day=DAY)
    change(content, "Yes, most surely from")
    with monkeypatch.context() as watched:
        watched.setattr(Letters, "fit", lambda *_: pytest.fail("learned anew"))
        watched.setattr(shelf_building, "out_of_fold", lambda *_: pytest.fail("learned anew"))
        kept = publisher.releases / publisher.publish(content, day=DAY).release
    alone = Publisher(tmp_path / "alone", KeywordEncoder(), EXAMPLES)
    fresh = alone.releases / alone.publish(content, day=DAY).release
    one, other = arrays(kept), arrays(fresh)
    assert one.keys() == other.keys() and "out_of_fold.npy" in one
    for name in one:
        assert np.array_equal(one[name], other[name]), name


@pytest.mark.parametrize("what", ["question", "damage"])
def test_they_are_learned_anew_when_they_must(
    publisher: Publisher, content: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    served = publisher.releases / publisher.publish(content, day=DAY).release
    change(content, "Yes, most surely from")
    if what == "question":
        file = content / "zz" / "faq" / "cash.yml"
        file.write_text(file.read_text("utf-8").replace("cash form,", "form for cash,"), encoding="utf-8")
    else:
        (served / "zz" / "letters" / "out_of_fold.npy").write_bytes(b"spoilt")
    learned = []
    fit = Letters.fit
    monkeypatch.setattr(Letters, "fit", lambda *given: learned.append(1) or fit(*given))
    publisher.publish(content, day=DAY)
    assert learned == [1]
