"""Of the shipped packs: what a few publications learned in part ranks the labelled questions as what was learned as a whole."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customs.commands.evaluate import FOLDER
from customs.settings import ROOT
from knowledge_base.evaluation import Labelled, read_questions
from knowledge_base.index import renewal
from knowledge_base.index.letters import Letters
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank, rank
from knowledge_base.index.shelf_texts import Texts
from knowledge_base.packs import read_pack
from tests.actions.support import WordEncoder

NAME = "us"
POINTS = 0.003


@pytest.fixture(scope="module")
def texts() -> Texts:
    """The English ways of asking of one administration: a share of its bank that is learned in seconds."""
    pack = read_pack(ROOT / "knowledge_base" / "content" / NAME)
    english = [
        entry.model_copy(update={"questions": {"en": entry.questions["en"]}, "translations": {}})
        for entry in pack.entries.values()
    ]
    return Texts.of(pack, english, date(2026, 11, 22))


@pytest.fixture(scope="module")
def asked() -> list[Labelled]:
    return [
        question
        for question in read_questions(FOLDER)
        if question.answerable and question.language == "en" and question.entries[0].startswith(f"{NAME}.")
    ]


class Ranked:
    """Ranks as the search does, by vectors that are the same on every machine, words in common and `letters`."""

    def __init__(self, texts: Texts) -> None:
        encoder = WordEncoder()
        self._encode, self._ids = encoder.encode_query, texts.ids
        self._bank = Bank.build(
            encoder.encode_query(texts.questions), texts.owner, encoder.encode_document(texts.answers)
        )
        self._lexical = Lexical.build(texts.answers)

    def first_right(self, letters: Letters, asked: list[Labelled]) -> np.ndarray:
        """(len(asked),) is the entry on top one that is expected?"""
        found = []
        for each in asked:
            text = explain(each.question)
            similarities = self._bank.compare(self._encode([text])[0])
            ranking = rank(similarities, self._lexical.scores(text), letters=letters.decide(text))
            found.append(self._ids[int(ranking.entries[int(ranking.order()[0])])] in each.entries)
        return np.array(found)


def test_learned_in_part_it_ranks_as_learned_as_a_whole(texts: Texts, asked: list[Labelled]) -> None:
    owner, size = texts.owner, len(texts.ids)
    wordings = [explain(text) for text in texts.questions]
    # As much came since it was learned as may: an entry with all its questions, and one question each of others.
    new_entry = size // 2
    came = np.flatnonzero(owner == new_entry)
    others = [int(np.flatnonzero(owner == entry)[0]) for entry in range(0, size, 3) if entry != new_entry]
    came = np.concatenate([came, others[: max(int(renewal.MOST_RENEWED * len(wordings)) - len(came), 0)]])
    there = np.setdiff1d(np.arange(len(wordings)), came)
    assert renewal.is_little(len(came), len(wordings)) and len(came) > 50
    served = Letters.fit([wordings[row] for row in there], owner[there], size)
    columns = np.arange(size)
    columns[new_entry] = -1
    rows = served.weighed(wordings)
    entries = {*owner[came].tolist(), *served.near(rows[came])}
    in_part, whole = served.renewed(rows, owner, columns, sorted(entries)), Letters.fit(wordings, owner, size)
    ranked = Ranked(texts)
    one, other = (ranked.first_right(letters, asked) for letters in (in_part, whole))
    assert len(asked) > 150 and 0.5 < other.mean() < 1.0, "worth comparing"
    assert any(int(served.decide(wordings[row]).argmax()) != owner[row] for row in came), "something was to be learned"
    assert one.mean() >= other.mean() - POINTS, f"{one.mean():.4f} instead of {other.mean():.4f} of {len(asked)}"

    def known(letters: Letters) -> float:
        """The share of what came whose entry its wording tells. A long story is not always told, even by what learned it."""
        return float(np.mean([int(letters.decide(wordings[row]).argmax()) == owner[row] for row in came]))

    assert known(in_part) > 0.9 and known(in_part) >= known(whole) - 0.03
