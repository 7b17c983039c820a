"""From Wagtail's signals to ours: what is served changed."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import published, unpublished

from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.guidance.signals import guidance_published


@receiver(published)
def _published(sender: type, instance: Any, revision: Any = None, **kwargs: Any) -> None:
    # Wagtail sends it for what is only scheduled as well: nothing that is served has changed then.
    if isinstance(instance, Guidance) and instance.live and instance.live_revision_id == getattr(revision, "pk", None):
        guidance_published.send(sender=sender, instance=instance, removed=False)


@receiver(unpublished)
def _unpublished(sender: type, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Guidance):
        guidance_published.send(sender=sender, instance=instance, removed=True)
