"""Which questions of the topic list a pack answers, and which it knowingly leaves open.

`knowledge_base/topics.yml` is the list; `coverage.yml` in a pack says which of its entries answer which question, and why some are
left open. Nothing is guessed: an entry counts for the questions that its pack's coverage.yml names it under.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.model import Words
from knowledge_base.packs import Fault, PackFaults, read_model, read_yaml

TOPICS = Path(__file__).with_name("topics.yml")
FILE = "coverage.yml"
QuestionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(_Part):
    """A subject of customs with the questions that people ask about it, by id."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    audience: Literal["traveller", "trader", "both"]
    questions: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Words]


class _TopicFile(_Part):
    topics: list[Topic]


class Gap(_Part):
    """A question that a pack does not answer, why, and who can."""

    topic: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
    question: Words
    reason: Words
    ask: Words


class Coverage(_Part):
    """A pack's coverage.yml: `covered` maps a question of the topic list to the entries that answer it."""

    covered: dict[QuestionId, list[str]] = {}
    not_covered: list[Gap] = []


@dataclass(frozen=True)
class Asked:
    """A question of the topic list: `id` is `topic.question`."""

    id: str
    text: str


def questions(topic: Topic) -> list[Asked]:
    """The questions of one topic, in the order of the list."""
    return [Asked(f"{topic.id}.{name}", text) for name, text in topic.questions.items()]


@cache
def topics() -> tuple[Topic, ...]:
    """The topic list, in its order."""
    return tuple(_TopicFile.model_validate(read_yaml(TOPICS)).topics)


def known_questions() -> set[str]:
    """The ids of all questions of the topic list."""
    return {asked.id for topic in topics() for asked in questions(topic)}


def coverage_path(folder: Path) -> Path:
    """Where the pack in `folder` says what it covers; a pack need not."""
    return folder / FILE


def read_coverage(folder: Path) -> Coverage:
    """The coverage.yml of the pack in `folder`; empty when there is none. Raises `PackFaults` with every fault of form."""
    path = coverage_path(folder)
    if not path.exists():
        return Coverage()
    faults: list[Fault] = []
    coverage = read_model(path, Coverage, faults)
    if coverage is None:
        raise PackFaults(faults)
    return coverage
