"""What staff do about a group of questions. Every act writes an audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from customs.asked import Store
from knowledge_base.asked import grouping
from knowledge_base.asked.groups import Choice, Group, groups
from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.unanswered.models import ANSWERED, DISMISSED, DRAFTED, OPEN, QuestionGroup

MOST_NAMED = 500
HANDLE = "unanswered.handle_questions"


class NoSuchGroup(LookupError):
    """The group is gone: merged, or all its questions were deleted."""


def find(store: Store, key: str) -> Group:
    """The group `key` with all its questions. Raises `NoSuchGroup`."""
    found = groups(store, Choice(), clock.now().timestamp(), [key])
    if not found:
        raise NoSuchGroup(key)
    return found[0]


def refuse_unless_allowed(user: Any, group: Group) -> None:
    """Raises `PermissionDenied` unless `user` handles questions of one of the administrations that were asked about."""
    if not user.has_perm(HANDLE):
        raise PermissionDenied(_("Only authors handle questions."))
    about = [name for name in group.administrations if name != "none"]
    if about and not any(may_work_on(user, name) for name in about):
        raise PermissionDenied(_("You do not work on these administrations."))


@transaction.atomic
def assign(group: Group, to: Any, by: Any) -> None:
    """Give the group to `to`, or to nobody (None)."""
    refuse_unless_allowed(by, group)
    row = _row(group)
    row.assigned_to = to
    row.save()
    record(by, "questions.assign", row, to=to.get_username() if to else "")


@transaction.atomic
def dismiss(group: Group, reason: str, comment: str, by: Any) -> None:
    """Take the group out of the queue. Raises `ValueError` without a reason, or for "other" without a comment."""
    refuse_unless_allowed(by, group)
    if reason not in QuestionGroup.Reason.values:
        raise ValueError(_("Choose why these questions are dismissed."))
    if reason == QuestionGroup.Reason.OTHER and not comment.strip():
        raise ValueError(_("Say in the comment why these questions are dismissed."))
    row = _row(group)
    row.reason, row.comment = reason, comment.strip()
    _settle(row, group, DISMISSED, by)
    record(by, "questions.dismiss", row, comment=row.comment, reason=reason, people=group.people)


@transaction.atomic
def reopen(group: Group, by: Any) -> None:
    """Put a settled group back into the queue."""
    refuse_unless_allowed(by, group)
    row = _row(group)
    row.state, row.reason, row.settled_at, row.settled_by = OPEN, "", None, None
    row.save()
    record(by, "questions.reopen", row)


@transaction.atomic
def drafted(group: Group, entry_key: str, by: Any, action: str, **details: Any) -> None:
    """Note that a draft of the answer `entry_key` was made for the group; it is answered when that is published."""
    row = _row(group)
    row.entry_key, row.state = entry_key, DRAFTED
    row.asked_at, row.people = _time(group.first_at), group.people
    row.save()
    record(by, action, row, entry=entry_key, **details)


@transaction.atomic
def merge(store: Store, into: Group, others: Sequence[Group], by: Any) -> int:
    """Move the questions of `others` into the group `into`; returns how many moved."""
    for group in (into, *others):
        refuse_unless_allowed(by, group)
    keys = [group.id for group in others if group.id and group.id != into.id]
    row = _row(into)
    record(by, "questions.merge", row, others=keys)
    QuestionGroup.objects.filter(key__in=keys).delete()
    # Last, because the store knows no roll back of ours.
    return grouping.merge(store, into.id, keys)


@transaction.atomic
def take_out(store: Store, group: Group, turn: str, by: Any) -> str | None:
    """Put one question of the group into a group of its own; returns that group's id."""
    refuse_unless_allowed(by, group)
    record(by, "questions.take_out", _row(group), turn=turn)
    return grouping.take_out(store, turn)


def answered(entry_key: str) -> int:
    """The answer `entry_key` was published: its groups are answered; returns how many."""
    return QuestionGroup.objects.filter(entry_key=entry_key, state=DRAFTED).update(
        state=ANSWERED, settled_at=clock.now()
    )


def rows_of(keys: Iterable[str | None]) -> dict[str, QuestionGroup]:
    """The states of the groups that have one."""
    wanted = {key for key in keys if key}
    rows = QuestionGroup.objects.select_related("assigned_to", "settled_by")
    # Few groups have a state, and a database bounds how many values a condition names.
    found = rows.filter(key__in=wanted) if len(wanted) <= MOST_NAMED else rows
    return {row.key: row for row in found if row.key in wanted}


def state_of(group: Group, row: QuestionGroup | None) -> str:
    """The group's state; one that is asked again after it was answered waits again."""
    if row is None:
        return OPEN
    if row.state == ANSWERED and row.settled_at and group.last_at > row.settled_at.timestamp():
        return OPEN
    return row.state


def turnarounds(since: datetime) -> list[float]:
    """For each group settled since then the seconds from its first question."""
    rows = QuestionGroup.objects.filter(settled_at__gte=since, asked_at__isnull=False).values_list(
        "asked_at", "settled_at"
    )
    return [(settled - asked).total_seconds() for asked, settled in rows]


def _row(group: Group) -> QuestionGroup:
    if not group.id:
        raise NoSuchGroup(group.title_turn)
    return QuestionGroup.objects.select_for_update().get_or_create(key=group.id)[0]


def _settle(row: QuestionGroup, group: Group, state: str, by: Any) -> None:
    row.state, row.settled_at, row.settled_by = state, clock.now(), by
    row.asked_at, row.people = _time(group.first_at), group.people
    row.save()


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc)
