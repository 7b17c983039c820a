"""Laying down drafts in somebody's name, and submitting them: nothing here is ever served without a second person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.models import (
    Administration,
    Entry,
    Figure,
    Guidance,
    PackFile,
    RelatedEntry,
    Source,
)
from knowledge_base.console.guidance.shapes import fill_administration, fill_entry, fill_figure, fill_source


def why_not_now(item: Guidance, user: Any) -> str:
    """Why `user` cannot lay down a draft of `item` now; empty when they can."""
    if not may_work_on(user, item.administration_key):
        return _("You do not work on this administration.")
    if item.pk and item.workflow_in_progress:
        return _("It waits for approval and cannot be changed meanwhile.")
    if item.pk and item.locked and item.locked_by_id != user.pk:
        return _("It is locked by somebody else.")
    return ""


def hold_still(administration: Administration) -> None:
    """Until the transaction ends, nobody else changes what there is of the administration; they wait. In SQLite they wait for any other's end."""
    for kind in (Source, Figure, Entry, PackFile):
        rows = kind._default_manager.filter(administration=administration).order_by("pk")
        # Without their keys: others may still name these rows, as a new answer does that rests on a source.
        len(rows.select_for_update(no_key=True).values_list("pk"))


def lay_down(item: Guidance, user: Any) -> Any:
    """Keep `item` as a draft in the name of `user`; returns the revision. Raises `PermissionDenied` with the reason."""
    if reason := why_not_now(item, user):
        raise PermissionDenied(f"{item.key}: {reason}")
    if item.pk is None:
        item.live = False
        item.has_unpublished_changes = True
        item.position = _next_position(item)
        item.save()
    return item.save_revision(user=user, log_action=True)


def submit(item: Guidance, user: Any) -> WorkflowState | None:
    """Ask for the approval of the newest draft; one that was returned goes to the same people again. None without a workflow."""
    row = type(item)._default_manager.get(pk=item.pk)
    state = row.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
        return state
    workflow = row.get_workflow()
    return workflow.start(row, user) if workflow else None


def fill(item: Guidance, data: dict[str, Any], administration: Administration) -> None:
    """Put the plain data of any part of a pack into `item`. Raises KeyError for a source that is not there."""
    if isinstance(item, Administration):
        fill_administration(item, data)
        return
    if isinstance(item, PackFile):
        item.text = data["text"]
        return
    named = [data.get("source"), *(data.get("sources") or []), *(each["source"] for each in data.get("conflict") or [])]
    rows = Source.objects.filter(administration=administration, key__in=[key for key in named if key])
    sources = {row.key: row for row in rows}
    if isinstance(item, Source):
        fill_source(item, data)
    elif isinstance(item, Figure):
        fill_figure(item, data, sources)
    elif isinstance(item, Entry):
        fill_entry(item, data, sources)
        others = {entry.key: entry for entry in Entry.objects.filter(key__in=data.get("related") or [])}
        related = [key for key in data.get("related") or [] if key in others]
        item.related_entries = [RelatedEntry(sort_order=place, other=others[key]) for place, key in enumerate(related)]


def _next_position(item: Guidance) -> int:
    last = type(item)._default_manager.filter(administration=item.administration).order_by("-position").first()  # type: ignore[attr-defined]
    return last.position + 1 if last else 0
