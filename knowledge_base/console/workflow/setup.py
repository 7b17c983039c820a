"""The workflow that all guidance goes through, made at the start."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.workflow.models import SecondPersonTask

NAME = "Four eyes"


def ensure_workflow() -> None:
    """One task, one workflow, every kind of guidance under it. May be called again."""
    task, _ = SecondPersonTask.objects.get_or_create(name="Second person")
    task.groups.set(Group.objects.filter(name="reviewer"))
    workflow, _ = Workflow.objects.get_or_create(name=NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    workflow.workflow_tasks.exclude(task=task.task_ptr).delete()
    for model in Guidance.__subclasses__():
        kind = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.update_or_create(content_type=kind, defaults={"workflow": workflow})
    # Wagtail's own example would let authors approve what they wrote.
    for old in Workflow.objects.exclude(pk=workflow.pk).filter(active=True):
        old.deactivate()
    for stock in GroupApprovalTask.objects.filter(active=True):
        stock.deactivate()
