"""In quiet time what was learned in part is learned anew, once; a change that comes meanwhile goes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.guidance.publication import publishing_allowed
from knowledge_base.console.guidance.shapes import questions_of
from knowledge_base.console.publishing.models import Hold, Publication
from knowledge_base.console.publishing.outbox import waiting
from knowledge_base.console.publishing.quiet import QUIET_S
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.index import renewal
from knowledge_base.index.letters import Letters
from knowledge_base.index.manifest import CONSOLE, CURRENT, read_manifest, renewed_texts
from knowledge_base.publishing.publisher import Publisher
from knowledge_base.publishing.trial import TrialReport
from tests.console.publishing.conftest import CASH, WINE, SetTrial, publish, served_answer
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.publishing.conftest import EXAMPLES

pytestmark = pytest.mark.django_db


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(guidance: None, var: Path, trial: SetTrial, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A release of the console that was learned as a whole, and over it one with another question, learned in part."""
    monkeypatch.setattr(renewal, "MOST_RENEWED", 0.5)
    made = Worker(Publisher(var, KeywordEncoder(), EXAMPLES, trial=trial), clock)
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    assert made.turn()
    reword(WINE, "is a theodolite wine")
    assert made.turn() and served(made)["renewed"] > 0
    return made


def reword(key: str, question: str) -> None:
    entry = Entry.objects.get(key=key).latest()
    asked = [each.text for each in entry.questions.all()]
    entry.questions = questions_of({"en": [*asked, question]})
    with publishing_allowed():
        entry.save_revision().publish()


def served(worker: Worker) -> dict[str, Any]:
    folder = (worker.publisher.releases / CURRENT).resolve()
    manifest = read_manifest(folder)
    return {"folder": folder, "renewed": renewed_texts(manifest), "origin": manifest["origin"]}


def test_it_is_learned_anew_once_nobody_publishes(worker: Worker, clock: Clock) -> None:
    before, told = served(worker), Publication.objects.count()
    clock.now += QUIET_S - 1
    assert worker.turn() is False and served(worker) == before
    clock.now += 1
    assert worker.turn() is True
    after = served(worker)
    assert (after["renewed"], after["origin"]) == (0, CONSOLE) and after["folder"] != before["folder"]
    assert "is a theodolite wine" in (after["folder"] / "zz" / "rows.json").read_text()
    assert Publication.objects.count() == told, "it is no publication of anybody's"
    clock.now += QUIET_S
    assert worker.turn() is False and served(worker) == after


def test_a_publication_begins_the_quiet_anew(worker: Worker, clock: Clock) -> None:
    clock.now += QUIET_S - 1
    publish(CASH, "Yes, from {zz.cash.over} on, ever.")
    assert worker.turn() is True
    clock.now += 1
    assert worker.turn() is False and served(worker)["renewed"] > 0


def test_a_change_that_comes_meanwhile_goes_first(
    worker: Worker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = served(worker)
    fit = Letters.fit

    def fit_and_publish(*given: Any) -> Letters | None:
        publish(CASH, "Yes, from {zz.cash.over} on, at once.")
        return fit(*given)

    clock.now += QUIET_S
    with monkeypatch.context() as patched:
        patched.setattr(Letters, "fit", fit_and_publish)
        assert worker.turn() is False and waiting().count() == 1 and served(worker) == before
    assert worker.turn() is True and "at once" in served_answer(worker)
    clock.now += QUIET_S
    assert worker.turn() is True and served(worker)["renewed"] == 0 and "at once" in served_answer(worker)


def test_not_while_publishing_is_held(worker: Worker, clock: Clock) -> None:
    Hold.objects.create(by="huda", comment="wrong limit", release="20261122-0")
    clock.now += QUIET_S
    assert worker.turn() is False and served(worker)["renewed"] > 0


def test_one_that_answers_worse_is_not_served_and_not_tried_again(
    worker: Worker, clock: Clock, trial: SetTrial
) -> None:
    before = served(worker)
    trial.report = TrialReport(10, 10, ("answerable_right is 0.700, expected at least 0.74",), ())
    clock.now += QUIET_S
    assert worker.turn() is False and served(worker) == before
    asked = len(trial.judged)
    assert worker.turn() is False and len(trial.judged) == asked
