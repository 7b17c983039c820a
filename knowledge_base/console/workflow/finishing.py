"""What happens once a second person has approved: exactly what was approved is published."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision that was judged. Raises `PermissionDenied` when something newer lies there; nothing goes live then."""
    # Wagtail imports this module while its own models are being made.
    from knowledge_base.console.guidance.publication import publishing_allowed

    revision = workflow_state.current_task_state.revision
    item = workflow_state.content_object
    newest = item.revisions.order_by("-created_at", "-pk").first()
    if revision is None or newest is None or newest.pk != revision.pk:
        raise PermissionDenied(str(_("This was changed after it was submitted. It must be submitted again.")))
    with publishing_allowed():
        revision.publish(user=user, skip_permission_checks=True)
