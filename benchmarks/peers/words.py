"""BM25 alone: words in common between the question and an entry's phrasings, title and answer."""

from __future__ import annotations

import bm25s
import numpy as np

from benchmarks.peers.material import Asked, Document, Ranking, best_of
from knowledge_base.index.lexical import tokens


class Words:
    """BM25 with our tokens (English stems), one text an entry."""

    name = "BM25 (bm25s)"

    def rank(self, documents: list[Document], asked: list[Asked]) -> dict[str, Ranking]:
        found = {}
        shelves: dict[str, list[Document]] = {}
        for document in documents:
            shelves.setdefault(document.administration, []).append(document)
        indexes = {name: _index(shelf) for name, shelf in shelves.items()}
        for question in asked:
            entries = [document.entry for document in shelves[question.administration]]
            index, known = indexes[question.administration]
            rankings = []
            for form in question.forms:
                words = [token for token in tokens(form) if token in known]
                scores = index.get_scores(words) if words else np.zeros(len(entries))
                order = np.argsort(-np.asarray(scores), kind="stable")
                rankings.append([(entries[number], float(scores[number])) for number in order])
            found[question.id] = best_of(rankings)
        return found


def _index(shelf: list[Document]) -> tuple[bm25s.BM25, set[str]]:
    index = bm25s.BM25()
    texts = [f"{document.answer} {' '.join(document.phrasings)}" for document in shelf]
    index.index([tokens(text) or ["_"] for text in texts], show_progress=False)
    return index, set(index.vocab_dict)
