"""Who wrote or touched what waits for approval, and who may therefore not approve it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.accounts.ties import tied


def writers(item: Any) -> set[int]:
    """The numbers of the accounts that wrote anything of what would go live, or asked for its approval.

    What would go live are the revisions since the served one; all of them when nothing is served.
    """
    revisions = item.revisions.filter(pk__gt=item.live_revision_id or 0)
    state = item.current_workflow_state
    asked_by = state.requested_by_id if state is not None else None
    return {*revisions.order_by().values_list("user_id", flat=True).distinct(), asked_by} - {None}


def why_not(item: Any, user: Any, task: Any) -> Any:
    """Why `user` may not approve or return `item` under `task`; None when they may."""
    if not user.is_active or not task._user_in_groups(user):
        return _("Only reviewers approve.")
    if not may_work_on(user, item.administration_key):
        return _("You do not work on this administration.")
    wrote = writers(item)
    if user.pk in wrote:
        return _("You wrote or changed this yourself, or asked for its approval: a second person must look at it.")
    if tied(user, wrote):
        return _(
            "Your account was made or given a role by somebody who wrote this, or theirs by you. Another reviewer must look at it; "
            "or another manager confirms the account first (Settings, Users)."
        )
    return None


def may_approve(item: Any, user: Any, task: Any) -> bool:
    """May `user` approve or return `item` under `task`?"""
    return why_not(item, user, task) is None
