"""The groups of waiting questions as staff see them: who asked, where, in which language, and whether more or fewer ask than before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from customs.asked import Store

DAY = 86_400.0
TREND_DAYS = 7


@dataclass(frozen=True)
class Choice:
    """Which waiting questions are looked at; empty: all. Times are seconds since 1970; `until` is not included."""

    kinds: tuple[str, ...] = ()
    administrations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """The SQL condition and its values. The administration "none" stands for questions in which none is known."""
        parts, values = ["waiting IS NOT NULL"], []
        for column, wanted in (("waiting", self.kinds), ("language", self.languages), ("channel", self.channels),
                               ("coalesce(administration, 'none')", self.administrations)):  # fmt: skip
            if wanted:
                parts.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                values += wanted
        for comparison, at in ((">=", self.since), ("<", self.until)):
            if at is not None:
                parts.append(f"at {comparison} ?")
                values.append(at)
        return " AND ".join(parts), values


@dataclass
class Group:
    """Waiting questions of one meaning. `people` are persons, not messages; `recent` and `before` those of the last seven days and of
    the seven before. The counters hold persons by language, administration and why they wait. A question without a group yet is a group
    of its own with `id` None."""

    id: str | None
    title: str = ""
    title_turn: str = ""
    questions: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    persons: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    administrations: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    recent: int = 0
    before: int = 0

    @property
    def people(self) -> int:
        return len(self.persons)

    @property
    def trend(self) -> int:
        """How many more people asked in the last seven days than in the seven before."""
        return self.recent - self.before


def groups(store: Store, choice: Choice, now: float, ids: Sequence[str] | None = None) -> list[Group]:
    """The groups of what `choice` takes, most people first, then the latest; with `ids` only those."""
    condition, values = choice.condition()
    if ids is not None:
        condition += f" AND group_id IN ({', '.join('?' * len(ids))})"
        values = [*values, *ids]
    titles = dict(store.db.execute("SELECT group_id, turn FROM titles").fetchall())
    found: dict[str, Group] = {}
    people: dict[str, dict[tuple[str, str], set[str]]] = {}
    recent, before = now - TREND_DAYS * DAY, now - 2 * TREND_DAYS * DAY
    columns = "id, at, person, said, language, administration, channel, waiting, group_id"
    # The plus keeps SQLite from walking over all turns by their time instead of over those that wait.
    for turn, at, person, said, language, administration, channel, kind, name in store.db.execute(
        f"SELECT {columns} FROM turns WHERE {condition} ORDER BY +at, +id", values
    ):
        key = name or turn
        group = found.get(key)
        if group is None:
            group, people[key] = found.setdefault(key, Group(name, first_at=at)), defaultdict(set)
        group.questions += 1
        group.last_at = at
        group.persons.add(person)
        if titles.get(key, turn) == turn or not group.title:  # without a title of its own: the latest
            group.title, group.title_turn = said, turn
        who = people[key]
        who["languages", language or "?"].add(person)
        who["administrations", administration or "none"].add(person)
        who["kinds", kind].add(person)
        who["channels", channel].add(person)
        if at >= before:
            who["period", "recent" if at >= recent else "before"].add(person)
    for key, group in found.items():
        for (field_name, value), persons in people[key].items():
            if field_name == "period":
                setattr(group, value, len(persons))
            else:
                getattr(group, field_name)[value] = len(persons)
    return sorted(found.values(), key=lambda group: (-group.people, -group.last_at))
