"""The served release with a change laid over it, in memory: only what is new is encoded, everything else is taken as it is.

>>> Layers(served, encoder.learn).over(Change("gb", entries={entry.id: entry}, topics={entry.id: "alcohol"}), date.today()).id
'20261122-e066c1e7+draft'

The calibration and the scope gate stay those of the served release: a build fits them to the new wordings as well, which moves single
questions by little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from knowledge_base.answer_text import figures_in, fill
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.ranking import Bank, nearest_index, rows_by_entry, unit
from knowledge_base.index.release import Release, Shelf
from knowledge_base.model import Entry, Figure
from knowledge_base.spelling import count_words, texts_of
from knowledge_base.trying.change import Change
from knowledge_base.trying.errors import TryError
from knowledge_base.trying.letters import LettersOf

# vectors("query" | "document", texts) → (len(texts), d) unit vectors
Vectors = Callable[[str, list[str]], np.ndarray]


@dataclass(frozen=True)
class _Rows:
    """The ways of asking after a change: text and entry of each, and which row of the served bank it is, -1 for a new one."""

    texts: list[str]
    owner: np.ndarray
    kept: np.ndarray

    @property
    def fresh(self) -> list[str]:
        return [text for text, row in zip(self.texts, self.kept) if row < 0]


class Layers:
    """Lays changes over one served release."""

    def __init__(self, served: Release, vectors: Vectors) -> None:
        self.served = served
        self._vectors = vectors
        self._letters: dict[str, LettersOf] = {}

    def over(self, change: Change, day: date) -> Release:
        """The release as it would be with `change`. Raises `TryError` when it could not be served so."""
        shelf = self.served.shelves.get(change.administration)
        if shelf is None:
            raise TryError(
                "%(administration)s is not served yet; there are %(served)s. Publish its first answers, then their drafts can be tried.",
                administration=change.administration,
                served=", ".join(self.served.shelves),
            )
        figures, sources = {**shelf.figures, **change.figures}, {**shelf.sources, **change.sources}
        entries, numbers = _entries(shelf, change)
        for entry in change.entries.values():
            _refuse(entry, figures, sources)
        rows = _rows(shelf, entries, numbers)
        bodies = [answer_text(entry, figures, day) for entry in entries]
        bank = self._bank(shelf, rows, bodies, _answers_moved(shelf, entries, figures, numbers, day), numbers)
        reworded = [n for n in numbers if n >= len(shelf.entries) or set(shelf.bank.rows[n][shelf.bank.rows[n] >= 0]) !=
                    set(rows.kept[rows.owner == n])]  # fmt: skip
        layer = replace(
            shelf, administration=change.head or shelf.administration, sources=sources, figures=figures, entries=entries,
            topics={**shelf.topics, **change.topics}, rules={**shelf.rules, **change.rules}, bank=bank, question_text=rows.texts,
            lexical=Lexical.build(bodies), letters=self._letters_of(shelf, rows, len(entries), reworded),
        )  # fmt: skip
        return replace(
            self.served,
            id=f"{self.served.id}+draft",
            shelves={**self.served.shelves, change.administration: layer},
            words=_words(
                self.served.words, [e for e in shelf.entries if e.id in change.entries], change.entries.values()
            ),
        )

    def _bank(self, shelf: Shelf, rows: _Rows, bodies: list[str], moved: list[int], numbers: list[int]) -> Bank:
        old, size = shelf.bank, len(bodies)
        questions = old.questions[np.maximum(rows.kept, 0)]
        if rows.fresh:
            questions[rows.kept < 0] = old.place(self._vectors("query", rows.fresh))
        answers = np.zeros((size, old.answers.shape[1]), dtype=np.float32)
        centres = answers.copy()
        answers[: old.size], centres[: old.size] = old.answers, old.centres
        if moved:
            answers[moved] = old.place(self._vectors("document", [bodies[number] for number in moved]))
        for number in numbers:
            centres[number] = unit(questions[rows.owner == number].sum(axis=0))
        near = nearest_index(centres, answers)
        return Bank(
            old.mean, old.transform, questions, rows.owner, answers, centres, rows_by_entry(rows.owner, size), near
        )

    def _letters_of(self, shelf: Shelf, rows: _Rows, size: int, reworded: list[int]):  # noqa: ANN202 - Letters or None
        if shelf.letters is None or not reworded:
            return shelf.letters
        name = shelf.administration.id
        if name not in self._letters:
            self._letters[name] = LettersOf(shelf.letters, shelf.question_text)
        return self._letters[name].changed(rows.kept, rows.fresh, rows.owner, size, reworded)


def answer_text(entry: Entry, figures: Mapping[str, Figure], day: date) -> str:
    """Title and filled English answer, of which a release makes the answer's vector and words; on the nearest day on which it holds."""
    try:
        filled = fill(entry.answer, figures, max(day, entry.effective.start or day), "en")
    except LookupError:
        try:
            filled = fill(entry.answer, figures, entry.effective.until or day, "en")
        except LookupError:
            filled = entry.answer
    return f"{entry.title} {filled}"


def _entries(shelf: Shelf, change: Change) -> tuple[list[Entry], list[int]]:
    """All entries with the changed ones in their places and the new ones at the end; and the numbers of both."""
    entries = [change.entries.get(entry.id, entry) for entry in shelf.entries]
    numbers = [number for number, entry in enumerate(shelf.entries) if entry.id in change.entries]
    there = {entry.id for entry in shelf.entries}
    new = [entry for entry in change.entries.values() if entry.id not in there]
    return entries + new, numbers + list(range(len(entries), len(entries) + len(new)))


def _refuse(entry: Entry, figures: Mapping[str, Figure], sources: Mapping[str, object]) -> None:
    for name in sorted(figures_in(entry.answer)):
        if name not in figures:
            raise TryError(
                "%(entry)s names the figure %(figure)s, which is not published. Publish the figure first.",
                entry=entry.id,
                figure=name,
            )
        if figures[name].status == "unverified":
            raise TryError(
                "%(entry)s names the figure %(figure)s, which is not verified: the answer would be held back. Verify it.",
                entry=entry.id,
                figure=name,
            )
    for name in entry.sources:
        if name not in sources:
            raise TryError(
                "%(entry)s rests on the source %(source)s, which is not published. Publish the source first.",
                entry=entry.id,
                source=name,
            )


def _rows(shelf: Shelf, entries: list[Entry], numbers: list[int]) -> _Rows:
    texts: list[str] = []
    owner: list[int] = []
    kept: list[int] = []
    changed = set(numbers)
    for number, entry in enumerate(entries):
        old = [int(row) for row in shelf.bank.rows[number] if row >= 0] if number < len(shelf.entries) else []
        if number in changed:
            known = {shelf.question_text[row]: row for row in old}
            told = wordings(entry)
            texts += told
            kept += [known.get(text, -1) for text in told]
        else:
            texts += [shelf.question_text[row] for row in old]
            kept += old
        owner += [number] * (len(texts) - len(owner))
    return _Rows(texts, np.array(owner, dtype=np.int64), np.array(kept, dtype=np.int64))


def wordings(entry: Entry) -> list[str]:
    """What a release compares questions with: all ways of asking and the titles, as a build takes them."""
    told: list[str] = []
    for language, asked in entry.questions.items():
        told += [*asked, *([entry.title] if language == "en" else [])]
    return told + [translation.title for translation in entry.translations.values()]


def _answers_moved(
    shelf: Shelf, entries: list[Entry], figures: Mapping[str, Figure], numbers: list[int], day: date
) -> list[int]:
    """The numbers of the entries whose English answer reads otherwise than in the served release: their own text or a figure changed."""
    other = {name for name, figure in figures.items() if shelf.figures.get(name) != figure}
    moved = []
    for number, entry in enumerate(entries):
        old = shelf.entries[number] if number < len(shelf.entries) else None
        if old is None or (
            (number in numbers or figures_in(entry.answer) & other)
            and answer_text(entry, figures, day) != answer_text(old, shelf.figures, day)
        ):
            moved.append(number)
    return moved


def _words(served: Mapping[str, Counter[str]], gone, come) -> dict[str, Counter[str]]:  # noqa: ANN001 - entries
    words = {language: Counter(told) for language, told in served.items()}
    for language, told in count_words(texts_of(gone)).items():
        words.setdefault(language, Counter()).subtract(told)
    for language, told in count_words(texts_of(come)).items():
        words.setdefault(language, Counter()).update(told)
    return {language: +told for language, told in words.items()}
