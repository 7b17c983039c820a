"""The usual recipe: a sentence encoder, FAISS, and the entry of the nearest example question."""

from __future__ import annotations

from collections.abc import Callable

import faiss
import numpy as np

from benchmarks.peers.environment import minilm_folder
from benchmarks.peers.material import Asked, Document, Ranking, best_of

Encode = Callable[[list[str]], np.ndarray]  # texts to unit vectors (n, d)
NEIGHBOURS = 200  # enough phrasings to hold at least five entries


class Nearest:
    """Nearest phrasing by inner product. `load` gives the encoder and may raise `PeerMissing`."""

    def __init__(self, name: str, load: Callable[[], Encode]) -> None:
        self.name, self._load = name, load

    def rank(self, documents: list[Document], asked: list[Asked]) -> dict[str, Ranking]:
        encode = self._load()
        found: dict[str, Ranking] = {}
        for name in dict.fromkeys(document.administration for document in documents):
            shelf = [document for document in documents if document.administration == name]
            owner = [document.entry for document in shelf for _ in document.phrasings]
            vectors = encode([text for document in shelf for text in document.phrasings])
            index = faiss.IndexFlatIP(vectors.shape[1])
            index.add(vectors)
            here = [question for question in asked if question.administration == name]
            forms = [form for question in here for form in question.forms]
            if not forms:
                continue
            scores, rows = index.search(encode(forms), min(NEIGHBOURS, index.ntotal))
            at = 0
            for question in here:
                of = range(at, at + len(question.forms))
                at += len(question.forms)
                found[question.id] = best_of(
                    [(owner[row], float(score)) for score, row in zip(scores[n], rows[n])] for n in of
                )
        return found


def load_minilm() -> Encode:
    """all-MiniLM-L6-v2 by sentence-transformers, in 32-bit floats. Raises `PeerMissing`."""
    folder = minilm_folder()
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: list[str]) -> np.ndarray:
        vectors = model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)

    return encode
