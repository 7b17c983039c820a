"""What every system gets: the entries of a release, and the questions, each with the administration that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from knowledge_base.answer_text import fill
from knowledge_base.evaluation import Labelled
from knowledge_base.index.release import Release, Shelf
from knowledge_base.model import Entry
from knowledge_base.romanised import search_forms

# Entry ids with scores, best first; scores of one system compare with each other only.
Ranking = list[tuple[str, float]]


@dataclass(frozen=True)
class Document:
    """One entry: its English answer with the figures filled in, and every way of asking that the bank holds, titles included."""

    entry: str
    administration: str
    answer: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One question: `forms` are its spellings (more than one when it is romanised), the surest of which counts."""

    id: str
    administration: str
    forms: tuple[str, ...]


class PeerMissing(Exception):
    """A peer cannot be measured here; the message says what it needs and how to get it."""


class Peer(Protocol):
    """A system to compare with. `rank` may train or build first, and raises `PeerMissing` when it lacks its environment."""

    name: str

    def rank(self, documents: list[Document], asked: list[Asked]) -> dict[str, Ranking]:
        """For each question's id the entries of its administration, best first; at least five where there are as many."""


def documents(release: Release, day: date) -> list[Document]:
    """Every entry of `release`, in its order."""
    return [_document(shelf, entry, day) for shelf in release.shelves.values() for entry in shelf.entries]


def _document(shelf: Shelf, entry: Entry, day: date) -> Document:
    phrasings = [text for texts in entry.questions.values() for text in texts]
    phrasings += [entry.title, *(translation.title for translation in entry.translations.values())]
    try:
        answer = fill(entry.answer, shelf.figures, max(day, entry.effective.start or day), "en")
    except LookupError:  # an entry whose time is over: its figures have no value today
        answer = fill(entry.answer, shelf.figures, entry.effective.until or day, "en")
    name = shelf.administration.id
    return Document(entry.id, name, f"{entry.title}. {answer}", tuple(dict.fromkeys(phrasings)))


def about_one(questions: Iterable[Labelled]) -> list[tuple[Labelled, Asked]]:
    """The questions of which it is settled which administration they are about: the others ask more than to find an entry."""
    found = []
    for question in questions:
        administration = question.administration
        if administration is None and question.entries:
            administration = question.entries[0].split(".", 1)[0]
        if administration is not None and question.reason != "other_administration":
            found.append((question, Asked(question.id, administration, tuple(search_forms(question.question)))))
    return found


def best_of(rankings: Iterable[Ranking]) -> Ranking:
    """One ranking out of those of a question's spellings: each entry with its highest score."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for entry, score in ranking:
            scores[entry] = max(score, scores.get(entry, score))
    return sorted(scores.items(), key=lambda item: -item[1])
