"""What only the search's own eyes see: questions that find another entry, entries and questions that say the same.

Needs vectors, so it is asked for with `customs check --meaning`; those that a build has made already are not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from knowledge_base.answer_text import figures_in, fill
from knowledge_base.checks.checked import Checked
from knowledge_base.checks.figures import values
from knowledge_base.index.codes import Codes
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.ranking import Bank, Similarities, rank
from knowledge_base.model import Entry, Figure
from knowledge_base.packs import Fault
from knowledge_base.said import Said

# Similarities in the bank's space, where unrelated texts lie at 0. Found by reading the nearest pairs of the four packs: above these,
# pairs said the same; sibling entries that belong apart (arriving and leaving by boat) lie at 0.8.
SAME_ENTRY = 0.85
SAME_QUESTION = 0.87
SAME_FIGURE = 0.80
# By so much (in the ranking's score) another entry must lead before a question counts as misplaced. Without their own wording a third
# of all questions find a neighbour by a hair, and find their entry once they stand in the bank: that is no fault of theirs.
CLEAR_LEAD = 0.30
Vectors = Callable[[str, list[str]], np.ndarray]


@dataclass(frozen=True)
class _Text:
    entry: int
    key: str
    text: str


class Meanings:
    """The vectors of one pack, compared as the search compares them.

    vectors("query" | "document", texts) gives (len(texts), d) unit vectors, as `EmbeddingCache.vectors` does.
    """

    def __init__(self, checked: Checked, vectors: Vectors) -> None:
        self._checked = checked
        self._vectors = vectors
        self.entries = [entry for entry in checked.pack.entries.values() if _filled(checked, entry)]
        self.asked = self.found = 0  # questions tried by `found_elsewhere`, and those that found their own entry
        if not self.entries:
            return
        self.texts = [text for number, entry in enumerate(self.entries) for text in _texts(number, entry)]
        bodies = [f"{entry.title} {_filled(checked, entry)}" for entry in self.entries]
        asked = vectors("query", [text.text for text in self.texts])
        owner = np.array([text.entry for text in self.texts], dtype=np.int64)
        self._bank = Bank.build(asked, owner, vectors("document", bodies))
        self._lexical = Lexical.build(bodies)

    def faults(self) -> Iterator[Fault]:
        """All that this look finds; every one is a warning."""
        if self.entries:
            yield from self.found_elsewhere()
            yield from self.near_questions()
            yield from self.near_entries()
            yield from self.near_figures()

    def found_elsewhere(self) -> Iterator[Fault]:
        """Questions that, taken out of the bank and asked, clearly find another entry than their own."""
        bank, codes = self._bank, Codes(self.entries)
        nothing = np.zeros(bank.size, dtype=np.float32)
        today = np.array([entry.effective.holds_on(self._checked.today) for entry in self.entries])
        for number, asked in enumerate(self.texts):
            entry = self.entries[asked.entry]
            if not today[asked.entry]:
                continue
            words = self._lexical.scores(asked.text) if asked.key == "questions.en" else nothing
            similarities = without_question(bank, number, today)
            ranking = rank(similarities, words, today, codes.share(asked.text))
            places = ranking.order()
            top = int(ranking.entries[places[0]])
            own = ranking.score[ranking.entries == asked.entry]  # empty when it is not even on the shortlist
            lead = float(ranking.score[places[0]] - own[0]) if len(own) else np.inf
            self.asked += 1
            self.found += top == asked.entry
            if lead > CLEAR_LEAD:
                remedy = Said(
                    "Finds {other} by {lead:.2f}: move it there, or name its own subject in it.",
                    other=self.entries[top].id,
                    lead=lead,
                )
                yield self._checked.in_entry(entry, asked.key, asked.text, remedy, "warning")

    def near_questions(self) -> Iterator[Fault]:
        """Questions of two entries that are nearly the same."""
        bank = self._bank
        for number, asked in enumerate(self.texts):
            near = bank.questions[number + 1 :] @ bank.questions[number]
            for other in np.flatnonzero(near > SAME_QUESTION):
                twin = self.texts[number + 1 + int(other)]
                if twin.entry != asked.entry:
                    remedy = Said(
                        "Nearly {question!r} of {other}; keep it where it is answered.",
                        question=twin.text,
                        other=self.entries[twin.entry].id,
                    )
                    yield self._checked.in_entry(self.entries[asked.entry], asked.key, asked.text, remedy, "warning")

    def near_entries(self) -> Iterator[Fault]:
        """Pairs of entries with nearly the same questions and answer, with the figures in which they differ."""
        likeness = (self._bank.centres @ self._bank.centres.T + self._bank.answers @ self._bank.answers.T) / 2
        for one, other in _pairs(likeness, SAME_ENTRY):
            first, second = self.entries[one], self.entries[other]
            remedy = Said(
                "Nearly the same as {other}: make one of them, or tell apart what they answer.", other=second.id
            )
            if differ := figures_in(first.answer) ^ figures_in(second.answer):
                remedy = Said("{remedy} They differ in {figures}.", remedy=remedy, figures=", ".join(sorted(differ)))
            yield self._checked.in_entry(
                first, "", Said("likeness {share:.2f}", share=likeness[one, other]), remedy, "warning"
            )

    def near_figures(self) -> Iterator[Fault]:
        """Figures with nearly the same label and another value that no answer names side by side."""
        figures = [each for each in self._checked.pack.figures.values() if each.unit not in ("text", "date")]
        if not figures:
            return
        together = {
            frozenset((one, other))
            for entry in self.entries
            for one in figures_in(entry.answer)
            for other in figures_in(entry.answer)
        }
        placed = self._bank.place(self._vectors("query", [figure.label for figure in figures]))
        for one, other in _pairs(placed @ placed.T, SAME_FIGURE):
            first, second = figures[one], figures[other]
            if _comparable(first, second) and frozenset((first.id, second.id)) not in together:
                remedy = Said(
                    "Sounds like {other}, which is {values}: correct one, or tell them apart in the label.",
                    other=second.id,
                    values=values(second),
                )
                yield self._checked.in_figure(first.id, "label", f"{first.label}: {values(first)}", remedy, "warning")


def _comparable(one: Figure, other: Figure) -> bool:
    return (one.unit, one.currency) == (other.unit, other.currency) and values(one) != values(other)


def _texts(number: int, entry: Entry) -> Iterator[_Text]:
    """What a release holds of an entry to compare questions with."""
    for language, questions in entry.questions.items():
        for question in questions:
            yield _Text(number, f"questions.{language}", question)
    yield _Text(number, "title", entry.title)
    for language, translation in entry.translations.items():
        yield _Text(number, f"translations.{language}.title", translation.title)


def _filled(checked: Checked, entry: Entry) -> str:
    """The English answer with its figures; empty when it cannot be filled in, which another check tells."""
    try:
        return fill(entry.answer, checked.pack.figures, checked.day_of(entry), "en")
    except LookupError:
        return ""


def without_question(bank: Bank, number: int, allowed: np.ndarray) -> Similarities:
    """What question `number` of the bank is similar to, among the entries `allowed` (entries,) bool, when it is not there itself."""
    own, vector = int(bank.question_entry[number]), np.asarray(bank.questions[number])
    similarities = bank.compare_placed(vector, allowed)
    for place in np.flatnonzero(similarities.entries == own):
        rows = bank.rows[own]
        similarities.questions[place, rows == number] = np.nan
        rest = bank.questions[rows[rows >= 0]].sum(axis=0) - vector
        length = float(np.linalg.norm(rest))
        similarities.centres[place] = float(rest @ vector) / length if length > 1e-6 else -1.0
    return similarities


def _pairs(likeness: np.ndarray, least: float) -> Iterator[tuple[int, int]]:
    """The pairs (i, j), i < j, of a symmetric matrix that are above `least`, most alike first."""
    rows, columns = np.nonzero(np.triu(likeness > least, 1))
    for at in np.argsort(-likeness[rows, columns], kind="stable"):
        yield int(rows[at]), int(columns[at])
