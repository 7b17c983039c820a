"""What waits for a second person, what is judged, and deciding on exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.workflow.authorship import why_not
from knowledge_base.console.workflow.models import SecondPersonTask


@dataclass(frozen=True)
class Judged:
    """`item` with the `revision` that is looked at: the one submitted (`state` is its request), else the newest draft, else None.

    `live` is what is served, None when nothing is; `why_not` why the reader may not decide, empty when they may.
    """

    item: Guidance
    live: Guidance | None
    revision: Any
    state: TaskState | None
    why_not: str

    @property
    def draft(self) -> Any:
        return self.revision.as_object() if self.revision is not None else self.item

    @property
    def author(self) -> Any:
        return self.revision.user if self.revision is not None else None


def kind_of(item: Guidance) -> str:
    """The kind of `item` as it stands in addresses."""
    return item._meta.model_name


def guidance_or_404(user: Any, kind: str, pk: int) -> Guidance:
    """The item in an address. Raises `Http404` for another kind and `PermissionDenied` for who may not read it."""
    models = {model._meta.model_name: model for model in Guidance.__subclasses__()}
    if kind not in models:
        raise Http404(f"There is no guidance of the kind {kind!r}; there: {', '.join(sorted(models))}.")
    if not user.has_perm(f"guidance.view_{kind}"):
        raise PermissionDenied(_("You may not read this."))
    return get_object_or_404(apps.get_model("guidance", kind), pk=pk)


def judged(item: Guidance, user: Any) -> Judged:
    """What is looked at of `item`, and whether `user` may decide on it."""
    state = item.current_workflow_task_state
    live = type(item)._default_manager.filter(pk=item.pk, live=True).first()
    if state is not None:
        reason = why_not(item, user, state.task.specific)
        return Judged(item, live, state.revision, state, str(reason or ""))
    revision = item.get_latest_revision() if item.has_unpublished_changes or not item.live else None
    return Judged(item, live, revision, None, _("Nobody has asked for the approval of this draft yet."))


@transaction.atomic
def decide(item: Guidance, user: Any, action: str, comment: str, revision: str) -> None:
    """Approve or return what the page showed. Raises `PermissionDenied` with the reason; the task itself decides who may.

    `revision` is the number of the version that was on the page: another one was not looked at.
    """
    # Two who decide at once: the second finds it decided.
    item = type(item)._default_manager.select_for_update().get(pk=item.pk)
    state = item.current_workflow_task_state
    if state is None or str(state.revision_id) != revision:
        raise PermissionDenied(_("This was decided or changed meanwhile. Look at it again."))
    state.task.specific.on_action(state, user, action, comment=comment)


def waiting_for(user: Any, most: int = 30) -> list[Judged]:
    """What `user` may approve now, what waits longest first."""
    states: list[TaskState] = []
    for task in SecondPersonTask.objects.filter(active=True):
        states += task.get_task_states_user_can_moderate(user).select_related("revision__user", "workflow_state")
    found = []
    for state in sorted(states, key=lambda state: state.started_at):
        item = state.workflow_state.content_object
        if isinstance(item, Guidance) and why_not(item, user, state.task.specific) is None:
            found.append(Judged(item, None, state.revision, state, ""))
    return found[:most]
