"""The scope gate of a release: the examples it learns from, and when the one that is served goes on.

Fitting it takes many seconds, and one wording more in thousands moves it by nothing that matters.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base import places, romanised
from knowledge_base.index import plain_names, scope
from knowledge_base.index.contents import Content
from knowledge_base.index.embeddings import FOR_GATE, EmbeddingCache, Encodes
from knowledge_base.index.files import take_over_file
from knowledge_base.index.plain_names import explain
from knowledge_base.index.renewal import is_little
from knowledge_base.model import Administration
from knowledge_base.places import Administrations
from knowledge_base.places_data import gazetteer

GATE, FITTED_ON = "scope.npz", "scope_fitted_on.npy"
GATE_QUESTIONS = 20_000  # of the packs, to teach the gate what is in scope


@dataclass(frozen=True)
class GateExamples:
    """What the gate learns from: `texts` with their `labels`, the first `labelled` of them from knowledge_base/scope, the rest of the packs."""

    texts: list[str]
    labels: list[str]
    labelled: int

    def digest(self) -> str:
        return hashlib.sha256(json.dumps([self.texts, self.labels]).encode()).hexdigest()

    def digest_of_labelled(self) -> str:
        told = [self.texts[: self.labelled], self.labels[: self.labelled]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def of_packs(self) -> np.ndarray:
        """(n,) int64: a number for each text of the packs, sorted."""
        digests = (
            hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in self.texts[self.labelled :]
        )
        return np.sort(np.fromiter((int.from_bytes(told[:8], signed=True) for told in digests), dtype=np.int64))


def write_gate(
    examples: GateExamples,
    folder: Path,
    cache: EmbeddingCache,
    encoder: Encodes,
    kept: Path,
    served: tuple[Path, dict[str, Any]] | None,
) -> dict[str, Any]:
    """Write the gate into the new release in `folder`; returns what the manifest says of it.

    `served`: the folder of the served release, made by the same code for the same encoder, and what its manifest says of its gate; or
    None. Its gate is taken over while few of the packs' texts are other than those that it was fitted on.
    `kept` is the folder of what is kept between builds.
    """
    told = {"examples": len(examples.texts), "labelled": examples.digest_of_labelled()}
    now = examples.of_packs()
    if served is not None and served[1]["labelled"] == told["labelled"]:
        fitted_on = np.load(served[0] / FITTED_ON)
        renewed = max(_missing(now, fitted_on), _missing(fitted_on, now))
        if is_little(renewed, len(examples.texts)):
            for name in (GATE, FITTED_ON):
                take_over_file(served[0] / name, folder / name)
            return told | {"renewed": renewed}
    np.savez(folder / GATE, **fitted_gate(examples, cache, encoder, kept).to_arrays())
    np.save(folder / FITTED_ON, now)
    return told | {"renewed": 0}


def _missing(some: np.ndarray, others: np.ndarray) -> int:
    """How many of `some` are not among `others`."""
    return len(np.setdiff1d(some, others))


def fitted_gate(examples: GateExamples, cache: EmbeddingCache, encoder: Encodes, folder: Path) -> scope.Gate:
    """The gate fitted on the examples, or the last one, kept in `folder`, if it was fitted on the same."""
    digest = hashlib.sha256(f"{encoder.id} {examples.digest()}".encode())
    digest.update(Path(scope.__file__).read_bytes())
    kept = folder / "gate.npz"
    try:
        with np.load(kept) as arrays:
            if str(arrays["made_of"]) == digest.hexdigest():
                return scope.Gate.from_arrays(arrays)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        pass  # none yet, or cut short: it is fitted again
    gate = scope.fit(cache.vectors(FOR_GATE, examples.texts), examples.labels)
    new = kept.with_name(f".gate.{os.getpid()}.npz")
    np.savez(new, made_of=digest.hexdigest(), **gate.to_arrays())
    os.replace(new, kept)
    return gate


def gate_examples(contents: list[Content], examples: list[tuple[str, str]], folder: Path) -> GateExamples:
    """The labelled examples, and questions of the entries as in scope, with and without the name of their administration's place.

    Of a large bank a share is taken, so that a release of ten thousand entries is not a matter of minutes; which questions depends on
    their words alone, so that one new entry does not change the rest. What becomes of a question is kept in `folder`.
    """
    texts: list[str] = []
    for content in contents:
        most = GATE_QUESTIONS // len(contents)
        if most not in content.for_gate:
            content.for_gate[most] = _of_questions(content, most, folder)
        texts += content.for_gate[most]
    labels = [label for _, label in examples] + [scope.IN_SCOPE] * len(texts)
    return GateExamples([_explained(text) for text, _ in examples] + texts, labels, len(examples))


def _of_questions(content: Content, most: int, folder: Path) -> list[str]:
    questions = [question for entry in content.entries for native in entry.questions.values() for question in native]
    chosen = _by_chance(questions, most)
    learned = _as_learned(content.pack.administration, chosen, folder)
    return [text for question in chosen for text in dict.fromkeys(learned[question])]


@lru_cache(maxsize=16_384)
def _explained(text: str) -> str:
    return explain(text)


def _by_chance(questions: list[str], most: int) -> list[str]:
    """About `most` of `questions`, chosen by the hash of each."""
    if len(questions) <= most:
        return questions
    limit = int(most / len(questions) * 2**32)
    return [each for each in questions if zlib.crc32(each.encode("utf-8", "surrogatepass")) < limit]


def _as_learned(administration: Administration, questions: Iterable[str], folder: Path) -> dict[str, list[str]]:
    """Each question → as it comes to the gate, with plain names beside its slang; and the same without the administration's place.

    Looking for places takes a millisecond a text, so the last ones are kept in `folder`.
    """
    digest = hashlib.sha256(json.dumps(administration.model_dump(mode="json")).encode())
    code = [Path(module.__file__) for module in (places, romanised, plain_names)] + [plain_names.NAMES]
    for path in [*code, *sorted(gazetteer.FOLDER.iterdir()), *sorted(romanised.FOLDER.iterdir())]:
        if path.is_file():
            digest.update(path.read_bytes())
    kept = folder / f"gate-{administration.id}.json"
    known: dict[str, list[str]] = {}
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        known = content["texts"] if content["made_of"] == digest.hexdigest() else {}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # none yet, or cut short: it is made again
    named = Administrations([administration])

    def learned(text: str) -> list[str]:
        return known.get(text) or [explain(text), explain(named.without(text, administration.id))]

    found = {text: learned(text) for text in questions}
    if found != known:
        new = kept.with_name(f".{kept.name}.{os.getpid()}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(
            json.dumps({"made_of": digest.hexdigest(), "texts": found}, ensure_ascii=False), encoding="utf-8"
        )
        os.replace(new, kept)
    return found
