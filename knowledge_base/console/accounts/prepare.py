"""Everything that must be there before the console opens: tables, roles, the shipped packs, a first user."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from axes.utils import reset
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django_otp import devices_for_user

from knowledge_base.console.accounts.rights import staff_member
from knowledge_base.console.accounts.roles import ensure_roles
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.tables import alone, bring_up_to_date
from knowledge_base.packs import pack_folders

FIRST_USER = "manager"
# Alone on a laptop one has all roles but the auditor's; nobody approves what they wrote even so.
FIRST_ROLES = ("manager", "author", "translator", "reviewer", "publisher", "analyst")


def prepare(content: Path, administrations: tuple[str, ...], say: Callable[[str], None]) -> None:
    """Set up what is missing; a second call changes nothing. Raises `PackError` for a pack that cannot be read, and `DatabaseProblem`."""
    with alone():
        bring_up_to_date(say)
        ensure_roles()
        known = set(Administration.objects.values_list("key", flat=True))
        for folder in pack_folders(content, [name for name in administrations if name not in known]):
            done = import_pack(folder)
            say(
                f"{folder.name}: {len(done.added.get('entry', []))} answers, {len(done.added.get('figure', []))} figures taken over"
            )
        if not get_user_model().objects.exists():
            password = add_member(FIRST_USER, FIRST_ROLES)
            say(f"Sign in as  {FIRST_USER}  with the one-time password  {password}")


def waits_for_first_sign_in() -> bool:
    """Has nobody but the first user an account, and has that one never signed in?"""
    return not get_user_model().objects.exclude(username=FIRST_USER, last_login=None).exists()


@transaction.atomic
def add_member(name: str, roles: tuple[str, ...], by: object = None) -> str:
    """Make the account `name` with these roles; returns its one-time password, which is kept nowhere else."""
    user = get_user_model().objects.create_user(username=name)
    user.groups.set(Group.objects.filter(name__in=roles))
    record(by, "account.add", user, roles=sorted(roles))
    return new_password(name, by)


@transaction.atomic
def new_password(name: str, by: object = None, **details: str) -> str:
    """Give the account `name` a new one-time password and return it; who is signed in with the old one is signed out, and a wait after
    wrong passwords is over. Raises `User.DoesNotExist`.
    """
    user = get_user_model().objects.get(username=name)
    password = "-".join(secrets.token_hex(2) for _ in range(4))  # read aloud and typed without slips
    user.set_password(password)
    user.save()
    staff_member(user).must_choose_a_password()
    reset(username=name)
    record(by, "account.one_time_password", user, **details)
    return password


@transaction.atomic
def drop_second_factor(name: str, **details: str) -> int:
    """Take the second factor off the account `name`, whose owner lost both the app and the emergency codes; returns how many were taken
    off. Raises `User.DoesNotExist`.
    """
    user = get_user_model().objects.get(username=name)
    devices = list(devices_for_user(user, confirmed=None))
    for device in devices:
        device.delete()
    if devices:
        record(None, "account.second_factor_off", user, **details)
    return len(devices)
