"""The roles and what each may do. A part of the console adds its own in `<part>/roles.py`: PERMISSIONS = {"author": ["exchange.add_upload"]}."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth.models import Group, Permission

log = logging.getLogger(__name__)
_KINDS = ("entry", "figure", "source", "administration", "packfile")


def _guidance(*actions: str) -> list[str]:
    return [f"guidance.{action}_{kind}" for action in actions for kind in _KINDS]


_ACCESS = ["wagtailadmin.access_admin"]
PERMISSIONS: dict[str, list[str]] = {
    "author": [*_ACCESS, *_guidance("view", "add", "change", "lock", "unlock")],
    # A translator opens an answer's editor and finds all but the translations locked (guidance/forms.py).
    "translator": [*_ACCESS, *_guidance("view"), "guidance.change_entry"],
    "reviewer": [*_ACCESS, *_guidance("view")],
    "publisher": [*_ACCESS, *_guidance("view"), "accounts.publish_alone", "accounts.read_audit"],
    "analyst": [*_ACCESS, *_guidance("view")],
    "auditor": [*_ACCESS, *_guidance("view"), "accounts.read_audit"],
    # Makes accounts and gives roles; writes and approves nothing.
    "manager": [*_ACCESS, *_guidance("view"), "auth.add_user", "auth.change_user", "auth.view_user", "accounts.read_audit"],
}
ROLES = tuple(PERMISSIONS)


def ensure_roles() -> None:
    """Make the groups with exactly these permissions, and the four-eyes workflow for all guidance. May be called again."""
    wanted = {role: list(names) for role, names in PERMISSIONS.items()}
    for part in settings.PARTS:
        module = f"knowledge_base.console.{part}.roles"
        if part != "accounts" and find_spec(module):
            for role, names in import_module(module).PERMISSIONS.items():
                wanted[role] += names
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in wanted.items():
        group, _ = Group.objects.get_or_create(name=role)
        for name in (name for name in names if name not in known):
            log.warning("the role %s has the permission %s, which no part of the console makes", role, name)
        group.permissions.set([known[name] for name in names if name in known])
    from knowledge_base.console.workflow.setup import ensure_workflow

    ensure_workflow()
