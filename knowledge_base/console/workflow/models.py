"""The task of the approval: a second person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from knowledge_base.console.guidance.audit import record
from knowledge_base.console.workflow.authorship import may_approve, why_not


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by somebody of the chosen groups who wrote nothing of it. Nobody edits meanwhile, superusers included."""

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    @transaction.atomic
    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        workflow_state.content_object.hold()  # a draft that is being saved at this moment is judged as well
        task_state = super().start(workflow_state, user=user)
        # Wagtail's cached revision may be the one that was returned; what is judged is the newest.
        task_state.revision = workflow_state.content_object.revisions.order_by("-created_at", "-pk").first()
        task_state.save(update_fields=["revision"])
        record(user, "approval.submit", workflow_state.content_object, revision=task_state.revision_id)
        return task_state

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Every way of approving ends here, so here it is refused. Raises `PermissionDenied` with the reason."""
        # The address names an object and a task state; only the state's own object counts.
        item = task_state.workflow_state.content_object
        # Two who decide at once: the second waits for the first, and finds it decided.
        item.hold()
        if TaskState.objects.get(pk=task_state.pk).status != TaskState.STATUS_IN_PROGRESS:
            raise PermissionDenied(str(_("This is not the request that waits for approval now.")))
        if action_name not in ("approve", "reject"):
            raise PermissionDenied(f"There is no action {action_name!r}: approve or reject.")
        if reason := why_not(item, user, self):
            raise PermissionDenied(str(reason))
        if task_state.workflow_state.current_task_state_id != task_state.pk:
            raise PermissionDenied(str(_("This is not the request that waits for approval now.")))
        comment = kwargs.get("comment", "")
        if action_name == "reject" and not comment.strip():
            raise PermissionDenied(str(_("Say what should be changed.")))
        record(
            user, "approval.approve" if action_name == "approve" else "approval.return", item, comment=comment,
            revision=task_state.revision_id,
        )  # fmt: skip
        super().on_action(task_state, user, action_name, **kwargs)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not may_approve(obj, user, self):
            return []
        return [("reject", _("Return with a comment"), True), ("approve", _("Approve"), True)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet:
        if not self._user_in_groups(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self._user_in_groups(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    @classmethod
    def get_description(cls) -> Any:
        return _("Somebody of the chosen groups who wrote nothing of it approves it")
