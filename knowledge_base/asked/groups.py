"""The groups of waiting questions as staff see them: who asked, where, in which language, and whether more or fewer ask than before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from customs.asked import Store
from customs.asked.turns import COMMENTED, NOT_HELPFUL

DAY = 86_400.0
TREND_DAYS = 7
# Databases bound how many values a statement has.
_AT_ONCE = 500
_NOBODY: Counter[str] = Counter()  # shared by groups that are not described yet; nothing is counted into it


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
    the seven before. The counters (`Counter`) hold persons by language, administration and why they wait. A question without a group yet is a group
    of its own with `id` None. Title and counters are empty until `describe` fills them."""

    id: str | None
    title: str = ""
    title_turn: str = ""
    questions: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    people: int = 0
    languages: Counter[str] = field(default_factory=lambda: _NOBODY)
    administrations: Counter[str] = field(default_factory=lambda: _NOBODY)
    kinds: Counter[str] = field(default_factory=lambda: _NOBODY)
    channels: Counter[str] = field(default_factory=lambda: _NOBODY)
    recent: int = 0
    before: int = 0

    @property
    def trend(self) -> int:
        """How many more people asked in the last seven days than in the seven before."""
        return self.recent - self.before


def groups(store: Store, choice: Choice, now: float, ids: Sequence[str] | None = None) -> list[Group]:
    """The groups of what `choice` takes, most people first, then the latest, described; with `ids` only those."""
    found = counted(store, choice, now, ids)
    describe(store, choice, found)
    return found


def counted(store: Store, choice: Choice, now: float, ids: Sequence[str] | None = None) -> list[Group]:
    """As `groups`, but not described: for a list of which only a page is shown."""
    condition, values = choice.condition()
    if ids is not None:
        condition += f" AND group_id IN ({_marks(ids)})"
        values = [*values, *ids]
    recent, before = now - TREND_DAYS * DAY, now - 2 * TREND_DAYS * DAY
    # The database counts: a queue of months has thousands of groups, and a page shows few.
    rows = store.db.execute(
        "SELECT group_id, min(at), max(at), count(*), count(DISTINCT person),"
        " count(DISTINCT CASE WHEN at >= ? THEN person END), count(DISTINCT CASE WHEN at >= ? AND at < ? THEN person END)"
        f" FROM turns WHERE {condition} AND group_id IS NOT NULL GROUP BY group_id",
        (recent, before, recent, *values),
    )
    found = [
        Group(name, first_at=first, last_at=last, questions=questions, people=people, recent=new, before=old)
        for name, first, last, questions, people, new, old in rows.fetchall()
    ]
    alone = store.db.execute(f"SELECT id, at FROM turns WHERE {condition} AND group_id IS NULL", values)
    found += [
        Group(None, title_turn=turn, first_at=at, last_at=at, questions=1, people=1, recent=int(at >= recent), before=int(before <= at < recent))
        for turn, at in alone.fetchall()
    ]  # fmt: skip
    return sorted(found, key=lambda group: (-group.people, -group.last_at, group.id or group.title_turn))


def describe(store: Store, choice: Choice, found: Sequence[Group]) -> None:
    """Give `found`, groups of what `choice` takes, their titles and how many people asked in which language, where, why and by which channel."""
    together = {group.id: group for group in found if group.id}
    alone = {group.title_turn: group for group in found if not group.id}
    for start in range(0, len(found), _AT_ONCE):
        _describe(store, choice, dict(list(together.items())[start : start + _AT_ONCE]), "group_id")
        _describe(store, choice, dict(list(alone.items())[start : start + _AT_ONCE]), "id")


def people_who_wait(store: Store, choice: Choice, without: Sequence[str]) -> int:
    """How many people asked what `choice` takes, the groups `without` aside."""
    condition, values = choice.condition()
    if without:
        condition += f" AND (group_id IS NULL OR group_id NOT IN ({_marks(without)}))"
    query = f"SELECT count(DISTINCT person) FROM turns WHERE {condition}"
    return store.db.execute(query, (*values, *without)).fetchone()[0]


def first_feedback(store: Store) -> dict[str, float]:
    """When the first thumb down or remark came in each group that has one: seconds since 1970 by the group's id."""
    query = (
        "SELECT group_id, min(rated_at) FROM turns WHERE waiting IN (?, ?) AND group_id IS NOT NULL GROUP BY group_id"
    )
    return {group: at for group, at in store.db.execute(query, (NOT_HELPFUL, COMMENTED)).fetchall() if at is not None}


def _describe(store: Store, choice: Choice, groups_: dict[str, Group], column: str) -> None:
    if not groups_:
        return
    condition, values = choice.condition()
    titles = dict(
        store.db.execute(
            f"SELECT group_id, turn FROM titles WHERE group_id IN ({_marks(groups_)})", [*groups_]
        ).fetchall()
    )
    people: dict[str, dict[tuple[str, str], set[str]]] = {key: defaultdict(set) for key in groups_}
    columns = f"{column}, id, person, said, language, administration, channel, waiting"
    # The plus keeps SQLite from walking over all turns by their time instead of over those of the groups.
    for key, turn, person, said, language, administration, channel, kind in store.db.execute(
        f"SELECT {columns} FROM turns WHERE {condition} AND {column} IN ({_marks(groups_)}) ORDER BY +at, id",
        (*values, *groups_),
    ):
        group = groups_[key]
        if titles.get(key, turn) == turn or not group.title:  # without a title of its own: the latest
            group.title, group.title_turn = said, turn
        who = people[key]
        who["languages", language or "?"].add(person)
        who["administrations", administration or "none"].add(person)
        who["kinds", kind].add(person)
        who["channels", channel].add(person)
    for key, group in groups_.items():
        group.languages, group.administrations, group.kinds, group.channels = (
            Counter({value: len(persons) for (name, value), persons in people[key].items() if name == counted_by})
            for counted_by in ("languages", "administrations", "kinds", "channels")
        )


def _marks(values: Sequence[str] | dict[str, Group]) -> str:
    return ", ".join("?" * len(values))
