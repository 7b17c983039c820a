"""Every report as a table: its title, its columns in words, its rows. The pages and the CSV files show the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from knowledge_base.asked import reports
from knowledge_base.asked.groups import Choice, describe, first_feedback
from knowledge_base.asked.groups import counted as counted_groups
from knowledge_base.asked.reports import OUTCOMES, Counted, Filters, Span, iso
from knowledge_base.console.reports import curation, names
from knowledge_base.console.reports.forms import OUTCOME_NAMES
from knowledge_base.console.unanswered import handling
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.console.unanswered.forms import RATING_REASONS
from knowledge_base.console.unanswered.models import ANSWERED, DISMISSED, OPEN, QuestionGroup
from knowledge_base.console.unanswered.pages import when

DIMENSIONS = ("administration", "language", "channel", "topic")
MOST_WAITING = 50


@dataclass(frozen=True)
class Table:
    """Rows with the titles of their columns.

    `link` says which choices of the page "questions behind the figures" a row makes: name of the choice → the row's key. A cell of a
    column in `cells` makes one more. `words` says a value in the reader's language, by the column.
    """

    name: str
    title: str
    columns: dict[str, str]
    rows: Sequence[dict[str, Any]]
    link: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    bar: str = ""
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)

    def said(self, row: Mapping[str, Any], column: str) -> Any:
        """The cell in the reader's language."""
        value = row.get(column)
        return self.words.get(column, {}).get(value, value)

    def texts(self) -> list[dict[str, Any]]:
        """The rows for a file, in words."""
        return [{column: self.said(row, column) for column in self.columns} for row in self.rows]

    def lines(self, address: Callable[..., str] | None = None) -> list[dict[str, Any]]:
        """The rows for a page: the first cell and the others as text and link, the width of the bar in per cent.

        `address(at=…, outcome=…)` is where the questions behind a number are; without it nothing links there.
        """
        first, *others = self.columns
        most = max((row[self.bar] for row in self.rows), default=0) if self.bar else 0
        return [
            {
                "text": self.said(row, first),
                "href": self._href(row, address),
                "cells": [self._cell(row, column, address) for column in others],
                "bar": round(100 * row[self.bar] / most, 1) if most else None,
                "pk": row.get("pk"),
            }
            for row in self.rows
        ]

    def _href(self, row: Mapping[str, Any], address: Callable[..., str] | None, **more: str) -> str:
        if address is None or "href" in row:
            return row.get("href", "") if address else ""
        wanted = {choice: row[key] for choice, key in self.link.items()} | more
        return address(**wanted) if wanted else ""

    def _cell(self, row: Mapping[str, Any], column: str, address: Callable[..., str] | None) -> dict[str, Any]:
        linked = column in self.cells and row.get(column)
        return {
            "text": self.said(row, column),
            "title": self.columns[column],
            "href": self._href(row, address, **dict([self.cells[column]])) if linked else "",
        }


def counted(span: Span, filters: Filters) -> list[Counted]:
    """The questions that the reports count."""
    with asked_store() as store:
        return reports.turns_of(store, span, filters, curation.topics_of_entries())


def outcome_columns() -> dict[str, str]:
    return {outcome: str(OUTCOME_NAMES[outcome]) for outcome in OUTCOMES}


def over_time(turns: list[Counted], span: Span) -> Table:
    """Outcomes by day or week."""
    columns = {
        "step": _("Day") if span.step == "day" else _("Week from"),
        "questions": _("Questions"),
        "people": _("People"),
    }
    return Table(
        "outcomes",
        _("Outcomes over time"),
        columns | outcome_columns(),
        reports.outcomes_over_time(turns, span),
        {"at": "step"},
        _OUTCOME_CELLS,
        words={"step": {step: names.day(step) for step in span.steps()}},
    )


def by_dimension(turns: list[Counted], dimension: str) -> Table:
    """Outcomes by administration, language, channel or topic."""
    titles = {
        "administration": _("By administration"),
        "language": _("By language"),
        "channel": _("By channel"),
        "topic": _("By topic"),
    }
    headings = {
        "administration": _("Administration"),
        "language": _("Language"),
        "channel": _("Channel"),
        "topic": _("Topic"),
    }
    columns = {dimension: headings[dimension], "questions": _("Questions"), "people": _("People")} | outcome_columns()
    columns |= {"up": _("Thumbs up"), "down": _("Thumbs down"), "unanswered_percent": _("Without an answer, %")}
    rows = reports.by_dimension(turns, dimension)
    words = {dimension: names.of(dimension)}
    return Table(
        dimension,
        titles[dimension],
        columns,
        rows,
        {dimension: dimension},
        _OUTCOME_CELLS | _THUMB_CELLS,
        "questions",
        words,
    )


_OUTCOME_CELLS = {outcome: ("outcome", outcome) for outcome in OUTCOMES}
_THUMB_CELLS = {rating: ("rating", rating) for rating in ("up", "down")}


def top_answers(turns: list[Counted]) -> Table:
    """The questions that were answered most, by the answer that was given."""
    columns = {
        "entry": _("Question"),
        "topic": _("Topic"),
        "people": _("People"),
        "questions": _("Questions"),
        "up": _("Thumbs up"),
        "down": _("Thumbs down"),
    }
    rows = reports.top_entries(turns)
    words = {"entry": names.of_entries(row["entry"] for row in rows), "topic": names.of("topic")}
    return Table("top", _("Questions answered most"), columns, rows, {"entry": "entry"}, _THUMB_CELLS, "people", words)


def failures(turns: list[Counted]) -> Table:
    """What failed."""
    columns = {"reason": _("Reason"), "questions": _("Questions"), "people": _("People"), "last": _("Last")}
    rows = [row | {"outcome": "failed"} for row in reports.failures(turns)]
    words = {"reason": names.FAILURES | {"none": _("none known")}}
    return Table("failures", _("Failures"), columns, rows, {"outcome": "outcome", "reason": "reason"}, words=words)


def feedback(turns: list[Counted]) -> Table:
    """Thumbs and their reasons by answer."""
    columns = {"entry": _("Answer"), "topic": _("Topic"), "up": _("Thumbs up"), "down": _("Thumbs down"), "wrong": _("wrong"),
               "outdated": _("out of date"), "unclear": _("unclear"), "no_answer": _("no answer to the question")}  # fmt: skip
    rows = reports.feedback(turns)
    words = {
        "entry": names.of_entries(row["entry"] for row in rows) | {"none": _("no answer")},
        "topic": names.of("topic"),
    }
    return Table("feedback", _("Feedback"), columns, rows, {"entry": "entry"}, _THUMB_CELLS, words=words)


def questions(turns: list[Counted]) -> Table:
    """Every question with what came of it."""
    columns = {
        "at": _("When"), "said": _("Question"), "outcome": _("Outcome"), "reason": _("Reason"), "administration": _("Administration"),
        "language": _("Language"), "channel": _("Channel"), "topic": _("Topic"), "entry": _("Answer"), "title": _("Title"),
        "rating": _("Rating"), "rating_reason": _("Reason of the rating"), "comment": _("Remark"),
    }  # fmt: skip
    titles = names.of_entries(turn.entry for turn in turns if turn.entry)
    rows = [turn._asdict() | {"at": iso(turn.at), "title": titles.get(turn.entry or "", "")} for turn in turns]
    words = {name: names.of(name) for name in DIMENSIONS} | {
        "outcome": OUTCOME_NAMES, "reason": names.REASONS, "rating": {"up": _("thumbs up"), "down": _("thumbs down")},
        "rating_reason": RATING_REASONS,
    }  # fmt: skip
    return Table("questions", _("Questions"), columns, rows, words=words)


def top_waiting(span: Span, filters: Filters) -> Table:
    """The unanswered questions of most people."""
    wanted = {
        name: (value,) for name, value in filters.values().items() if name in {"administration", "language", "channel"}
    }
    choice = Choice(
        administrations=wanted.get("administration", ()), languages=wanted.get("language", ()), channels=wanted.get("channel", ()),
        since=span.since, until=span.until,
    )  # fmt: skip
    with asked_store() as store:
        found = counted_groups(store, choice, clock.now().timestamp())[:MOST_WAITING]
        describe(store, choice, found)
    states = handling.rows_of(group.id for group in found)
    rows = [
        {"question": group.title, "people": group.people, "questions": group.questions, "last": iso(group.last_at),
         "href": reverse("unanswered:group", args=[group.id]) if group.id else reverse("unanswered:conversation", args=[group.title_turn]),
         "state": str(states[group.id].get_state_display()) if group.id in states else _("waits")}
        for group in found
    ]  # fmt: skip
    columns = {
        "question": _("Question"),
        "people": _("People"),
        "questions": _("Questions"),
        "last": _("Last"),
        "state": _("State"),
    }
    return Table("waiting", _("Questions asked most without an answer"), columns, rows, bar="people")


def review_due(administration: str | None) -> Table:
    """Answers whose review is due."""
    columns = {
        "entry": _("Answer"),
        "title": _("Title"),
        "topic": _("Topic"),
        "review_by": _("Review by"),
        "overdue_days": _("Days overdue"),
    }
    return Table(
        "review", _("Review due within 30 days"), columns, curation.review_due(clock.now().date(), administration),
        words={"topic": names.of("topic")},
    )  # fmt: skip


def stale_translations(administration: str | None) -> Table:
    """Translations that are older than their original."""
    columns = {"entry": _("Answer"), "title": _("Title"), "language": _("Language")}
    return Table(
        "translations",
        _("Translations older than their original"),
        columns,
        curation.stale_translations(administration),
        words={"language": names.of("language")},
    )


def figures(turns: list[Counted], span: Span) -> list[tuple[str, Any]]:
    """The few numbers at the head of the page, each with its words."""
    all_ = len(turns)
    good = sum(turn.outcome in {"answered", "calculated"} for turn in turns)
    rated = [turn.rating for turn in turns if turn.rating]
    hours = reports.median_hours(
        handling.turnarounds(clock.now() - timedelta(seconds=clock.now().timestamp() - span.since))
    )
    return [
        (_("Questions"), all_),
        (_("People"), len({turn.person for turn in turns})),
        (_("Answered"), f"{round(100 * good / all_)} %" if all_ else "–"),
        (_("Thumbs up of all thumbs"), f"{rated.count('up')} / {len(rated)}"),
        (_("Hours until half of the questions are settled"), "–" if hours is None else hours),
        (
            _("Hours until half of the thumbs down and remarks are settled"),
            "–" if (late := feedback_hours(span)) is None else late,
        ),
        (_("Thumbs down and remarks that wait"), feedback_open()),
    ]


def feedback_hours(span: Span) -> float | None:
    """The median of hours from the first thumb down or remark in a group until staff settled it, of the groups settled in the span."""
    with asked_store() as store:
        first = first_feedback(store)
    settled = QuestionGroup.objects.filter(
        settled_at__gte=when(span.since), settled_at__lt=when(span.until), state__in=(ANSWERED, DISMISSED)
    )
    ends = [(key, at.timestamp()) for key, at in settled.values_list("key", "settled_at") if key in first]
    return reports.median_hours([end - first[key] for key, end in ends if end >= first[key]])


def feedback_open() -> int:
    """How many groups with a thumb down or a remark wait for staff."""
    with asked_store() as store:
        first = first_feedback(store)
    settled = QuestionGroup.objects.exclude(state=OPEN).values_list("key", flat=True)
    return len(first.keys() - set(settled))
