"""docs/coverage.md and docs/topics.md, written from the packs: what is covered, what is not, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge_base.checks.figures import conflicting_value, values
from knowledge_base.coverage import Asked, Coverage, questions, read_coverage, topics
from knowledge_base.model import Figure, Pack
from knowledge_base.packs import read_pack

_WRITTEN = "This page is written by `bin/customs coverage` from the packs: change those, not the page."
_INTRODUCTION = (
    "An answer is given only where somebody read a source. What is missing here is declined, and the reply names whom to ask. "
    "The questions are those of [topics.md](topics.md); a topic may have more answers than its questions, and an answer may serve several."
)


@dataclass(frozen=True)
class Covered:
    """A pack and what it says it covers."""

    pack: Pack
    coverage: Coverage

    @property
    def id(self) -> str:
        return self.pack.administration.id

    @property
    def name(self) -> str:
        return self.pack.administration.name_in("en")

    def answers(self, asked: Asked) -> bool:
        """Has the pack an entry for this question of the topic list?"""
        return bool(self.coverage.covered.get(asked.id))


def read_covered(folders: Sequence[Path]) -> list[Covered]:
    """The packs in `folders` with their coverage. Raises `PackFaults`."""
    return [Covered(read_pack(folder), read_coverage(folder)) for folder in folders]


def coverage_page(packs: Sequence[Covered]) -> str:
    """The public list as Markdown, dated by the newest day on which a page was read."""
    newest = max(_read_days(each)[1] for each in packs)
    lines = ["# What is covered, and what is not", "", f"As of {newest}. {_WRITTEN}", "", _INTRODUCTION, ""]
    lines += _table(["", *(each.name for each in packs)], [[name, *map(count, packs)] for name, count in _COUNTS])
    lines += ["", "## By topic", "", "How many of a topic's questions have an answer.", ""]
    lines += _table(["topic", "questions", *(each.name for each in packs)], _by_topic(packs))
    for each in packs:
        lines += ["", f"## {each.name}", *_gaps(each), *_open(each), *_doubtful(each)]
    return "\n".join(lines) + "\n"


def topics_page(packs: Sequence[Covered]) -> str:
    """The topic list as a Markdown checklist; a question is ticked when every pack answers it."""
    lines = ["# What people ask customs", "", _WRITTEN, ""]
    lines += [
        "The list itself is `knowledge_base/topics.yml`. A question is ticked when every administration has an answer."
    ]
    for topic in topics():
        lines += ["", f"## {topic.title} ({topic.audience})", ""]
        for asked in questions(topic):
            lacking = [each.id for each in packs if not each.answers(asked)]
            still = f" *Open: {', '.join(lacking)}.*" if lacking else ""
            lines.append(f"- [{' ' if lacking else 'x'}] `{asked.id}` {asked.text}{still}")
    return "\n".join(lines) + "\n"


def _read_days(each: Covered) -> tuple[date, date]:
    days = [source.checked for source in each.pack.sources.values()]
    return (min(days), max(days)) if days else (date.min, date.min)


def _for(audience: str) -> Callable[[Covered], str]:
    return lambda each: str(sum(entry.audience == audience for entry in each.pack.entries.values()))


def _with_status(status: str) -> Callable[[Covered], str]:
    return lambda each: str(sum(figure.status == status for figure in each.pack.figures.values()))


def _of_kind(kind: str) -> Callable[[Covered], str]:
    return lambda each: str(sum(source.kind == kind for source in each.pack.sources.values()))


def _all_topics(each: Covered) -> str:
    asked = [question for topic in topics() for question in questions(topic)]
    return f"{sum(map(each.answers, asked))} of {len(asked)}"


_COUNTS: tuple[tuple[str, Callable[[Covered], str]], ...] = (
    ("answers for travellers", _for("traveller")),
    ("answers for traders", _for("trader")),
    ("answers for both", _for("both")),
    ("questions of the topic list answered", _all_topics),
    ("figures", lambda each: str(len(each.pack.figures))),
    ("figures on which sources disagree", _with_status("conflicting")),
    ("figures not verified, so not published", _with_status("unverified")),
    ("official pages", _of_kind("official")),
    ("other pages", _of_kind("secondary")),
    ("pages read, first day", lambda each: str(_read_days(each)[0])),
    ("pages read, last day", lambda each: str(_read_days(each)[1])),
)


def _by_topic(packs: Sequence[Covered]) -> Iterator[list[str]]:
    for topic in topics():
        asked = questions(topic)
        yield [topic.title, str(len(asked)), *(str(sum(map(each.answers, asked))) for each in packs)]


def _gaps(each: Covered) -> Iterator[str]:
    if each.coverage.not_covered:
        yield from ("", "Known gaps, and whom to ask:", "")
        order = {topic.id: number for number, topic in enumerate(topics())}
        gaps = sorted(each.coverage.not_covered, key=lambda gap: order.get(gap.topic.split(".")[0], len(order)))
        yield from _table(
            ["question", "why there is no answer", "ask"], ([gap.question, gap.reason, gap.ask] for gap in gaps)
        )


def _open(each: Covered) -> Iterator[str]:
    told = {gap.topic for gap in each.coverage.not_covered}
    rest = []
    for topic in topics():
        texts = [
            asked.text for asked in questions(topic) if not each.answers(asked) and not {asked.id, topic.id} & told
        ]
        if texts:
            rest.append(f"- {topic.title}: {' '.join(texts)}")
    if rest:
        yield from ("", "No answer of its own yet:", "", *rest)


def _doubtful(each: Covered) -> Iterator[str]:
    figures = each.pack.figures.values()
    if conflicting := [figure for figure in figures if figure.status == "conflicting"]:
        yield from ("", "Sources disagree; the safe value is given:", "")
        yield from _table(["figure", "given", "also found"], (_conflict(figure) for figure in conflicting))
    if unverified := [figure for figure in figures if figure.status == "unverified"]:
        yield from ("", "Not verified, so not published:", "")
        yield from (f"- {figure.label}" for figure in unverified)


def _conflict(figure: Figure) -> list[str]:
    return [figure.label, values(figure), "; ".join(conflicting_value(figure, other) for other in figure.conflict)]


def _table(columns: Sequence[str], rows: Iterator[list[str]] | Sequence[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in row) + " |"
