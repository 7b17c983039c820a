"""Runs where Haystack is installed: a pipeline of its in-memory retrievers over the texts and vectors of a folder.

    python haystack_worker.py FOLDER

Reads `in.json` and `in.npz`, writes `out.json`: for each question [[entry, score], ...], an entry by its best document.
"""

import json
import sys
from pathlib import Path

# This folder has a module of the same name; the installed one is meant.
sys.path[0] = ""

import numpy as np  # noqa: E402
from haystack import Document, Pipeline  # noqa: E402
from haystack.components.joiners import DocumentJoiner  # noqa: E402
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever  # noqa: E402
from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: E402

TOP_K = 100


def pipeline(documents: list, vectors: np.ndarray) -> Pipeline:
    """The hybrid retrieval that Haystack's own guide builds, without a ranker model."""
    store = InMemoryDocumentStore(embedding_similarity_function="cosine", return_embedding=False)
    store.write_documents(
        [
            Document(
                id=str(number),
                content=each["text"],
                meta={"entry": each["entry"]},
                embedding=vector.tolist(),
            )
            for number, (each, vector) in enumerate(zip(documents, vectors))
        ]
    )
    made = Pipeline()
    made.add_component("words", InMemoryBM25Retriever(store, top_k=TOP_K))
    made.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=TOP_K))
    made.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    made.connect("words", "joined")
    made.connect("vectors", "joined")
    return made


def rank(made: Pipeline, asked: dict, vector: np.ndarray) -> list:
    """Entries by their best document; `made` holds those of the asked administration."""
    found = made.run({"words": {"query": asked["text"]}, "vectors": {"query_embedding": vector.tolist()}})
    best: dict = {}
    for document in found["joined"]["documents"]:
        best[document.meta["entry"]] = max(document.score, best.get(document.meta["entry"], document.score))
    return sorted(best.items(), key=lambda item: -item[1])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    given = json.loads((folder / "in.json").read_text(encoding="utf-8"))
    with np.load(folder / "in.npz") as arrays:
        of = [each["administration"] for each in given["documents"]]
        made = {}
        for name in sorted(set(of)):  # a store each: a filter on one store looks at every document for every question
            rows = [number for number, administration in enumerate(of) if administration == name]
            made[name] = pipeline([given["documents"][row] for row in rows], arrays["documents"][rows])
        rows = [rank(made[asked["administration"]], asked, vector) for asked, vector in zip(given["asked"], arrays["asked"])]
    (folder / "out.json").write_text(json.dumps(rows), encoding="utf-8")
