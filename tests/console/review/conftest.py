"""A real release of the made-up administration, by the real encoder, and drafts of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from customs.settings import ROOT
from knowledge_base.console.guidance.models import Entry, Figure
from knowledge_base.console.review import desk
from knowledge_base.index.release import build_release
from knowledge_base.packs import read_pack


@pytest.fixture(scope="session")
def release_folder() -> Path:
    """The release, built once; the folder of a release of all packs from other tests is not touched."""
    var = settings.HOME.parent
    examples = [("how do i renew my passport", "out_of_scope"), ("best hotel in town", "out_of_scope"),
                ("may i bring wine", "in_scope"), ("how much cash may i carry", "in_scope")]  # fmt: skip
    encoder = desk.encoder()
    return build_release(
        [read_pack(ROOT / "tests" / "fixtures" / "packs" / "qm")], examples, encoder, var / "review", date.today()
    )


@pytest.fixture
def served(meridia: Any, release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The made-up administration is served; what another test laid over is forgotten."""
    from knowledge_base.console.review import desk as module

    real = module.settings

    def here() -> Any:
        found = real()
        found.var_dir = settings.HOME.parent / "review"
        return found

    monkeypatch.setattr(module, "settings", here)
    monkeypatch.setattr(module, "_bench", None)
    yield meridia


@pytest.fixture
def draft(served: Any) -> Callable[..., Entry]:
    """draft(user, answer="…", questions=[…]): a draft of the answer on alcohol."""

    def make(
        user: Any,
        answer: str | None = None,
        questions: tuple[str, ...] | list[str] = (),
        key: str = "qm.alcohol.allowance",
    ) -> Entry:
        from knowledge_base.console.guidance.models import Question

        item = Entry.objects.get(key=key).latest()
        if answer is not None:
            item.answer = answer
        there = list(item.questions.all())
        item.questions = [
            *there,
            *(Question(language="en", text=text, sort_order=len(there) + n) for n, text in enumerate(questions)),
        ]
        item.save_revision(user=user)
        return Entry.objects.get(key=key)

    return make


@pytest.fixture
def figure_draft(served: Any) -> Callable[..., Figure]:
    """figure_draft(user, "7"): another value of the wine allowance."""

    def make(user: Any, value: str, key: str = "qm.alcohol.wine") -> Figure:
        item = Figure.objects.get(key=key).latest()
        periods = list(item.periods.all())
        periods[-1].value = value
        item.periods = periods
        item.save_revision(user=user)
        return Figure.objects.get(key=key)

    return make
