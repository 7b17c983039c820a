"""Who may do what to which guidance: the role's permission, and the rights by administration."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from knowledge_base.console.accounts.rights import may_work_on

# Wagtail's own ways to publish, take off and delete are closed to everybody: what is served changes by an approval,
# or alone with a reason (workflow/alone.py).
_CLOSED = frozenset({"publish", "delete"})


class ByAdministration(ModelPermissionPolicy):
    """Django's permissions, narrowed to the administrations that somebody works on."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in _CLOSED and super().user_has_permission(user, action)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        return action == "view" or instance.pk is None or may_work_on(user, instance.administration_key)
