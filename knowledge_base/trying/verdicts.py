"""Which questions find something else once a change is published: example questions, labelled ones, and those that people asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from knowledge_base.evaluation import Labelled
from knowledge_base.index.embeddings import FOR_GATE
from knowledge_base.index.release import Release
from knowledge_base.search import Found, Question, Searcher, Verdict
from knowledge_base.trying.overlay import wordings
from knowledge_base.trying.remembering import Remembering

# Of the questions of other entries only so many, the nearest to what is new, can find something else.
NEIGHBOURS = 60


@dataclass(frozen=True)
class Asked:
    """A question to be asked twice, and the entries that it should find; empty: it should find none. `origin` tells where it is from."""

    question: Question
    expected: tuple[str, ...]
    origin: str
    id: str = ""


@dataclass(frozen=True)
class Move:
    """A question whose verdict the change moves. `better` None: it is as right or wrong as it was."""

    asked: Asked
    before: Verdict
    after: Verdict
    better: bool | None


EXAMPLE, LABELLED = "example", "labelled"


def moves(before: Searcher, after: Searcher, asked: Iterable[Asked]) -> list[Move]:
    """Those of `asked` whose verdict differs, worse ones first. Entries that are not served yet are simply not found `before`."""
    found = []
    for one in asked:
        old, new = before.search_anew(one.question).verdict, after.search_anew(one.question).verdict
        if _outcome(old) != _outcome(new):
            was, now = _right(old, one), _right(new, one)
            found.append(Move(one, old, new, None if was == now else now))
    order = {False: 0, None: 1, True: 2}
    return sorted(found, key=lambda move: order[move.better])


def differs(one: Found, other: Found) -> bool:
    """Are the verdicts of two searches of the same question different?"""
    return _outcome(one.verdict) != _outcome(other.verdict)


def _outcome(verdict: Verdict) -> tuple[object, ...]:
    shown = verdict.entries[:1] if verdict.kind == "answer" else verdict.entries
    return verdict.kind, verdict.reason, tuple(entry.id for entry in shown), verdict.administrations


def _right(verdict: Verdict, asked: Asked) -> bool:
    if verdict.kind == "answer":
        return verdict.entries[0].id in asked.expected
    return verdict.kind == "decline" and not asked.expected


def examples(layer: Release, administration: str, ids: Iterable[str]) -> list[Asked]:
    """The wordings of the entries `ids`, and those of others that lie nearest to them, to be asked of `layer` and of what is served."""
    shelf = layer.shelves[administration]
    bank, wanted = shelf.bank, set(ids)
    own = np.array([entry.id in wanted for entry in shelf.entries], dtype=bool)[bank.question_entry]
    rows = list(np.flatnonzero(own))
    if rows and not own.all():
        others = np.flatnonzero(~own)
        likeness = (bank.questions[others] @ bank.questions[rows].T).max(axis=1)
        rows += list(others[np.argsort(-likeness, kind="stable")[:NEIGHBOURS]])
    found = []
    for row in rows:
        entry = shelf.entries[int(bank.question_entry[row])]
        text = shelf.question_text[int(row)]
        found.append(Asked(Question(text, administration, language=_language(entry, text)), (entry.id,), EXAMPLE))
    return found


def dropped(served: Release, layer: Release, ids: Iterable[str]) -> list[Asked]:
    """The wordings that the served entries `ids` have and `layer` has no more: people go on asking so."""
    found = []
    for name in ids:
        old, new = served.entry(name), layer.entry(name)
        if old is not None and new is not None:
            stay = set(wordings(new))
            for text in dict.fromkeys(wordings(old)):
                if text not in stay:
                    asked = Question(text, old.administration, language=_language(old, text))
                    found.append(Asked(asked, (name,), EXAMPLE))
    return found


def _language(entry, text: str) -> str:  # noqa: ANN001 - Entry
    for language, told in entry.questions.items():
        if text in told:
            return language
    return next((name for name, translation in entry.translations.items() if translation.title == text), "en")


def labelled(questions: Iterable[Labelled], administration: str) -> list[Asked]:
    """The labelled questions that are to be answered, or declined, by `administration`."""
    return [
        Asked(Question(one.question, administration, language=one.language), one.entries, LABELLED, one.id)
        for one in questions
        if not one.held_out
        and one.reason not in ("other_administration", "which_administration")
        and (one.administration == administration or any(name.startswith(f"{administration}.") for name in one.entries))
    ]


def prepare(asked: Iterable[Asked], encoder: Remembering, searcher: Searcher) -> None:
    """Have the vectors of guidance's own questions made in one go, or found beside the build's."""
    texts = list(dict.fromkeys(searcher.read_as(one.question) for one in asked))
    encoder.learn(FOR_GATE, texts)
