"""Signing in and out goes on record."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from knowledge_base.console.guidance.audit import record


@receiver(user_logged_in)
def _in(sender: Any, user: Any, **kwargs: Any) -> None:
    record(user, "account.sign_in", user)


@receiver(user_logged_out)
def _out(sender: Any, user: Any = None, **kwargs: Any) -> None:
    if user is not None:
        record(user, "account.sign_out", user)


@receiver(user_locked_out)
def _locked_out(sender: Any, request: Any = None, username: str = "", **kwargs: Any) -> None:
    record(None, "account.locked_out", comment=str(username)[:200])
