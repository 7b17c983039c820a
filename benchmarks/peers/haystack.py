"""A ready framework: Haystack's in-memory store, BM25 and embedding retrieval joined by reciprocal ranks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.peers.environment import haystack_python
from benchmarks.peers.material import Asked, Document, PeerMissing, Ranking, best_of
from benchmarks.peers.nearest import Encode

WORKER = Path(__file__).with_name("haystack_worker.py")


class Haystack:
    """One Haystack document for each phrasing and each answer. The vectors are made here, of the same encoder for both sides."""

    def __init__(self, name: str, load: Callable[[], Encode], folder: Path) -> None:
        self.name, self._load, self.folder = name, load, folder

    def rank(self, documents: list[Document], asked: list[Asked]) -> dict[str, Ranking]:
        python, encode = haystack_python(), self._load()
        self.folder.mkdir(parents=True, exist_ok=True)
        texts = [
            {"entry": document.entry, "administration": document.administration, "text": text}
            for document in documents
            for text in (*document.phrasings, document.answer)
        ]
        forms = [
            {"id": question.id, "administration": question.administration, "text": form}
            for question in asked
            for form in question.forms
        ]
        (self.folder / "in.json").write_text(json.dumps({"documents": texts, "asked": forms}), encoding="utf-8")
        np.savez(
            self.folder / "in.npz",
            documents=encode([each["text"] for each in texts]),
            asked=encode([each["text"] for each in forms]),
        )
        quiet = os.environ | {"HAYSTACK_TELEMETRY_ENABLED": "False", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [str(python), str(WORKER), str(self.folder)],
            env=quiet,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise PeerMissing(f"{self.name}: the worker ended with {done.returncode}: {done.stdout[-400:]}")
        rows = json.loads((self.folder / "out.json").read_text(encoding="utf-8"))
        found: dict[str, list[Ranking]] = {question.id: [] for question in asked}
        for form, row in zip(forms, rows):
            found[form["id"]].append([(entry, score) for entry, score in row])
        return {question: best_of(rankings) for question, rankings in found.items()}
