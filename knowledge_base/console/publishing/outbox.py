"""The outbox: what was published, in the order of publication, until a release has it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from knowledge_base.console.guidance.signals import guidance_published
from knowledge_base.console.publishing.models import Hold, OutboxRow, Publication

_AGAIN = "again"


@receiver(guidance_published)
def note_change(sender: type, instance: Any, removed: bool = False, **kwargs: Any) -> None:
    """Called inside the transaction of the publication: neither is there without the other."""
    author = getattr(getattr(instance, "live_revision", None), "user", None) if not removed else None
    OutboxRow.objects.create(
        kind=sender._meta.model_name,
        key=instance.key,
        administration=getattr(instance, "administration_key", "") or "",
        label=str(instance)[:500],
        removed=removed,
        by=author.get_username() if author else "",
    )


def ask_again(by: str) -> OutboxRow:
    """Have everything that is published built once more, after a fault outside the texts was mended."""
    return OutboxRow.objects.create(kind=_AGAIN, key="", by=by)


def waiting() -> Any:
    """The rows that no publication has taken along."""
    return OutboxRow.objects.filter(publication=None)


@transaction.atomic
def take_along() -> Publication | None:
    """A new publication of all that waits; None when nothing does, or while publishing is held."""
    if current_hold():
        return None
    rows = list(waiting().select_for_update())
    if not rows:
        return None
    names = sorted({row.by for row in rows if row.by})
    publication = Publication.objects.create(by=", ".join(names)[:400])
    waiting().filter(pk__in=[row.pk for row in rows]).update(publication=publication)
    return publication


def changed_administrations(publication: Publication) -> set[str] | None:
    """The administrations that a publication is about; None when it may be any."""
    rows = list(publication.rows.values_list("kind", "administration"))
    return None if any(kind == _AGAIN or not key for kind, key in rows) else {key for _kind, key in rows}


@transaction.atomic
def give_back_interrupted() -> int:
    """After a crash: what a publication had taken along waits again, and the publication says so. Returns how many there were.

    Only for the one worker that holds the lock: it knows that nobody else builds.
    """
    reason = "The machine or the worker stopped in the middle. It is built again."
    found = list(Publication.objects.filter(state=Publication.State.BUILDING))
    for publication in found:
        publication.rows.update(publication=None)
        publication.state, publication.reasons, publication.ended_at = (
            Publication.State.FAILED,
            [reason],
            timezone.now(),
        )
        publication.save()
    return len(found)


def current_hold() -> Hold | None:
    """The hold, None when publications go on."""
    return Hold.objects.filter(ended_at=None).first()
