"""Breaking the glass: publishing, taking off or calling off without a second person, with a reason that stays on record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.publication import publishing_allowed


def may_publish_alone(user: Any, item: Any) -> bool:
    """Is `user` a publisher of this administration?"""
    return user.has_perm("accounts.publish_alone") and not user.is_superuser and may_work_on(user, item.administration_key)


def publish_alone(item: Any, user: Any, comment: str) -> None:
    """Publish the newest draft of `item` at once. Raises `PermissionDenied` without the right or without a comment."""
    _refuse(item, user, comment)
    with transaction.atomic(), publishing_allowed():
        revision = item.get_latest_revision()
        record(user, "publish_alone", item, comment=comment, revision=revision.pk)
        revision.publish(user=user, skip_permission_checks=True)


def take_off_alone(item: Any, user: Any, comment: str) -> None:
    """Take `item` off at once; it stays as a draft. Raises `PermissionDenied` without the right or without a comment."""
    _refuse(item, user, comment)
    with transaction.atomic(), publishing_allowed():
        record(user, "take_off_alone", item, comment=comment)
        item.unpublish(user=user)


def unschedule_alone(item: Any, user: Any, comment: str) -> None:
    """Call off what was approved for a later moment; it can be edited again. Raises `PermissionDenied` as the others do."""
    _refuse(item, user, comment)
    with transaction.atomic():
        called_off = item.revisions.filter(approved_go_live_at__isnull=False)
        record(user, "unschedule_alone", item, comment=comment, revisions=list(called_off.values_list("pk", flat=True)))
        called_off.update(approved_go_live_at=None)


def _refuse(item: Any, user: Any, comment: str) -> None:
    if not may_publish_alone(user, item):
        raise PermissionDenied(str(_("Only publishers of this administration do this without a second person.")))
    if not comment.strip():
        raise PermissionDenied(str(_("Say why this cannot wait for a second person.")))
