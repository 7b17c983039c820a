"""Who made an account or gave it its roles: it may be a second name of theirs, so the two do not approve each other's work."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import AuditRow

RIGHTS, ADDED, CONFIRMED, ONE_TIME = "account.rights", "account.add", "account.confirm", "account.one_time_password"


def tied(user: Any, others: Collection[int]) -> bool:
    """Did one of `others` (accounts' numbers) make the account of `user` or give it a role, or `user` theirs?"""
    others = set(others) - {user.pk}
    return bool(others & makers(user.pk)) or any(user.pk in makers(other) for other in others)


def makers(account: int, asking: frozenset[int] = frozenset()) -> set[int]:
    """The people who made this account, switched it on, or gave it a role or a password, and whom nobody else has vouched for since.

    Another manager vouches by confirming the account, and the operator by giving it a one-time password on the command line.
    """
    rows = AuditRow.objects.filter(kind="user", key=str(account), action__in=[RIGHTS, ADDED, CONFIRMED, ONE_TIME])
    found: set[int] = set()
    for row in rows.order_by("pk"):
        if row.action == ONE_TIME and row.who_id is None:
            found.clear()
        elif row.action == CONFIRMED:
            found -= {one for one in found if _vouches(row.who_id, one, account, asking)}
        elif row.who_id not in (None, account) and _counts(row):
            found.add(row.who_id)
    return found


def record_rights(
    by: Any, user: Any, before: tuple[set[str], bool] | None, password: bool = False, **details: Any
) -> None:
    """Keep on record which roles `user` has now; `before` are those it had and whether it was active, None for a new account."""
    roles = set(user.groups.values_list("name", flat=True))
    had, was_active = before or (set(), False)
    record(
        by, RIGHTS, user, roles=sorted(roles), given=sorted(roles - had), made=before is None, active=user.is_active,
        activated=user.is_active and not was_active, password=password, **details,
    )  # fmt: skip


@transaction.atomic
def confirm(by: Any, user: Any) -> None:
    """`by` vouches that the account is that of another person, who uses it alone."""
    record(by, CONFIRMED, user)


def _counts(row: AuditRow) -> bool:
    # Rows of before tell only that the form was saved, which may have been for a role.
    return (
        row.action != RIGHTS
        or "given" not in row.details
        or any(row.details.get(key) for key in ("given", "made", "activated", "password"))
    )


def _vouches(by: int | None, maker: int, account: int, asking: frozenset[int]) -> bool:
    """Is `by` somebody else than the account and its maker, and no second name of the maker either?"""
    if by is None or by in (maker, account) or by in asking:
        return False
    return maker not in makers(by, asking | {account}) and by not in makers(maker, asking | {account})
