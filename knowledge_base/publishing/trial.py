"""The trial that a release must stand before it is served: what it is asked, and how the result is told.

Who asks is not of the knowledge base: `customs/trial.py` asks the labelled questions by the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.release import Release

_MOST_TOLD = 8


@dataclass(frozen=True)
class Worse:
    """A question that was replied to right by the release served and is not any more; `why` in words, `expected` entries."""

    id: str
    question: str
    expected: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        expected = f"; expected {', '.join(self.expected)}" if self.expected else ""
        return f"“{self.question}” got worse: {self.why}{expected} (question {self.id})"


@dataclass(frozen=True)
class TrialReport:
    """How many questions were asked, how many of them anew, which measures miss their bound (in words), and which questions got worse."""

    questions: int
    asked: int
    missed: tuple[str, ...] = ()
    worse: tuple[Worse, ...] = ()

    def reasons(self) -> list[str]:
        """Why the release is not served, the questions first."""
        told = [str(each) for each in self.worse[:_MOST_TOLD]]
        if len(self.worse) > _MOST_TOLD:
            told.append(f"… and {len(self.worse) - _MOST_TOLD} more questions")
        return [*(f"below what is demanded: {line}" for line in self.missed), *told]


class Trial(Protocol):
    """Asks a release that is not served yet."""

    def judge(self, release: Release, encoder: Encodes) -> TrialReport | None:
        """The report on `release`; None when there is nothing to ask it."""


class NoTrial:
    """No questions: for a knowledge base without labelled ones."""

    def judge(self, release: Release, encoder: Encodes) -> None:
        return None
