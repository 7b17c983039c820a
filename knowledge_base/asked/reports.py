"""What happened, over time and by who, where and what: rows of plain numbers for tables, charts and CSV files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from customs.asked import Store

DAY = 86_400.0
OUTCOMES = ("answered", "calculated", "asked_back", "declined", "handed_over", "failed")
# What turns can be counted by; a topic is that of the entry that was answered.
DIMENSIONS = ("administration", "language", "channel", "topic", "outcome")
STEPS = {"day": 1, "week": 7}
NONE = "none"


@dataclass(frozen=True)
class Span:
    """From one moment to another (seconds since 1970, `until` not included), in steps of a day or a week."""

    since: float
    until: float
    step: str = "day"

    def steps(self) -> list[str]:
        """The first day (UTC, ISO) of each step; weeks begin on Monday."""
        day = _first_of_step(int(self.since // DAY), self.step)
        last = datetime.fromtimestamp(max(self.since, self.until - 1), timezone.utc).date()
        made = []
        while day <= last:
            made.append(day.isoformat())
            day += timedelta(days=STEPS[self.step])
        return made

    def step_of(self, at: float) -> str:
        """The step that holds `at`."""
        return _first_of_step(int(at // DAY), self.step).isoformat()


@lru_cache(maxsize=2_000)
def _first_of_step(day: int, step: str) -> date:
    """The first day of the step that holds `day` (days since 1970)."""
    found = datetime.fromtimestamp(day * DAY, timezone.utc).date()
    return found - timedelta(days=found.weekday()) if step == "week" else found


@dataclass(frozen=True)
class Filters:
    """Which turns count; None: all. `topic` goes by the entry."""

    administration: str | None = None
    language: str | None = None
    channel: str | None = None
    topic: str | None = None
    outcome: str | None = None

    def values(self) -> dict[str, str]:
        """Those that are set."""
        return {name: value for name in DIMENSIONS if (value := getattr(self, name))}


class Counted(NamedTuple):
    """One turn, as far as it is counted; small talk is none of them."""

    at: float
    person: str
    outcome: str
    reason: str | None
    administration: str
    language: str
    channel: str
    topic: str
    entry: str | None
    rating: str | None
    rating_reason: str | None
    said: str
    id: str
    comment: str | None


def turns_of(store: Store, span: Span, filters: Filters, topics: Mapping[str, str]) -> list[Counted]:
    """The questions of the span that fit the filters, oldest first; `topics` maps an entry's id to its topic."""
    columns = "at, person, outcome, reason, administration, language, channel, entry, rating, rating_reason, said, id, comment"
    rows = store.db.execute(
        f"SELECT {columns} FROM turns WHERE at >= ? AND at < ? AND outcome != 'smalltalk' ORDER BY at, id",
        (span.since, span.until),
    )
    wanted = filters.values()
    found = []
    for (
        at,
        person,
        outcome,
        reason,
        administration,
        language,
        channel,
        entry,
        rating,
        why,
        said,
        number,
        comment,
    ) in rows:
        topic = topics.get(entry or "", NONE)
        place, spoken = administration or NONE, language or NONE
        found.append(
            Counted(
                at, person, outcome, reason, place, spoken, channel, topic, entry, rating, why, said, number, comment
            )
        )
    return (
        [turn for turn in found if all(getattr(turn, name) == value for name, value in wanted.items())]
        if wanted
        else found
    )


def outcomes_over_time(turns: list[Counted], span: Span) -> list[dict[str, Any]]:
    """One row a step: `step`, `questions`, `people`, and the number of each outcome."""
    rows = {step: {"step": step, "questions": 0, "people": 0} | dict.fromkeys(OUTCOMES, 0) for step in span.steps()}
    people: dict[str, set[str]] = {step: set() for step in rows}
    for turn in turns:
        step = span.step_of(turn.at)
        rows[step]["questions"] += 1
        rows[step][turn.outcome] += 1
        people[step].add(turn.person)
    for step, persons in people.items():
        rows[step]["people"] = len(persons)
    return list(rows.values())


def by_dimension(turns: list[Counted], dimension: str) -> list[dict[str, Any]]:
    """One row a value of `dimension` (of `DIMENSIONS`), most questions first: people, questions, each outcome, thumbs, share without answer."""
    if dimension not in DIMENSIONS:
        raise ValueError(f"There is no dimension {dimension!r}; it is one of {', '.join(DIMENSIONS)}.")
    rows: dict[str, dict[str, Any]] = {}
    people: dict[str, set[str]] = {}
    for turn in turns:
        value = getattr(turn, dimension)
        row = rows.get(value)
        if row is None:
            row = {dimension: value, "questions": 0, "people": 0} | dict.fromkeys(OUTCOMES, 0) | {"up": 0, "down": 0}
            rows[value], people[value] = row, set()
        row["questions"] += 1
        row[turn.outcome] += 1
        if turn.rating:
            row[turn.rating] += 1
        people[value].add(turn.person)
    for value, row in rows.items():
        row["people"] = len(people[value])
        row["unanswered_percent"] = round(100 * (row["declined"] + row["failed"]) / row["questions"], 1)
    return sorted(rows.values(), key=lambda row: (-row["questions"], row[dimension]))


def top_entries(turns: list[Counted], most: int = 50) -> list[dict[str, Any]]:
    """The answers that most people got: `entry`, `topic`, `people`, `questions`, `up`, `down`."""
    rows: dict[str, dict[str, Any]] = {}
    people: dict[str, set[str]] = {}
    for turn in turns:
        if not turn.entry or turn.outcome not in {"answered", "calculated"}:
            continue
        row = rows.setdefault(
            turn.entry, {"entry": turn.entry, "topic": turn.topic, "people": 0, "questions": 0, "up": 0, "down": 0}
        )
        row["questions"] += 1
        if turn.rating:
            row[turn.rating] += 1
        people.setdefault(turn.entry, set()).add(turn.person)
    for entry, row in rows.items():
        row["people"] = len(people[entry])
    return sorted(rows.values(), key=lambda row: (-row["people"], -row["questions"], row["entry"]))[:most]


def failures(turns: list[Counted]) -> list[dict[str, Any]]:
    """What failed, by reason: `reason`, `questions`, `people`, `last` (ISO, UTC)."""
    found: dict[str, list[Counted]] = {}
    for turn in turns:
        if turn.outcome == "failed":
            found.setdefault(turn.reason or NONE, []).append(turn)
    rows = [
        {
            "reason": reason,
            "questions": len(each),
            "people": len({turn.person for turn in each}),
            "last": iso(each[-1].at),
        }
        for reason, each in found.items()
    ]
    return sorted(rows, key=lambda row: (-row["questions"], row["reason"]))


def feedback(turns: list[Counted]) -> list[dict[str, Any]]:
    """Thumbs by answer, the most thumbs down first: `entry`, `topic`, `up`, `down`, and the number of each reason given."""
    rows: dict[str, Counter[str]] = {}
    topics: dict[str, str] = {}
    for turn in turns:
        if turn.rating:
            name = turn.entry or NONE
            counter = rows.setdefault(name, Counter())
            counter[turn.rating] += 1
            topics[name] = turn.topic
            if turn.rating == "down" and turn.rating_reason:
                counter[turn.rating_reason] += 1
    keys = ("up", "down", "wrong", "outdated", "unclear", "no_answer")
    made = [
        {"entry": name, "topic": topics[name]} | {key: counter[key] for key in keys} for name, counter in rows.items()
    ]
    return sorted(made, key=lambda row: (-row["down"], -row["up"], row["entry"]))


def median_hours(seconds: list[float]) -> float | None:
    """The median of durations, in hours with one decimal; None when there is none."""
    if not seconds:
        return None
    ordered, middle = sorted(seconds), len(seconds) // 2
    value = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return round(value / 3600, 1)


def iso(at: float) -> str:
    """`at` as an ISO time of UTC, to the minute."""
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
