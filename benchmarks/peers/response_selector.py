"""Rasa's own ResponseSelector (DIET): one for each administration, trained on the bank's phrasings, in Rasa's environment.

What a Rasa developer gets without a search of their own. The trained model is kept in var/bench/ by what it was trained on.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.peers.material import Asked, Document, PeerMissing, Ranking, best_of
from customs.bootstrap import RASA_PYTHON
from customs.settings import ROOT

WORKER = Path(__file__).with_name("response_selector_worker.py")
# What `rasa init` writes. Batches, layers and rates are the defaults; so are the featurizers.
EPOCHS = 100
# A hundred epochs over tens of thousands of phrasings take a processor a day. Then so many passes over one phrasing each, which is
# more than a hundred epochs over the bank that it was first compared on.
MOST_PASSES = 600_000


class ResponseSelector:
    """Trains (minutes, when its material is new) and asks."""

    def __init__(self, folder: Path, epochs: int | None = None, python: Path = RASA_PYTHON) -> None:
        """epochs: None for those of `rasa init`, fewer where the material is large."""
        self.folder, self.epochs, self.python = folder, epochs, python

    @property
    def name(self) -> str:
        return (
            "Rasa ResponseSelector (DIET)"
            if self.epochs is None
            else f"Rasa ResponseSelector (DIET, {self.epochs} epochs)"
        )

    def rank(self, documents: list[Document], asked: list[Asked]) -> dict[str, Ranking]:
        if not self.python.exists():
            raise PeerMissing(f"{self.name}: there is no {self.python.name} of Rasa's environment. Run `make setup`.")
        if self.epochs is None and (epochs := affordable(documents)) != EPOCHS:
            self.epochs = epochs
        files = training_files(documents, self.epochs or EPOCHS)
        made_of = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
        folder = self.folder / made_of
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(_yaml(content), encoding="utf-8")
        texts = [[each.id, each.administration, form] for each in asked for form in each.forms]
        (folder / "asked.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        with (folder / "log").open("w") as log:
            done = subprocess.run([str(self.python), str(WORKER), str(folder)], stdout=log, stderr=log, cwd=ROOT)
        if done.returncode:
            log_file = os.path.relpath(folder / "log", ROOT)  # the message may go into a document
            raise PeerMissing(f"{self.name}: the worker ended with {done.returncode}; {log_file} says why.")
        rows = json.loads((folder / "ranked.json").read_text(encoding="utf-8"))
        found: dict[str, list[Ranking]] = {each.id: [] for each in asked}
        for (question, administration, _), ranking in zip(texts, rows):
            found[question].append([(f"{administration}.{key}", score) for key, score in ranking])
        return {question: best_of(rankings) for question, rankings in found.items()}


def affordable(documents: list[Document]) -> int:
    """The epochs of `rasa init`, or as many as `MOST_PASSES` allow."""
    return max(1, min(EPOCHS, MOST_PASSES // max(1, sum(len(document.phrasings) for document in documents))))


def training_files(documents: list[Document], epochs: int) -> dict[str, Any]:
    """Rasa's three files as data: a retrieval intent for each administration, a response for each entry."""
    administrations = list(dict.fromkeys(document.administration for document in documents))
    pipeline: list[dict[str, Any]] = [
        {"name": "WhitespaceTokenizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    ]
    for name in administrations:
        selector = {"name": "ResponseSelector", "retrieval_intent": name, "epochs": epochs}
        pipeline.append(selector | {"constrain_similarities": True, "random_seed": 42})
    examples = [
        {"intent": _intent(document), "examples": "".join(f"- {text}\n" for text in document.phrasings)}
        for document in documents
    ]
    # Which response is chosen is learned; its words are not, so they need not make a trained model stale.
    responses = {f"utter_{_intent(document)}": [{"text": document.entry}] for document in documents}
    config = {"recipe": "default.v1", "assistant_id": "response-selector", "language": "en", "pipeline": pipeline}
    return {
        "config.yml": config | {"policies": []},
        "nlu.yml": {"version": "3.1", "nlu": examples},
        "domain.yml": {"version": "3.1", "intents": administrations, "responses": responses},
    }


def _intent(document: Document) -> str:
    return f"{document.administration}/{document.entry.split('.', 1)[1]}"


def _yaml(content: dict[str, Any]) -> str:
    """JSON is YAML, but Rasa looks for the top keys at the beginning of a line."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in content.items())
