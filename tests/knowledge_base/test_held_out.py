"""The held-out questions: every entry and figure they name exists, and none repeats what the search learns from.

Failures print ids only: who reads them must not come to know the bank's wording, nor tune on the held-out one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from math import ceil

import pytest

from customs.settings import ROOT
from knowledge_base.evaluation import Labelled, read_questions
from knowledge_base.index.scope import read_examples
from knowledge_base.packs import pack_folders, read_pack

FOLDER = ROOT / "data" / "evaluation"
CONTENT = ROOT / "knowledge_base" / "content"
PACKS = ("ae", "eu", "gb", "us")
NEAR = 0.8  # share of words that two texts have in common, of all their words
FIGURE = re.compile(r"\{((?:ae|eu|gb|us)\.[a-z0-9_.]+)(?:\|[a-z]+)?\}")


@pytest.fixture(scope="module")
def held_out() -> list[Labelled]:
    return [question for question in read_questions(FOLDER) if question.held_out]


@pytest.fixture(scope="module")
def packs() -> dict:
    return {folder.name: read_pack(folder) for folder in pack_folders(CONTENT, PACKS)}


def words_of(text: str) -> frozenset[str]:
    """The words of `text` without case, accents and signs; a text without blanks between words gives pairs of signs."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(sign for sign in folded if not unicodedata.category(sign) == "Mn" or "\u0900" <= sign <= "\u097f")
    if re.search("[\u4e00-\u9fff]", folded):
        signs = [sign for sign in folded if sign.isalnum()]
        return frozenset(a + b for a, b in zip(signs, signs[1:], strict=False))
    return frozenset(re.findall(r"[^\W_]+", folded))


def near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the two share at least NEAR of all their words."""
    return bool(one or other) and len(one & other) >= NEAR * len(one | other)


def copies(questions: list[Labelled], known: list[str]) -> list[str]:
    """The ids of the questions that equal or nearly equal one of `known`."""
    holding: dict[str, set[frozenset[str]]] = defaultdict(set)
    for words in map(words_of, known):
        for word in words:
            holding[word].add(words)
    found = []
    for question in questions:
        own = words_of(question.question)
        # A near copy lacks at most a fifth of the words, so it holds one of the rarest of these.
        rarest = sorted(own, key=lambda word: len(holding[word]))[: len(own) - ceil(NEAR * len(own)) + 1]
        if any(near(own, other) for word in rarest for other in holding[word]):
            found.append(question.id)
    return found


def test_every_file_is_there(held_out: list[Labelled]) -> None:
    assert {question.group for question in held_out} == {*PACKS, "outside"}


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_has_many_of_every_kind(pack: str, held_out: list[Labelled]) -> None:
    own = [question for question in held_out if question.group == pack]
    assert len(own) >= 100
    assert all(question.answerable for question in own)
    languages = Counter(question.language for question in own)
    assert languages["en"] >= 80 and len(own) - languages["en"] >= 20
    assert len({question.entries[0] for question in own}) >= 75
    named = sum(question.administration is None for question in own) / len(own)
    assert 0.2 <= named <= 0.4, f"{named:.0%} name their administration in the question only"


def test_what_is_outside_is_of_every_kind(held_out: list[Labelled]) -> None:
    kinds = Counter(question.reason or question.outcome for question in held_out if question.group == "outside")
    assert kinds["no_guidance"] >= 30
    assert {"out_of_scope", "other_administration", "personal_case", "unlawful", "abuse", "handed_over"} <= set(kinds)


def test_every_entry_is_known(held_out: list[Labelled], packs: dict) -> None:
    known = {entry for pack in packs.values() for entry in pack.entries}
    wrong = [f"{question.id}: {entry}" for question in held_out for entry in question.entries if entry not in known]
    assert not wrong, "\n".join(wrong)


def test_every_figure_stands_in_every_accepted_answer(held_out: list[Labelled], packs: dict) -> None:
    answers = {name: str(entry.answer) for pack in packs.values() for name, entry in pack.entries.items()}
    wrong = []
    for question in held_out:
        for entry in question.entries:
            shown = set(FIGURE.findall(answers[entry]))
            wrong += [f"{question.id}: {entry} lacks {figure}" for figure in question.must if figure not in shown]
            wrong += [f"{question.id}: {entry} says {figure}" for figure in question.must_not if figure in shown]
    assert not wrong, "\n".join(wrong)


def test_none_repeats_what_the_search_learns_from(held_out: list[Labelled], packs: dict) -> None:
    entries = [entry for pack in packs.values() for entry in pack.entries.values()]
    known = [text for entry in entries for texts in entry.questions.values() for text in texts]
    known += [entry.title for entry in entries]
    known += [text for text, _ in read_examples(ROOT / "knowledge_base" / "scope")]
    assert not (found := copies(held_out, known)), "\n".join(found)


def test_none_repeats_another_labelled_question(held_out: list[Labelled]) -> None:
    others = [question.question for question in read_questions(FOLDER) if not question.held_out]
    assert not (found := copies(held_out, others)), "\n".join(found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("How many cigarettes?", "cigarettes, how many", True),
        ("how much wine may I bring", "how much wine may we bring", False),
        ("how much wine may I bring home now", "How much wine may I bring home?", True),
        ("可以带几条香烟", "可以带几条香烟？", True),
        ("可以带几条香烟", "可以带几瓶白酒", False),
    ],
)
def test_near_copies_are_seen(one: str, other: str, expected: bool) -> None:
    assert near(words_of(one), words_of(other)) is expected
