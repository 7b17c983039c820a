"""A group of questions is answered when the answer that was drafted for it is published."""

from __future__ import annotations

from typing import Any

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.unanswered.handling import answered


def entry_published(sender: type, instance: Any, removed: bool = False, **kwargs: Any) -> None:
    """Receives `guidance_published`, inside the publishing's transaction."""
    if isinstance(instance, Entry) and not removed:
        answered(instance.key)
