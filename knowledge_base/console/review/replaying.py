"""Questions that people asked, asked again of a draft."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from customs.asked import AskedTurn
from customs.trying import Tried, ask_release
from knowledge_base.console.guidance.topics import language_name
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft
from knowledge_base.console.review.explaining import outcome_words
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.search import Searcher
from knowledge_base.trying.replay import AskedAgain, may_change, once_each

DAY = 86_400.0
# A page may take so long; what is left over is said. The newest questions are asked first.
MOST_SECONDS = 20.0
REPLY_SECONDS = 5.0


@dataclass(frozen=True)
class Changed:
    """A question whose reply would change."""

    question: AskedAgain
    before: Tried
    after: Tried

    @property
    def was(self) -> str:
        return _told(self.before)

    @property
    def becomes(self) -> str:
        return _told(self.after)

    @property
    def direction(self) -> str:
        return self.after.custom["direction"]

    def row(self) -> dict[str, Any]:
        """The columns of the CSV file."""
        language = language_name(self.question.language) if self.question.language else ""
        return {
            "question": self.question.text, "times": self.question.times, "language": language, "before": self.was,
            "after": self.becomes, "answer_before": self.before.text, "answer_after": self.after.text,
        }  # fmt: skip


@dataclass(frozen=True)
class Replayed:
    """`asked` of `there` different questions were asked again; `changed` are those whose reply differs, asked most first."""

    changed: list[Changed]
    asked: int
    there: int

    @property
    def left(self) -> int:
        return self.there - self.asked


def replayed(draft: Draft, before: Searcher, after: Searcher, days: int, seconds: float = MOST_SECONDS) -> Replayed:
    """Ask the questions of the last `days` again. Only those that the search finds otherwise, or that are about what the draft touches,
    get a whole reply from both.
    """
    questions = _last(days)
    ids = set(desk.touched(draft, after))
    name, service = draft.change.administration, desk.settings()
    until, found, asked = time.monotonic() + seconds, [], 0
    for question in questions:
        if time.monotonic() > until:
            break
        asked += 1
        if question.administration not in (None, name) or not may_change(question, before, after, ids):
            continue
        old, new = (
            ask_release(searcher, question.text, service, question.administration, question.language, REPLY_SECONDS)
            for searcher in (before, after)
        )
        if (old.outcome, old.text) != (new.outcome, new.text):
            found.append(Changed(question, old, new))
    found.sort(key=lambda change: -change.question.times)
    return Replayed(found, asked, len(questions))


def _last(days: int) -> list[AskedAgain]:
    with asked_store() as store:
        turns: list[AskedTurn] = list(
            store.select(
                "at >= ? AND pressed = 0 AND outcome != 'smalltalk'", (time.time() - days * DAY,), "at DESC, id DESC"
            )
        )
    return once_each(turns)


def _told(tried: Tried) -> str:
    outcome, reason, entry = tried.outcome
    return f"{outcome_words(outcome, reason)} ({entry})" if entry else outcome_words(outcome, reason)
