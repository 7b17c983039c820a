"""What changes soon in the guidance that an answer rests on: a figure gets another value, an entry ends, another begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from knowledge_base.model import Entry, Figure

SOON_DAYS = 60


@dataclass(frozen=True)
class FigureChange:
    """From `day` on the figure has `value`; None when no later value is published. `before` is the value until then."""

    figure: Figure
    day: date
    before: Decimal | date | str
    value: Decimal | date | str | None


@dataclass(frozen=True)
class EntryChange:
    """From `day` on `entry` answers no more, or `successor` answers (too); `ends` tells which."""

    day: date
    ends: bool
    successor: Entry | None


def figure_changes(figures: Iterable[Figure], day: date, within_days: int = SOON_DAYS) -> list[FigureChange]:
    """The changes of `figures` after `day` and within so many days, the earliest first."""
    found = []
    last = day + timedelta(days=within_days)
    for figure in figures:
        current = next((period for period in figure.valid if period.holds_on(day)), None)
        if current is None or current.value is None or current.until is None or current.until >= last:
            continue
        change_on = current.until + timedelta(days=1)
        following = next((period for period in figure.valid if period.holds_on(change_on)), None)
        if following is None or following.value != current.value:
            found.append(FigureChange(figure, change_on, current.value, following.value if following else None))
    return sorted(found, key=lambda change: (change.day, change.figure.id))


def entry_changes(
    entry: Entry, entries: Iterable[Entry], topics: Mapping[str, str], day: date, within_days: int = SOON_DAYS
) -> list[EntryChange]:
    """Whether `entry` ends soon after `day`, and which entries of its topic, related to it, begin then or besides."""
    last = day + timedelta(days=within_days)
    starting = [
        other
        for other in entries
        if other.id != entry.id
        and other.effective.start is not None
        and day < other.effective.start <= last
        and topics.get(other.id) == topics.get(entry.id)
    ]
    until = entry.effective.until
    if until is not None and until < last:
        change_on = until + timedelta(days=1)
        successor = next((other for other in starting if other.effective.start == change_on), None)
        return [EntryChange(change_on, True, successor)]
    related = [other for other in starting if other.id in entry.related or entry.id in other.related]
    return [EntryChange(other.effective.start, False, other) for other in related if other.effective.start]
