"""Answering only when sure: a system's threshold, and how many replies are then right, wrong or silent.

Every system may keep silent below a threshold on its own score. To compare them, each gets the threshold that lets it answer most on the
same questions, the half that ours was tuned on, with no more than `MOST_WRONG` of all replies wrong; then other questions are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.material import Ranking
from knowledge_base.evaluation import Labelled, interval, rank_of

MOST_WRONG = 0.02
SHOWN = 5


@dataclass(frozen=True)
class Judged:
    """One question and a system's ranking of it: the score of the entry on top, and whether that entry answers strictly."""

    question: Labelled
    place: int
    score: float
    right: bool


def judge(question: Labelled, ranking: Ranking, lacking: frozenset[tuple[str, str]] = frozenset()) -> Judged:
    """`lacking` are (question id, entry) pairs where an accepted entry does not hold what the reply must hold."""
    ranking = ranking[:SHOWN]
    if not ranking:
        return Judged(question, 0, float("-inf"), False)
    entry, score = ranking[0]
    right = entry in question.entries and (question.id, entry) not in lacking
    return Judged(question, rank_of(question.entries, [each for each, _ in ranking]), score, right)


def choose_threshold(judged: Sequence[Judged], most_wrong: float = MOST_WRONG) -> float:
    """The score from which on to answer: most right replies, wrong ones at most `most_wrong` of all questions.

    `inf` when there is no such score: the system had better say nothing.
    """
    best, threshold, right, wrong = 0, float("inf"), 0, 0
    ordered = sorted(judged, key=lambda each: -each.score)
    for number, each in enumerate(ordered):
        right, wrong = right + each.right, wrong + (not each.right)
        # Equal scores stand or fall together.
        if number + 1 < len(ordered) and ordered[number + 1].score == each.score:
            continue
        if wrong <= most_wrong * len(ordered) and right > best:
            best, threshold = right, each.score
    return threshold


def finding(judged: Sequence[Judged]) -> dict[str, tuple[float, float, float]]:
    """R@1, R@5 and MRR of the first five, each with its interval, of the questions that have an answer."""
    places = [each.place for each in judged if each.question.answerable]
    return {
        "r1": interval(place == 1 for place in places),
        "r5": interval(place > 0 for place in places),
        "mrr": interval(1 / place if place else 0.0 for place in places),
    }


def replying(judged: Sequence[Judged], threshold: float) -> dict[str, tuple[float, float, float]]:
    """Shares with intervals: right, wrong, silent of what has an answer; `answered_outside` of what has none."""
    answerable = [each for each in judged if each.question.answerable]
    outside = [each for each in judged if not each.question.answerable]
    return {
        "right": interval(each.right and each.score >= threshold for each in answerable),
        "wrong": interval(not each.right and each.score >= threshold for each in answerable),
        "silent": interval(each.score < threshold for each in answerable),
        "answered_outside": interval(each.score >= threshold for each in outside),
    }
