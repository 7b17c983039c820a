"""The texts of one administration that the search learns from: every way of asking, and one text an entry for its answer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from knowledge_base.answer_text import fill
from knowledge_base.model import Entry, Pack


def asked_of(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    """The ways of asking of one entry, its titles among them, in the order of a bank: language and texts, a language maybe twice."""
    for language, asked in entry.questions.items():
        yield language, [*asked, entry.title] if language == "en" else asked
    for language, translation in entry.translations.items():
        yield language, [translation.title]


@dataclass(frozen=True)
class Texts:
    """ids: of the entries; questions, owner (questions,), languages: text, number of its entry, and language of each way of asking;
    answers: a text an entry.
    """

    ids: list[str]
    questions: list[str]
    owner: np.ndarray
    languages: list[str]
    answers: list[str]

    @classmethod
    def of(cls, pack: Pack, entries: list[Entry], day: date) -> Texts:
        """Those of `entries` of `pack`, with the figures of `day`."""
        questions: list[str] = []
        owner: list[int] = []
        languages: list[str] = []
        for number, entry in enumerate(entries):
            for language, asked in asked_of(entry):
                questions += asked
                languages += [language] * len(asked)
            owner += [number] * (len(questions) - len(owner))
        answers = [_answer_text(entry, pack, day) for entry in entries]
        ids = [entry.id for entry in entries]
        return cls(ids, questions, np.array(owner, dtype=np.int64), languages, answers)

    def spans(self) -> list[slice]:
        """Where the ways of asking of each entry stand."""
        ends = np.searchsorted(self.owner, np.arange(len(self.ids) + 1)).tolist()
        return [slice(start, end) for start, end in zip(ends, ends[1:])]

    def keys(self, span: slice) -> list[str]:
        """What tells each way of asking of one entry from the others: language and text, of the second that are the same its number, too."""
        found = [f"{language}\0{text}" for language, text in zip(self.languages[span], self.questions[span])]
        times: Counter[str] = Counter()
        for place, key in enumerate(found):
            times[key] += 1
            if times[key] > 1:
                found[place] = f"{key}\0{times[key]}"
        return found

    @cached_property
    def digest_of_questions(self) -> str:
        digest = hashlib.sha256(self.owner.tobytes())
        _add(digest, self.ids, self.questions, self.languages)
        return digest.hexdigest()

    @cached_property
    def digest_of_answers(self) -> str:
        digest = hashlib.sha256()
        _add(digest, self.answers)
        return digest.hexdigest()

    def digest(self) -> str:
        return f"{self.digest_of_questions} {self.digest_of_answers}"


def _add(digest: hashlib._Hash, *columns: list[str]) -> None:
    for column in columns:
        digest.update("\0".join((str(len(column)), *column)).encode("utf-8", "surrogatepass"))


def _answer_text(entry: Entry, pack: Pack, day: date) -> str:
    """Title and filled English answer: what the answer's vector and the words in common are made of."""
    try:
        filled = fill(entry.answer, pack.figures, max(day, entry.effective.start or day), "en")
    except LookupError:  # an entry whose time is over: its figures have no value today
        filled = fill(entry.answer, pack.figures, entry.effective.until or day, "en")
    return f"{entry.title} {filled}"
