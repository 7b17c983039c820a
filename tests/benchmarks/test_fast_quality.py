"""No change makes the answers worse unnoticed: the fast part of the labelled questions, on the served release."""

from __future__ import annotations

import os

import pytest

from actions.base import Service
from actions.knowledge import Knowledge
from customs.commands.evaluate import FOLDER, Result, as_text, ask_all, below_thresholds, read_thresholds, summary
from customs.settings import Settings
from knowledge_base.evaluation import fast_part, read_questions


@pytest.fixture
async def results(monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    # A busy machine must not pass for a bad answer.
    settings = Settings(dict(os.environ) | {"CUSTOMS_ACTION_DEADLINE_S": "60"})
    knowledge = Knowledge(settings)
    # Fails instead of skipping: `make test` builds the release first.
    assert knowledge.served is not None, knowledge.problem
    monkeypatch.setattr(Service, "settings", settings, raising=False)
    monkeypatch.setattr(Service, "knowledge", knowledge, raising=False)
    return await ask_all(fast_part(read_questions(FOLDER)))


async def test_the_fast_part_stays_within_its_bounds(results: list[Result]) -> None:
    report = summary(results)
    missed = below_thresholds(report, read_thresholds(FOLDER / "thresholds.yml", "fast"))
    assert not missed, as_text(results, report, Service.knowledge.release_id) + "\n" + "\n".join(missed)
