"""Reports on the guidance itself: what is due for review, and which translations are older than their original."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from knowledge_base.console.guidance.models import Entry

SOON_DAYS = 30


def review_due(today: date, administration: str | None = None, days: int = SOON_DAYS) -> list[dict[str, Any]]:
    """Served answers whose review is due within `days`, the latest overdue first: entry, title, administration, topic, review_by, overdue_days."""
    entries = Entry.objects.filter(live=True, review_by__lte=today + timedelta(days=days)).select_related(
        "administration"
    )
    if administration:
        entries = entries.filter(administration__key=administration)
    return [
        {"entry": entry.key, "title": entry.title, "administration": entry.administration.key, "topic": entry.topic,
         "review_by": entry.review_by.isoformat(), "overdue_days": max(0, (today - entry.review_by).days), "pk": entry.pk}
        for entry in entries.order_by("review_by", "key")
    ]  # fmt: skip


def stale_translations(administration: str | None = None) -> list[dict[str, Any]]:
    """Served translations that were made from an earlier original: entry, title, administration, language."""
    entries = Entry.objects.filter(live=True).select_related("administration").prefetch_related("translations")
    if administration:
        entries = entries.filter(administration__key=administration)
    return [
        {
            "entry": entry.key,
            "title": entry.title,
            "administration": entry.administration.key,
            "language": language,
            "pk": entry.pk,
        }
        for entry in entries.order_by("key")
        for language in sorted(entry.stale_translations())
    ]


def topics_of_entries() -> dict[str, str]:
    """The topic of each answer, by its id."""
    return dict(Entry.objects.values_list("key", "topic"))
