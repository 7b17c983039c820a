"""Every report as a table: its title, its columns in words, its rows. The pages and the CSV files show the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone as clock
from django.utils.translation import gettext as _

from knowledge_base.asked import reports
from knowledge_base.asked.groups import Choice, describe
from knowledge_base.asked.groups import counted as counted_groups
from knowledge_base.asked.reports import OUTCOMES, Counted, Filters, Span, iso
from knowledge_base.console.reports import curation
from knowledge_base.console.reports.forms import OUTCOME_NAMES
from knowledge_base.console.unanswered import handling
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.console.unanswered.forms import CHANNELS, LANGUAGES

DIMENSIONS = ("administration", "language", "channel", "topic")
MOST_WAITING = 50
_VALUES: dict[str, dict[str, Any]] = {"language": LANGUAGES, "channel": CHANNELS}


@dataclass(frozen=True)
class Table:
    """Rows with the titles of their columns; `link` names the filter that a row's first cell sets."""

    name: str
    title: str
    columns: dict[str, str]
    rows: Sequence[dict[str, Any]]
    link: str = ""
    bar: str = ""
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """For the page: the first cell as written and as kept, the other cells, the width of the bar in per cent."""
        first = next(iter(self.columns))
        most = max((row[self.bar] for row in self.rows), default=0) if self.bar else 0
        return [
            {
                "value": row[first],
                "text": self.words.get(row[first], row[first]),
                "cells": [row.get(column) for column in list(self.columns)[1:]],
                "bar": round(100 * row[self.bar] / most, 1) if most else None,
                "pk": row.get("pk"),
            }
            for row in self.rows
        ]


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
        link="step",
    )


def by_dimension(turns: list[Counted], dimension: str) -> Table:
    """Outcomes by administration, language, channel or topic."""
    titles = {
        "administration": _("By administration"),
        "language": _("By language"),
        "channel": _("By channel"),
        "topic": _("By topic"),
    }
    names = {
        "administration": _("Administration"),
        "language": _("Language"),
        "channel": _("Channel"),
        "topic": _("Topic"),
    }
    columns = {dimension: names[dimension], "questions": _("Questions"), "people": _("People")} | outcome_columns()
    columns |= {"up": _("Thumbs up"), "down": _("Thumbs down"), "unanswered_percent": _("Without an answer, %")}
    words = _VALUES.get(dimension, {}) | {"none": _("none known")}
    return Table(
        dimension, titles[dimension], columns, reports.by_dimension(turns, dimension), dimension, "questions", words
    )


def top_answers(turns: list[Counted]) -> Table:
    """The answers that most people got."""
    columns = {
        "entry": _("Answer"),
        "topic": _("Topic"),
        "people": _("People"),
        "questions": _("Questions"),
        "up": _("Thumbs up"),
        "down": _("Thumbs down"),
    }
    return Table("top", _("Answers given most"), columns, reports.top_entries(turns), bar="people")


def failures(turns: list[Counted]) -> Table:
    """What failed."""
    columns = {"reason": _("Reason"), "questions": _("Questions"), "people": _("People"), "last": _("Last")}
    return Table("failures", _("Failures"), columns, reports.failures(turns))


def feedback(turns: list[Counted]) -> Table:
    """Thumbs and their reasons by answer."""
    columns = {"entry": _("Answer"), "topic": _("Topic"), "up": _("Thumbs up"), "down": _("Thumbs down"), "wrong": _("wrong"),
               "outdated": _("out of date"), "unclear": _("unclear"), "no_answer": _("no answer to the question")}  # fmt: skip
    return Table("feedback", _("Feedback"), columns, reports.feedback(turns), words={"none": _("no answer")})


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
    return Table("waiting", _("Questions without an answer"), columns, rows, bar="people")


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
        "review", _("Review due within 30 days"), columns, curation.review_due(clock.now().date(), administration)
    )


def stale_translations(administration: str | None) -> Table:
    """Translations that are older than their original."""
    columns = {"entry": _("Answer"), "title": _("Title"), "language": _("Language")}
    return Table(
        "translations",
        _("Translations older than their original"),
        columns,
        curation.stale_translations(administration),
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
    ]
