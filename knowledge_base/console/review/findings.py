"""What a reviewer should know before approving: doubles, numbers that contradict, questions that find something else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from customs.commands.evaluate import FOLDER
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft
from knowledge_base.console.review.showing import pack_of
from knowledge_base.evaluation import EvaluationError, Labelled, read_questions
from knowledge_base.exchange.figure_uses import LeftBehind, left_behind
from knowledge_base.index.release import Shelf
from knowledge_base.search import Verdict
from knowledge_base.trying.contradictions import Contradiction, contradictions
from knowledge_base.trying.near import Near, near_duplicates
from knowledge_base.trying.verdicts import LABELLED, Move, dropped, examples, labelled, moves, prepare

log = logging.getLogger(__name__)
_AT_ONCE = 20
_WORSE_FIRST = {False: 0, None: 1, True: 2}


@dataclass(frozen=True)
class Findings:
    """All that was found; `left_behind` are a figure's old values typed by hand; `asked` example questions and `judged` labelled ones were tried."""

    near: list[Near] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    left_behind: list[LeftBehind] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    asked: int = 0
    judged: int = 0

    @property
    def worse(self) -> int:
        return sum(move.better is False for move in self.moved)


def findings(draft: Draft, tell: Callable[[int, int], None] = lambda done, of: None) -> Findings:
    """Look at `draft` beside everything that is served; `tell` hears how many questions of how many were asked. Raises `TryError`."""
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
    every, moved = [*asked, *known], []
    tell(0, len(every))
    for start in range(0, len(every), _AT_ONCE):
        part = every[start : start + _AT_ONCE]
        prepare(part, bench.encoder, bench.searcher)
        moved += moves(bench.searcher, after, part)
        tell(start + len(part), len(every))
    return Findings(
        near_duplicates(shelf, draft.change.entries),
        contradictions(shelf, own, date.today(), bench.encoder.learn),
        _left_behind(draft, bench.searcher.release.shelves[name]),
        sorted(moved, key=lambda move: _WORSE_FIRST[move.better]),
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


def told(found: Findings) -> dict[str, Any]:
    """`found` as plain data that can be kept and is put into words, in each reader's language, when it is shown."""
    return {
        "near": [{"id": near.entry.id, "title": near.entry.title, "own": near.own, "its": near.its} for near in found.near],
        "contradictions": [
            {"sentence": each.sentence, "other": each.other, "title": each.entry.title if each.entry else "",
             "figure": each.figure.id if each.figure else ""}
            for each in found.contradictions
        ],
        "left_behind": [{"words": each.words, "entry": each.entry, "key": each.key} for each in found.left_behind],
        "moved": [
            {"question": move.asked.question.text, "labelled": move.asked.origin == LABELLED, "better": move.better,
             "before": _verdict(move.before), "after": _verdict(move.after)}
            for move in found.moved
        ],
        "asked": found.asked, "judged": found.judged, "worse": found.worse,
    }  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    titles = [entry.title for entry in verdict.entries] or list(verdict.administrations)
    return {"kind": verdict.kind, "reason": verdict.reason, "titles": titles}


@lru_cache(maxsize=1)
def _questions() -> tuple[Labelled, ...]:
    try:
        return tuple(read_questions(FOLDER))
    except EvaluationError as error:  # an installation without labelled questions
        log.warning("No labelled questions are tried: %s", error)
        return ()
