"""What people asked, once each, and which of it a change may answer otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Protocol

from knowledge_base.search import Found, Question, Searcher
from knowledge_base.trying.verdicts import differs


class Turn(Protocol):
    """What is looked at of a turn that was kept."""

    said: str
    language: str | None
    administration: str | None


@dataclass(frozen=True)
class AskedAgain:
    """A question as it was asked, and how often."""

    text: str
    language: str | None
    administration: str | None
    times: int = 1


def once_each(turns: Iterable[Turn]) -> list[AskedAgain]:
    """Each different question once, in the order of its first turn; upper and lower case and white space do not count."""
    found: dict[tuple[str, str | None, str | None], AskedAgain] = {}
    for turn in turns:
        text = " ".join(turn.said.split())
        key = (text.casefold(), turn.language, turn.administration)
        known = found.get(key)
        if known:
            found[key] = AskedAgain(known.text, known.language, known.administration, known.times + 1)
        elif text:
            found[key] = AskedAgain(text, turn.language, turn.administration)
    return list(found.values())


def may_change(question: AskedAgain, before: Searcher, after: Searcher, ids: Set[str]) -> bool:
    """Can the reply differ? When the search decides otherwise, or considers one of the entries `ids` that the change touches."""
    asked = Question(question.text, question.administration, language=question.language or "en")
    old, new = before.search_anew(asked), after.search_anew(asked)
    return differs(old, new) or bool(ids & (_considered(old) | _considered(new)))


def _considered(found: Found) -> set[str]:
    return {candidate.entry.id for candidate in found.candidates}
