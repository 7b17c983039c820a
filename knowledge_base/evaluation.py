"""Labelled questions: reading them, grading what was replied, and summing up with intervals.

Knows nothing of how a reply comes about; `customs evaluate` asks, `benchmarks/quality.py` compares.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.errors import KnowledgeError
from knowledge_base.packs import read_yaml

GRADES = ("right", "wrong", "silent", "asked_back")
OUTCOMES = ("answered", "declined", "asked_back", "handed_over")
HELD_OUT = "held-out"
HALVES = ("choosing", "reporting", HELD_OUT)
# Not to be answered as a customs fact, whatever else is replied.
OUTSIDE = frozenset({"out_of_scope", "personal_case", "unlawful", "abuse"})
FAST_SHARE = 0.04
_KEYS = {"id", "question", "administration", "language", "expect", "must", "must_not"}
_ISOLATES = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class EvaluationError(KnowledgeError):
    """A labelled question or threshold cannot be used; the message names file, id, value and remedy."""


@dataclass(frozen=True)
class Labelled:
    """A question and what the reply to it should be. `group` is the file it stands in.

    `held_out`: by an author who did not see the search's work; nothing is chosen or tuned on it.
    """

    id: str
    question: str
    administration: str | None
    language: str
    outcome: str
    reason: str | None
    entries: tuple[str, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    group: str
    held_out: bool = False

    @property
    def half(self) -> str:
        """`choosing`: weights and thresholds were chosen on it; `reporting`: it was left alone, by a hash of the id; `held-out`."""
        if self.held_out:
            return HELD_OUT
        return "choosing" if hashlib.sha256(self.id.encode()).digest()[-1] % 2 == 0 else "reporting"

    @property
    def answerable(self) -> bool:
        return self.outcome == "answered"

    @property
    def in_scope(self) -> bool:
        """Is it for the gate to let through? An emergency is neither customs nor to be told apart from it: it has a label of its own."""
        return self.outcome != "handed_over" and self.reason not in OUTSIDE and self.reason != "other_administration"


@dataclass(frozen=True)
class Given:
    """What was replied: outcome, reason, the entry shown, the entries offered for choice, and the whole text."""

    outcome: str
    reason: str | None
    entry: str | None
    offered: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Grade:
    """How a reply was judged: one of GRADES and why; `offered` when the right entry was among the choices of an asking back."""

    grade: str
    why: str = ""
    offered: bool = False


def read_questions(folder: Path) -> list[Labelled]:
    """Every labelled question of the YAML files in `folder` that have a list `questions`, and in its `held_out/`.

    Raises `EvaluationError`.
    """
    found: list[Labelled] = []
    seen: set[str] = set()
    for path in [*sorted(folder.glob("*.yml")), *sorted((folder / "held_out").glob("*.yml"))]:
        content = read_yaml(path)
        for raw in content.get("questions", []) if isinstance(content, dict) else []:
            item = _labelled(path, raw)
            if item.id in seen:
                raise EvaluationError(f"{path}: the id {item.id!r} stands twice. Give each question its own.")
            seen.add(item.id)
            found.append(item)
    if not found:
        raise EvaluationError(f"There are no labelled questions in {folder}. data/evaluation/ holds ours.")
    return found


def _labelled(path: Path, raw: Any) -> Labelled:
    if not isinstance(raw, dict) or not {"id", "question", "language", "expect"} <= set(raw):
        raise EvaluationError(f"{path}: {raw!r} lacks id, question, language or expect.")
    if unknown := set(raw) - _KEYS:
        raise EvaluationError(f"{path}: {raw['id']} has the unknown key {', '.join(sorted(unknown))}.")
    expect = raw["expect"]
    if expect.get("outcome") not in OUTCOMES:
        raise EvaluationError(
            f"{path}: {raw['id']} expects {expect.get('outcome')!r}; expected one of {', '.join(OUTCOMES)}."
        )
    if (expect["outcome"] == "answered") != bool(expect.get("entries")):
        raise EvaluationError(f"{path}: {raw['id']} needs entries when it is answered, and only then.")
    return Labelled(
        id=raw["id"],
        question=raw["question"],
        administration=raw.get("administration"),
        language=raw["language"],
        outcome=expect["outcome"],
        reason=expect.get("reason"),
        entries=tuple(expect.get("entries", ())),
        must=tuple(raw.get("must", ())),
        must_not=tuple(raw.get("must_not", ())),
        group=path.stem,
        held_out=path.parent.name == "held_out",
    )


def fast_part(questions: Iterable[Labelled], each: float = FAST_SHARE) -> list[Labelled]:
    """A small, fixed and fair part of the questions that are not held out: `each` of every outcome in every language, at least one.

    Which ones is settled by a hash of the id, so that a new question moves at most one of its own kind.
    """
    kinds: dict[tuple[str, str], list[Labelled]] = {}
    for question in questions:
        if not question.held_out:
            kinds.setdefault((question.reason or question.outcome, question.language), []).append(question)
    chosen = set()
    for kind in kinds.values():
        kind.sort(key=lambda question: hashlib.sha256(question.id.encode()).digest())
        chosen |= {question.id for question in kind[: max(1, round(len(kind) * each))]}
    return [question for question in questions if question.id in chosen]


def grade(question: Labelled, given: Given, words: Sequence[str] = (), banned: Sequence[str] = ()) -> Grade:
    """Judge `given`. `words` are what the text must hold (figures already as text), `banned` what it must not."""
    if question.outcome == "answered":
        told = given.reason == "which_fact" and given.entry in question.entries and not _lacking(given, words)
        if given.outcome == "asked_back" and not told:  # a sum that says by the right entry what holds, and asks on, has answered
            return Grade("asked_back", given.reason or "", bool(set(given.offered) & set(question.entries)))
        if given.outcome not in ("answered", "calculated", "asked_back"):
            return Grade("silent", f"{given.outcome} {given.reason or ''}".strip())
        if given.entry not in question.entries:
            return Grade("wrong", f"answered {given.entry}")
        text = plain(given.text)
        if missing := _lacking(given, words):
            return Grade("wrong", f"the answer lacks {', '.join(missing)}")
        if said := [word for word in banned if plain(word) in text]:
            return Grade("wrong", f"the answer says {', '.join(said)}")
        return Grade("right")
    if given.outcome in ("answered", "calculated"):
        return Grade("wrong", f"answered {given.entry}")
    if given.outcome == question.outcome:
        return Grade("right", "" if given.reason == question.reason else f"with the reason {given.reason}")
    return Grade("asked_back" if given.outcome == "asked_back" else "silent", f"{given.outcome} {given.reason or ''}")


def _lacking(given: Given, words: Sequence[str]) -> list[str]:
    text = plain(given.text)
    return [word for word in words if plain(word) not in text]


def plain(text: str) -> str:
    """Text for comparing: folded, without direction marks, every blank and digit the ordinary one."""
    text = _ISOLATES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    digits = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    return " ".join(digits.split())


def interval(values: Iterable[float], draws: int = 2000) -> tuple[float, float, float]:
    """The mean of `values` and its 95 % bootstrap interval; the same for the same values. NaN when there are none."""
    array = np.asarray(list(values), dtype=float)
    if not len(array):
        return (float("nan"),) * 3
    means = array[np.random.default_rng(7).integers(0, len(array), (draws, len(array)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(array.mean()), float(low), float(high)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counted half; NaN when either is empty."""
    if not len(positive) or not len(negative):
        return float("nan")
    difference = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def auroc_interval(
    positive: Sequence[float], negative: Sequence[float], draws: int = 500
) -> tuple[float, float, float]:
    """AUROC and its 95 % bootstrap interval."""
    random = np.random.default_rng(7)
    positive, negative = np.asarray(positive), np.asarray(negative)
    if not len(positive) or not len(negative):
        return (float("nan"),) * 3
    found = [
        auroc(random.choice(positive, len(positive)), random.choice(negative, len(negative))) for _ in range(draws)
    ]
    low, high = np.percentile(found, [2.5, 97.5])
    return auroc(positive, negative), float(low), float(high)


def rank_of(accepted: Iterable[str], ranked: Sequence[str]) -> int:
    """1 for the first of `ranked`; 0 when none of `accepted` is in it."""
    accepted = set(accepted)
    return next((place for place, entry in enumerate(ranked, 1) if entry in accepted), 0)
