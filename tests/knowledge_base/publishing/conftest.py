"""A publisher over the small pack, and a trial whose verdict a test sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.release import Release
from knowledge_base.publishing.publisher import Publisher
from knowledge_base.publishing.trial import TrialReport
from tests.knowledge_base.conftest import KeywordEncoder

EXAMPLES = [("do i need a visa", "out_of_scope"), ("weather tomorrow", "out_of_scope")]
DAY = date(2026, 11, 21)


class SetTrial:
    """Notes what it is asked to judge and reports what the test sets."""

    def __init__(self) -> None:
        self.report: TrialReport | None = None
        self.judged: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def judge(self, release: Release, encoder: Encodes) -> TrialReport | None:
        self.judged.append(release.id)
        self.meanwhile()
        return self.report


@pytest.fixture
def trial() -> SetTrial:
    return SetTrial()


@pytest.fixture
def publisher(tmp_path: Path, trial: SetTrial) -> Publisher:
    return Publisher(tmp_path / "var", KeywordEncoder(), EXAMPLES, trial=trial)


@pytest.fixture
def content(pack_folder: Path) -> Path:
    return pack_folder.parent


def change(content: Path, said: str) -> None:
    """Let the answer about cash say something else."""
    file = content / "zz" / "faq" / "cash.yml"
    text = file.read_text(encoding="utf-8")
    kept, _ = text.split("    answer: ", 1)
    rest = text[text.index("    sources:") :]
    file.write_text(f"{kept}    answer: {said} {{zz.cash.over}}.\n{rest}", encoding="utf-8")
