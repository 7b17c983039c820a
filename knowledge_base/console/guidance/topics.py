"""The topics that answers are sorted by, and what languages are called."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from knowledge_base import packs
from knowledge_base.console.guidance.models import Administration, Entry
from knowledge_base.console.guidance.topic_names import topic_name
from knowledge_base.names import administration_name


@cache
def _listed() -> frozenset[str]:
    path = Path(packs.__file__).with_name("topics.yml")
    return frozenset(topic["id"] for topic in packs.read_yaml(path)["topics"])


def topics() -> list[tuple[str, str]]:
    """Every topic of the shared list and every one that an answer stands under, for a choice."""
    found = set(Entry.objects.order_by().values_list("topic", flat=True).distinct()) | _listed()
    return sorted(((topic, topic_name(topic)) for topic in found if topic), key=lambda each: (each[1].casefold(), each[0]))


def language_name(code: str) -> str:
    """What the language is called in the language of who is signed in; the code itself when nobody knows it."""
    try:
        return Locale.parse(code, sep="-").get_display_name(get_language() or "en") or code
    except (UnknownLocaleError, ValueError):
        return code


def administration_called(administration: Administration) -> str:
    """What the administration is called in the language of who is signed in."""
    return administration_name(administration.key, administration.name or {"en": administration.key}, get_language() or "en")
