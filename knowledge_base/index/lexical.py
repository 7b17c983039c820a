"""Words in common: BM25 over title and answer of each entry, for questions in English and for codes and names."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*|\d[\d.]*\d|\d")
_STEMMER = Stemmer.Stemmer("english")
# Words that say nothing about the subject of a customs question.
_STOP = frozenset(
    "a an the i we you he she it they my our your me us to of in on for from with and or if is are be am was can could do does did "
    "will would should may might must need have has had get got bring take carry how much many what when where which who why there "
    "this that any some at by as into about please hi hello thanks not no yes so than then just also".split()
)


def tokens(text: str) -> list[str]:
    """Stemmed words and numbers of an English text, without stop words."""
    return [_stem(token) for token in _TOKEN.findall(text.lower()) if token not in _STOP]


@lru_cache(maxsize=100_000)  # the answers of ten thousand entries have the same few words
def _stem(token: str) -> str:
    return _STEMMER.stemWord(token)


class Lexical:
    """BM25 scores of one administration's entries."""

    def __init__(self, index: bm25s.BM25, size: int) -> None:
        self._index = index
        self._size = size
        self._known = set(index.vocab_dict)

    @classmethod
    def build(cls, texts: list[str]) -> Lexical:
        """Index one text an entry."""
        index = bm25s.BM25()
        index.index([tokens(text) or ["_"] for text in texts], show_progress=False)
        return cls(index, len(texts))

    def save(self, folder: Path) -> None:
        self._index.save(str(folder))

    @classmethod
    def load(cls, folder: Path, size: int) -> Lexical:
        return cls(bm25s.BM25.load(str(folder)), size)

    def scores(self, question: str) -> np.ndarray:
        """(entries,) float32 between 0 and 1: each entry's share of the best entry's score; zeros when no word is known."""
        words = [token for token in tokens(question) if token in self._known]
        if not words:
            return np.zeros(self._size, dtype=np.float32)
        scores = np.asarray(self._index.get_scores(words), dtype=np.float32)
        best = scores.max()
        # A single common word is weak evidence: the share counts in full from two words on.
        return scores / best * min(1.0, len(set(words)) / 2) if best > 0 else np.zeros(self._size, dtype=np.float32)
