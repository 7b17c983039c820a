"""The topics that answers are sorted by."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge_base import packs
from knowledge_base.console.guidance.models import Entry


@cache
def _listed() -> frozenset[str]:
    path = Path(packs.__file__).with_name("topics.yml")
    return frozenset(topic["id"] for topic in packs.read_yaml(path)["topics"])


def topics() -> list[tuple[str, str]]:
    """Every topic of the shared list and every one that an answer stands under, for a choice."""
    found = set(Entry.objects.order_by().values_list("topic", flat=True).distinct()) | _listed()
    return [(topic, topic.replace("_", " ")) for topic in sorted(found) if topic]
