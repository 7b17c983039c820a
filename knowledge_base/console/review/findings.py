"""What a reviewer should know before approving: doubles, numbers that contradict, questions that find something else."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from customs.commands.evaluate import FOLDER
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft
from knowledge_base.console.review.explaining import verdict_words
from knowledge_base.console.review.showing import pack_of
from knowledge_base.evaluation import EvaluationError, Labelled, read_questions
from knowledge_base.exchange.figure_uses import LeftBehind, left_behind
from knowledge_base.index.release import Shelf
from knowledge_base.trying.contradictions import Contradiction, contradictions
from knowledge_base.trying.near import Near, near_duplicates
from knowledge_base.trying.verdicts import LABELLED, Move, dropped, examples, labelled, moves, prepare

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MovedQuestion:
    """A question whose verdict would change, in words; `better` None: neither better nor worse."""

    question: str
    labelled: bool
    before: str
    after: str
    better: bool | None


@dataclass(frozen=True)
class Findings:
    """All that was found; `left_behind` are a figure's old values typed by hand; `asked` example questions and `judged` labelled ones were tried."""

    near: list[Near] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    left_behind: list[LeftBehind] = field(default_factory=list)
    moved: list[MovedQuestion] = field(default_factory=list)
    asked: int = 0
    judged: int = 0

    @property
    def worse(self) -> int:
        return sum(move.better is False for move in self.moved)


def findings(draft: Draft) -> Findings:
    """Look at `draft` beside everything that is served. Raises `TryError`."""
    bench = desk.bench()
    after = desk.searcher_of(draft)
    name = draft.change.administration
    shelf = after.release.shelves[name]
    ids = draft.touched(shelf)
    own = list(draft.change.entries) or ids
    asked = [
        *dropped(bench.searcher.release, after.release, draft.change.entries),
        *examples(after.release, name, draft.change.entries),
    ]
    known = labelled(_questions(), name)
    prepare([*asked, *known], bench.encoder, bench.searcher)
    moved = moves(bench.searcher, after, [*asked, *known])
    return Findings(
        near_duplicates(shelf, draft.change.entries),
        contradictions(shelf, own, date.today(), bench.encoder.learn),
        _left_behind(draft, bench.searcher.release.shelves[name]),
        [_told(move) for move in moved],
        len(asked),
        len(known),
    )


def _left_behind(draft: Draft, served: Shelf) -> list[LeftBehind]:
    """Words that go on telling the value before of a changed figure, because they were typed by hand."""
    pack, found = pack_of(served), []
    for name, figure in draft.change.figures.items():
        old = served.figures.get(name)
        try:
            values = (old.value_on(date.today()), figure.value_on(date.today())) if old else (None, None)
        except LookupError:
            continue
        if old is not None and values[0] != values[1]:
            found += left_behind(pack, old, values[0])
    return found


def _told(move: Move) -> MovedQuestion:
    return MovedQuestion(
        move.asked.question.text,
        move.asked.origin == LABELLED,
        verdict_words(move.before),
        verdict_words(move.after),
        move.better,
    )


@lru_cache(maxsize=1)
def _questions() -> tuple[Labelled, ...]:
    try:
        return tuple(read_questions(FOLDER))
    except EvaluationError as error:  # an installation without labelled questions
        log.warning("No labelled questions are tried: %s", error)
        return ()
