"""The guidance in the menu, and an editor without the buttons that nobody may press."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from knowledge_base.console.guidance.viewsets import GuidanceGroup

register_snippet(GuidanceGroup)


class _AuditMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.read_audit")


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> MenuItem:
    return _AuditMenuItem(_("Audit log"), reverse("guidance:audit"), name="audit", icon_name="history", order=50)


_NOBODYS = {"action-publish", "action-unpublish", "action-cancel-workflow", "action-restart-workflow"}


@hooks.register("construct_snippet_action_menu")
def only_what_works(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    # Cancelling stays with who submitted: shown as the main button to everybody it invites slips.
    item = context.get("instance")
    state = getattr(item, "current_workflow_state", None)
    own = state is not None and state.requested_by_id == request.user.pk
    items[:] = [
        entry for entry in items if entry.name not in _NOBODYS or (own and entry.name == "action-cancel-workflow")
    ]
