"""The groups of waiting questions as staff see them: who asked, where, in which language, and whether more or fewer ask than before."""

from __future__ import annotations

from collections import Counter
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
    titled = bool(store.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'titles'").fetchone())
    titles = dict(store.db.execute("SELECT group_id, turn FROM titles")) if titled else {}
    found: dict[str, Group] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    columns = "id, at, person, said, language, administration, channel, waiting, group_id"
    for turn, at, person, said, language, administration, channel, kind, name in store.db.execute(
        f"SELECT {columns} FROM turns WHERE {condition} ORDER BY at, id", values
    ):
        key = name or turn
        group = found.setdefault(key, Group(name, first_at=at))
        group.questions += 1
        group.last_at = at
        group.persons.add(person)
        if titles.get(key, turn) == turn or not group.title:  # without a title of its own: the latest
            group.title, group.title_turn = said, turn
        for counter, value in ((group.languages, language or "?"), (group.administrations, administration or "none"),
                               (group.kinds, kind), (group.channels, channel)):  # fmt: skip
            marked = seen.setdefault((key, f"{id(counter)}:{value}"), set())
            if person not in marked:
                marked.add(person)
                counter[value] += 1
        for period, start in (("recent", now - TREND_DAYS * DAY), ("before", now - 2 * TREND_DAYS * DAY)):
            end = now + DAY if period == "recent" else now - TREND_DAYS * DAY
            marked = seen.setdefault((key, period), set())
            if start <= at < end and person not in marked:
                marked.add(person)
                setattr(group, period, getattr(group, period) + 1)
    return sorted(found.values(), key=lambda group: (-group.people, -group.last_at))
