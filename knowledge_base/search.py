"""From a question to ranked entries and a verdict.

>>> found = Searcher(release, encoder).search(Question("how much wine", administration="gb"))
>>> found.verdict.kind
'answer'
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.ranking import Ranking, rank
from knowledge_base.index.release import Release, Shelf
from knowledge_base.index.scope import IN_SCOPE
from knowledge_base.model import Entry

# Probabilities, calibrated when the release is built. Chosen on data/evaluation/; docs/decisions/0006-search-verdict.md.
ANSWER_AT = 0.50
ASK_BACK_AT = 0.25
DECLINE_SCOPE_AT = 0.50
SHOWN = 5


@dataclass(frozen=True)
class Question:
    """What is asked: the text, and what is known of who asks. `administration` None: all are searched."""

    text: str
    administration: str | None = None
    audience: str | None = None
    language: str = "en"
    date: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Candidate:
    """An entry that was considered: its probability of answering, and the parts of its score."""

    entry: Entry
    probability: float
    score: float
    best_question: float
    answer: float
    lexical: float
    phrasing: str


@dataclass(frozen=True)
class Verdict:
    """What to do: `answer`, `ask_back` between two entries, `ask_administration`, or `decline` with a reason."""

    kind: str
    reason: str | None = None
    entries: tuple[Entry, ...] = ()
    administrations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The verdict and how it came about; `seconds` by stage."""

    question: Question
    verdict: Verdict
    candidates: tuple[Candidate, ...]
    scope: dict[str, float]
    seconds: dict[str, float]


class Searcher:
    """Searches one release. Safe to use from several threads: nothing is changed."""

    def __init__(self, release: Release, encoder: Encodes) -> None:
        self.release = release
        self._encoder = encoder

    def search(self, question: Question) -> Found:
        """Rank the entries for `question` and decide. Raises KeyError for an administration that the release lacks."""
        started = time.perf_counter()
        vector = np.asarray(self._encoder.encode_query([question.text])[0], dtype=np.float32)
        encoded = time.perf_counter()
        scope = self.release.gate.probabilities(vector)
        names = [question.administration] if question.administration else list(self.release.shelves)
        candidates = [
            candidate for name in names for candidate in self._candidates(self.release.shelves[name], vector, question)
        ]
        candidates.sort(key=lambda candidate: (-candidate.probability, -candidate.score))
        verdict = self._decide(question, candidates, scope)
        seconds = {"encode": encoded - started, "find": time.perf_counter() - encoded}
        return Found(question, verdict, tuple(candidates[:SHOWN]), scope, seconds)

    def _candidates(self, shelf: Shelf, vector: np.ndarray, question: Question) -> list[Candidate]:
        if not shelf.entries:
            return []
        ranking = self._rank(shelf, vector, question)
        found = []
        for number in ranking.order()[:SHOWN]:
            if ranking.score[number] <= 0:
                continue
            rows = np.flatnonzero(shelf.question_entry == number)
            nearest = rows[np.argmax(ranking.question_similarity[rows])]
            found.append(
                Candidate(
                    entry=shelf.entries[number],
                    probability=float(shelf.calibration.probability(ranking.features(int(number)))),
                    score=float(ranking.score[number]),
                    best_question=float(ranking.best_question[number]),
                    answer=float(ranking.answer[number]),
                    lexical=float(ranking.lexical[number]),
                    phrasing=shelf.question_text[nearest],
                )
            )
        return found

    def _rank(self, shelf: Shelf, vector: np.ndarray, question: Question) -> Ranking:
        query = vector.reshape(1, -1)
        to_questions = _all_similarities(shelf.questions, query)
        to_answers = _all_similarities(shelf.answers, query)
        words = shelf.lexical.scores(question.text) if question.language == "en" else np.zeros(len(shelf.entries))
        ranking = rank(to_questions, shelf.question_entry, to_answers, words.astype(np.float32))
        for number, entry in enumerate(shelf.entries):
            wrong_reader = question.audience and entry.audience not in ("both", question.audience)
            if wrong_reader or not entry.effective.holds_on(question.date):
                ranking.score[number] = 0.0
        return ranking

    def _decide(self, question: Question, candidates: list[Candidate], scope: dict[str, float]) -> Verdict:
        label, sure = max(scope.items(), key=lambda item: item[1])
        top = candidates[0] if candidates else None
        if label != IN_SCOPE and sure >= DECLINE_SCOPE_AT:
            return Verdict("decline", label)
        if top is None or top.probability < ASK_BACK_AT:
            return Verdict("decline", "no_guidance")
        able = {c.entry.administration for c in candidates if c.probability >= ASK_BACK_AT}
        if question.administration is None and len(able) > 1:
            # In the order of the release: which one fits is for the asker to say, not for the score.
            names = tuple(name for name in self.release.shelves if name in able)
            return Verdict("ask_administration", "which_administration", administrations=names)
        if top.probability >= ANSWER_AT:
            return Verdict("answer", entries=(top.entry,))
        others = [c for c in candidates[1:] if c.probability >= ASK_BACK_AT / 2]
        if others:
            return Verdict("ask_back", "which_entry", entries=(top.entry, others[0].entry))
        return Verdict("answer", entries=(top.entry,))


def _all_similarities(index, query: np.ndarray) -> np.ndarray:  # noqa: ANN001 - faiss has no types
    """Inner products of the query with every row of a flat index, in the order of the rows."""
    similarities, rows = index.search(query, index.ntotal)
    ordered = np.empty(index.ntotal, dtype=np.float32)
    ordered[rows[0]] = similarities[0]
    return ordered
