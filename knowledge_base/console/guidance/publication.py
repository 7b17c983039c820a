"""When may what is served change, and who is told: the one gate before publishing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from knowledge_base.console.guidance.models.base import Guidance
from knowledge_base.console.guidance.signals import guidance_published

_allowed: ContextVar[bool] = ContextVar("publishing_allowed", default=False)


@contextmanager
def publishing_allowed() -> Iterator[None]:
    """Inside, people may publish and take off: after an approval, or alone with a comment (workflow/alone.py). Nowhere else."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def refuse_unless_allowed(user: Any) -> None:
    """Raises `PermissionDenied` when a person publishes past the approval, superusers included.

    Without a person it is the console itself: the timer that carries out what was approved, the first import.
    """
    if user is not None and not _allowed.get():
        raise PermissionDenied(str(_("A second person must approve this before it is published.")))


@receiver(published)
def _published(sender: type, instance: Any, revision: Any = None, **kwargs: Any) -> None:
    # Wagtail sends it for what is only scheduled as well: nothing that is served has changed then.
    if isinstance(instance, Guidance) and instance.live and instance.live_revision_id == getattr(revision, "pk", None):
        guidance_published.send(sender=sender, instance=instance, removed=False)


@receiver(unpublished)
def _unpublished(sender: type, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Guidance):
        guidance_published.send(sender=sender, instance=instance, removed=True)
