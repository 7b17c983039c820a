"""From a question to ranked entries and a verdict.

>>> found = Searcher(release, encoder).search(Question("how much wine", administration="gb"))
>>> found.verdict.kind
'answer'
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from knowledge_base.index.codes import Codes
from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.plain_amounts import round_amounts
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import rank
from knowledge_base.index.release import Release, Shelf
from knowledge_base.index.scope import EMERGENCY, IN_SCOPE, OUT_OF_SCOPE
from knowledge_base.model import Entry
from knowledge_base.spelling import Speller
from knowledge_base.tariff.finder import Classified

# Chosen on one half of data/evaluation/; docs/decisions/0006-search-verdict.md. Probabilities that an entry answers, calibrated when the
# release is built: from ANSWER_AT on it is shown, from ASK_BACK_AT on it is offered for choice.
ANSWER_AT = 0.22
ASK_BACK_AT = 0.05
# Up to here an answer comes with the next entry to press: where it was not the one that was meant, that one mostly was.
SURELY_MEANT_AT = 0.60
# Probability that this is a question for customs guidance at all: below the first it is declined, below the second nothing is stated
# without asking back.
IN_SCOPE_AT = 0.60
SURELY_IN_SCOPE_AT = 0.80
# For an entry that is likelier than the first to answer, the second is sure enough.
STRONG_AT, STRONG_IN_SCOPE_AT = 0.60, 0.60
# An entry that is so likely to answer is offered, and from the second on shown, even if the gate holds the question for another
# subject (not: for a wrong deed): nothing outside customs fits an entry so well, while short questions leave the gate little to go by.
OFFER_ANYWAY_AT = 0.60
ANSWER_ANYWAY_AT = 0.97
# How far an entry that fits speaks for a customs question: the share of its log-odds, counted from ANSWER_AT, that the gate's gain.
EVIDENCE_SHARE = 0.5
# Noise must not call the ambulance: an emergency is one when that is likelier than all else together.
EMERGENCY_AT = 0.5
MOST_CHOICES = 3
SHOWN = 5
_REMEMBERED = 64
# "How many cigarettes may I bring? Call me on +44 7700 900123" is no question about one's own case.
_TELEPHONE = re.compile(r"(?:\+|\b00)\d[\d ()./-]{7,}\d")
_SIDE = ThreadPoolExecutor(max_workers=4, thread_name_prefix="beside")


@dataclass(frozen=True)
class Question:
    """What is asked: the text, and what is known of who asks. `administration` None: all are searched.

    `origin` is the country (ISO 3166-1) from which goods or traveller come, when the question tells.
    """

    text: str
    administration: str | None = None
    origin: str | None = None
    audience: str | None = None
    language: str = "en"
    date: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Candidate:
    """An entry that was considered: its probability of answering, and the parts of its score; `apart` tells the first few from each other."""

    entry: Entry
    probability: float
    score: float
    best_question: float
    answer: float
    lexical: float
    apart: float
    phrasing: str


@dataclass(frozen=True)
class Verdict:
    """What to do: `answer`, `ask_back` between entries, `ask_administration`, or `decline` with a reason.

    Of an `answer` the first of `entries` answers; others follow when they may have been meant and should be offered beside it.
    """

    kind: str
    reason: str | None = None
    entries: tuple[Entry, ...] = ()
    administrations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The verdict and how it came about; `seconds` by stage, `read_as` the question as it was compared: slips repaired, slang explained."""

    question: Question
    verdict: Verdict
    candidates: tuple[Candidate, ...]
    scope: dict[str, float]
    seconds: dict[str, float]
    read_as: str = ""


class Searcher:
    """Searches one release. Safe to use from several threads."""

    def __init__(self, release: Release, encoder: Encodes) -> None:
        self.release = release
        self._encoder = encoder
        self._readers = {name: _Readers(shelf) for name, shelf in release.shelves.items()}
        self._codes = {name: Codes(shelf.entries) for name, shelf in release.shelves.items()}
        self._speller = Speller.from_counts(release.words)
        self._turns = threading.Lock()
        self._recent: dict[Question, Found] = {}

    @property
    def encoder(self) -> Encodes:
        """The encoder of its questions."""
        return self._encoder

    def search(self, question: Question) -> Found:
        """Rank the entries for `question` and decide. Raises KeyError for an administration that the release lacks.

        The last answers are remembered: a turn asks up to three times for one thing, to see whether it is a sum, a part or a question.
        """
        if (known := self._recent.get(question)) is not None:
            return known
        if len(self._recent) >= _REMEMBERED:
            self._recent.clear()  # at once: several threads may be here
        found = self._recent[question] = self.search_anew(question)
        return found

    def search_anew(self, question: Question) -> Found:
        """The same without looking whether the answer is remembered."""
        started = time.perf_counter()
        text = self.read_as(question)
        names = [question.administration] if question.administration else list(self.release.shelves)
        with self._beside(lambda: [self._read(name, text, question) for name in names]) as read:
            whole = np.asarray(self._encoder.encode_for_gate([text])[0], dtype=np.float32)
            encoded = time.perf_counter()
            vector = whole[: self._encoder.dimension]
            candidates = [
                candidate
                for name, told in zip(names, read())
                if told is not None
                for candidate in self._candidates(name, vector, told)
            ]
        candidates.sort(key=lambda candidate: (-candidate.probability, -candidate.score))
        scope = _with_evidence(self.release.gate.probabilities(whole), candidates)
        verdict = self._decide(question, candidates, scope)
        seconds = {"encode": encoded - started, "find": time.perf_counter() - encoded}
        return Found(question, verdict, tuple(candidates[:SHOWN]), scope, seconds, text)

    def read_as(self, question: Question) -> str:
        """The text that is compared: slips repaired, sums of money rounded, plain names beside slang, telephone numbers left out."""
        repaired = self._speller.repair(_TELEPHONE.sub(" ", question.text), question.language)
        return explain(round_amounts(repaired, question.language))

    def find_goods(self, description: str, among: set[str] | None = None) -> Classified | None:
        """What goods `description` may be, of those with the ids `among`; None in a release that knows no goods."""
        goods = self.release.goods
        return goods.find(description, self._encoder, among) if goods else None

    @contextmanager
    def _beside(self, work: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
        """What waits for the result of `work`, which is done in a thread beside the caller's.

        Only while nobody else asks: on a free processor core it costs no time. Else there is none, and doing it when it is asked for
        spares two threads the handing over.
        """
        if not self._turns.acquire(blocking=False):
            yield work
            return
        try:
            yield _SIDE.submit(work).result
        finally:
            self._turns.release()

    def _read(self, name: str, text: str, question: Question) -> _Read | None:
        """What one administration knows of a question before it has a vector; None where no entry holds on that day for that reader."""
        shelf = self.release.shelves[name]
        allowed = self._readers[name].fit(question)
        if not allowed.any():
            return None
        # Words in common say nothing across languages.
        words = shelf.lexical.scores(text) if question.language == "en" else np.zeros(shelf.bank.size, dtype=np.float32)
        letters = shelf.letters.decide(text) if shelf.letters else None
        return _Read(allowed, self._codes[name].share(question.text), words, letters)

    def _candidates(self, name: str, vector: np.ndarray, read: _Read) -> list[Candidate]:
        """The best entries of one administration; the ones that do not hold on the day or are for other readers are left out."""
        shelf = self.release.shelves[name]
        asked = shelf.bank.place(vector.reshape(1, -1))[0]
        similarities = shelf.bank.compare_placed(asked, read.allowed, read.codes)
        ranking = rank(
            similarities, read.words, codes=read.codes, letters=read.letters, apart=partial(shelf.bank.tell_apart, asked)
        )
        found = []
        for place in ranking.order()[:SHOWN]:
            number = int(ranking.entries[place])
            alike = similarities.questions[place]
            known = alike == alike  # NaN, where an entry has fewer questions, is not equal to itself
            nearest = int(shelf.bank.rows[number][np.where(known, alike, -2.0).argmax()]) if known.any() else None
            found.append(
                Candidate(
                    entry=shelf.entries[number],
                    probability=float(shelf.calibration.probability(ranking.features(int(place)))),
                    score=float(ranking.score[place]),
                    best_question=float(ranking.nearest[place]),
                    answer=float(ranking.answer[place]),
                    lexical=float(ranking.lexical[place]),
                    apart=float(ranking.apart[place]),
                    phrasing=shelf.question_text[nearest] if nearest is not None else "",
                )
            )
        return found

    def _decide(self, question: Question, candidates: list[Candidate], scope: dict[str, float]) -> Verdict:
        in_scope = scope.get(IN_SCOPE, 0.0)
        top = candidates[0] if candidates else None
        outside = [
            label for label in scope if label != IN_SCOPE and (label != EMERGENCY or scope[label] >= EMERGENCY_AT)
        ]
        label = max(outside, key=lambda label: scope[label]) if outside else OUT_OF_SCOPE
        if in_scope < IN_SCOPE_AT:
            if label != OUT_OF_SCOPE or top is None or top.probability < OFFER_ANYWAY_AT:
                return Verdict("decline", label)
        if top is None or top.probability < ASK_BACK_AT:
            return Verdict("decline", "no_guidance")
        fits = top.probability >= ANSWER_ANYWAY_AT and label == OUT_OF_SCOPE
        needed = STRONG_IN_SCOPE_AT if top.probability >= STRONG_AT else SURELY_IN_SCOPE_AT
        sure = fits or (top.probability >= ANSWER_AT and in_scope >= needed)
        if question.administration is None and len(self.release.shelves) > 1:
            able = {c.entry.administration for c in candidates if c.probability >= ASK_BACK_AT}
            if len(able) > 1 or not sure:
                # In the order of the release: which one fits is for the asker to say, not for the score.
                names = tuple(name for name in self.release.shelves if name in able or not sure)
                return Verdict("ask_administration", "which_administration", administrations=names)
        others = sorted(
            (c for c in candidates[1:] if c.entry.administration == top.entry.administration), key=lambda c: -c.score
        )
        if sure:
            beside = others[:1] if top.probability < SURELY_MEANT_AT else []
            return Verdict("answer", entries=(top.entry, *(c.entry for c in beside)))
        if not others:  # nothing to choose from: one choice would be no question
            return (
                Verdict("answer", entries=(top.entry,))
                if in_scope >= SURELY_IN_SCOPE_AT
                else Verdict("decline", "no_guidance")
            )
        return Verdict("ask_back", "which_entry", entries=(top.entry, *(c.entry for c in others[: MOST_CHOICES - 1])))


@dataclass(frozen=True)
class _Read:
    """What the text of a question says of the entries (entries,) of one administration: which may answer, and how much the codes, words and
    letter groups in it speak for each.
    """

    allowed: np.ndarray
    codes: np.ndarray
    words: np.ndarray
    letters: np.ndarray | None


class _Readers:
    """For whom and when the entries of a shelf hold, as arrays: looked at for every question."""

    def __init__(self, shelf: Shelf) -> None:
        self._entries = shelf.entries
        # Few entries are for some origins only: these are asked one by one.
        self._from_somewhere = [number for number, entry in enumerate(shelf.entries) if entry.coming_from]
        self._audience = np.array([entry.audience for entry in shelf.entries])
        self._start = np.array([(entry.effective.start or date.min).toordinal() for entry in shelf.entries])
        self._until = np.array([(entry.effective.until or date.max).toordinal() for entry in shelf.entries])

    def fit(self, question: Question) -> np.ndarray:
        """(entries,) bool: which may answer this question."""
        day = question.date.toordinal()
        fit = (self._start <= day) & (day <= self._until)
        if question.audience:
            fit &= (self._audience == "both") | (self._audience == question.audience)
        for number in self._from_somewhere if question.origin else ():
            fit[number] &= self._entries[number].coming_from.holds_for(question.origin)
        return fit


def _with_evidence(scope: dict[str, float], candidates: list[Candidate]) -> dict[str, float]:
    """The gate's probabilities, with the odds of being in scope moved by how surely an entry answers."""
    if not candidates or IN_SCOPE not in scope or len(scope) == 1:
        return scope
    best = min(max(candidates[0].probability, 1e-6), 1 - 1e-6)
    odds = best / (1 - best) * (1 - ANSWER_AT) / ANSWER_AT
    weights = scope | {IN_SCOPE: scope[IN_SCOPE] * odds**EVIDENCE_SHARE}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}
