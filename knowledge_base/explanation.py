"""Why a question got its verdict, in words for who writes the entries: what matched, what decided, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from knowledge_base.index.ranking import APART_WEIGHT, TOLD_APART
from knowledge_base.index.release import Release
from knowledge_base.index.scope import IN_SCOPE, OUT_OF_SCOPE
from knowledge_base.model import Entry
from knowledge_base.search import (
    ANSWER_ANYWAY_AT,
    ANSWER_AT,
    ASK_BACK_AT,
    IN_SCOPE_AT,
    OFFER_ANYWAY_AT,
    SURELY_IN_SCOPE_AT,
    Candidate,
    Found,
)

__all__ = ["explain_verdict"]

_CONTENT = PurePosixPath("knowledge_base/content")
_SCOPE = PurePosixPath("knowledge_base/scope/in_scope.yml")
# Likenesses lie between -1 and 1; from this difference on one says more than the other.
_TELLING = 0.02
_KINDS = {
    "out_of_scope": "a question outside customs",
    "personal_case": "a question about one person's own case",
    "unlawful": "a question how to get round the law",
    "emergency": "a call from somebody in danger or in need",
    "abuse": "an insult or an attempt to misuse the assistant",
}


def explain_verdict(found: Found, release: Release) -> list[str]:
    """Sentences on `found`, a search in `release`: the verdict, what matched, why not the second, what decided, and what to change."""
    teller = _Teller(found, release)
    return [*teller.verdict(), *teller.match(), *teller.runner_up(), *teller.gate(), *teller.remedy()]


class _Teller:
    def __init__(self, found: Found, release: Release) -> None:
        self._found = found
        self._release = release
        self._kind, self._reason = found.verdict.kind, found.verdict.reason
        self._in_scope = found.scope.get(IN_SCOPE, 0.0)
        self._top: Candidate | None = found.candidates[0] if found.candidates else None
        self._second: Candidate | None = found.candidates[1] if len(found.candidates) > 1 else None
        self._held = max(
            (label for label in found.scope if label != IN_SCOPE), key=lambda label: found.scope[label], default=""
        )

    def verdict(self) -> Iterator[str]:
        ids = ", ".join(entry.id for entry in self._found.verdict.entries)
        if self._kind == "answer":
            yield f"Answered with {ids}."
        elif self._kind == "ask_back":
            yield f"Asked back which is meant: {ids}."
        elif self._kind == "ask_administration":
            names = ", ".join(self._found.verdict.administrations)
            yield f"Asked back whose rules are meant ({names}): the question names no country, and the answer depends on it."
        elif self._reason == "no_guidance":
            yield "Declined: it is a customs question, but no entry is near enough."
        else:
            yield f"Declined as {_kind_of(self._reason or '')}."

    def match(self) -> Iterator[str]:
        top = self._top
        if top is None:
            yield f"No entry of {self._where()} holds on {self._found.question.date} for this reader: none was compared."
            return
        if self._found.read_as != self._found.question.text:
            yield f"Read, slips repaired and plain names beside slang, as {self._found.read_as!r}."
        yield (
            f"Nearest is {top.entry.id} ({top.entry.title!r}) by its phrasing {top.phrasing!r}: likeness {top.best_question:.2f} of 1 to its "
            f"questions, {top.answer:.2f} to its answer; {_share(top.probability)} sure that it answers."
        )

    def runner_up(self) -> Iterator[str]:
        top, second = self._top, self._second
        if top is None or second is None:
            return
        parts = (
            ("its questions", top.best_question - second.best_question),
            ("its answer", top.answer - second.answer),
            ("words in common", top.lexical - second.lexical),
            ("what their questions do not have in common", top.apart - second.apart),
        )
        behind = [f"{name} by {gap:.2f}" for name, gap in parts if gap >= _TELLING]
        ahead = [f"{name} by {-gap:.2f}" for name, gap in parts if gap <= -_TELLING]
        line = f"Second is {second.entry.id} by {second.phrasing!r}, {_share(second.probability)} sure: "
        if behind:
            line += "farther in " + ", ".join(behind)
        if ahead:
            line += (", though " if behind else "") + "nearer in " + ", ".join(ahead)
        if not behind and not ahead:
            line += "as near in every part, so the two can hardly be told apart"
        yield line + "."
        alike = max(self._found.candidates, key=lambda each: each.score - APART_WEIGHT * each.apart)
        if alike is not top and alike.entry.administration == top.entry.administration:
            yield (
                f"By likeness alone {alike.entry.id} would have come first; what the questions of the nearest {TOLD_APART} do not have in "
                "common decided."
            )

    def gate(self) -> Iterator[str]:
        """Which part of the verdict decided, with its threshold."""
        share = f"The scope gate takes it for a customs question with {_share(self._in_scope)}"
        top = self._top.probability if self._top else 0.0
        if self._kind == "decline" and self._reason != "no_guidance":
            yield (
                f"{share} and for {_kind_of(self._held)} with {_share(self._found.scope.get(self._held, 0.0))}; below {_share(IN_SCOPE_AT)} it "
                "is declined, and that decided."
            )
        elif self._kind == "decline":
            yield f"{share}, which is enough; {_share(top)} for the nearest entry is not: from {_share(ASK_BACK_AT)} on it would be offered."
        elif self._kind == "answer" and self._in_scope < SURELY_IN_SCOPE_AT:
            yield f"{share}, which is not sure, but an entry that fits with {_share(ANSWER_ANYWAY_AT)} or more is shown; that decided."
        elif self._kind == "answer":
            yield f"{share} (sure from {_share(SURELY_IN_SCOPE_AT)}), and the entry with {_share(top)} (shown from {_share(ANSWER_AT)}): both decided."
        elif self._kind == "ask_administration":
            yield f"{share}; the administration decided."
        elif self._in_scope < SURELY_IN_SCOPE_AT:
            yield f"{share}: from {_share(SURELY_IN_SCOPE_AT)} on it would have been answered without asking, and that decided."
        else:
            yield f"{share}; {_share(top)} for the nearest entry is too little to show it, from {_share(ANSWER_AT)} on it is: that decided."

    def remedy(self) -> Iterator[str]:
        """What would have to be added to change the verdict."""
        question, top = self._found.question.text, self._top
        if self._kind == "ask_administration":
            yield f"To change it: name the country in the question, or add what people call it to `called` in {_CONTENT}/<country>/administration.yml."
        elif top is None:
            yield f"To change it: write an entry in {_CONTENT}/{self._where()}/faq, or look at the dates of those there."
        elif self._kind == "answer":
            yield (
                f"If another entry should answer: add a phrasing like {question!r} to that entry's questions. If this one should not, "
                f"look at its phrasing {top.phrasing!r} in {self._file(top.entry)}."
            )
        elif self._kind == "decline" and self._reason != "no_guidance":
            yield (
                f"If it is a customs question: add it to in_scope in {_SCOPE}, and a phrasing like it to the entry that answers "
                f"({top.entry.id} in {self._file(top.entry)}, if that is the one)."
            )
            if self._reason == OUT_OF_SCOPE:
                yield f"An entry that is {_share(OFFER_ANYWAY_AT)} sure to answer is offered whatever the gate says; this one is {_share(top.probability)}."
        elif self._kind == "ask_back" and self._in_scope < SURELY_IN_SCOPE_AT:
            yield f"To have {top.entry.id} answer at once: add a phrasing like {question!r} to its questions in {self._file(top.entry)}, and to {_SCOPE}."
        elif self._kind == "ask_back":
            yield f"To have {top.entry.id} answer at once: add a phrasing like {question!r} to its questions in {self._file(top.entry)}."
        else:
            topic = self._topic(top.entry)
            yield (
                f"If {top.entry.id} answers it: add a phrasing like {question!r} to its questions in {self._file(top.entry)}. If no entry does: "
                f"write one; the nearest topic is {topic!r}."
            )

    def _where(self) -> str:
        return self._found.question.administration or "the release"

    def _topic(self, entry: Entry) -> str:
        return self._release.shelves[entry.administration].topics.get(entry.id, "?")

    def _file(self, entry: Entry) -> str:
        return f"{_CONTENT}/{entry.administration}/faq/{self._topic(entry)}.yml"


def _kind_of(label: str) -> str:
    return _KINDS.get(label, f"{label.replace('_', ' ')!r}")


def _share(probability: float) -> str:
    return f"{probability:.0%}"
