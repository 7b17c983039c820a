"""Who may work on which administration and in which language."""

from __future__ import annotations

from typing import Any

from knowledge_base.console.accounts.models import StaffMember


def staff_member(user: Any) -> StaffMember:
    """What is known of `user`; made at the first call. Kept on the user for the length of a request."""
    known = getattr(user, "_staff_member", None)
    if known is None:
        known = user._staff_member = StaffMember.objects.get_or_create(user=user)[0]
    return known


def may_work_on(user: Any, administration: str) -> bool:
    """May `user` write, translate or approve for the administration with this id?"""
    allowed = staff_member(user).administrations
    return not allowed or administration in allowed


def may_write_in(user: Any, language: str) -> bool:
    """May `user` write or translate in this language?"""
    allowed = staff_member(user).languages
    return not allowed or language in allowed


def is_in(user: Any, *roles: str) -> bool:
    """Has `user` one of these roles? Asked once a request."""
    known = getattr(user, "_roles", None)
    if known is None:
        known = user._roles = frozenset(user.groups.values_list("name", flat=True))
    return not known.isdisjoint(roles)
