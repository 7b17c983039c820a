"""What people do with guidance in these tests: change it, submit it, decide on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState

from knowledge_base.console.guidance.models import Entry, Guidance

Person = Callable[..., User]
Browse = Callable[[User], Client]
NEW = "Yes: an adult may bring"


def change(item: Guidance, user: User, text: str = NEW) -> Any:
    """A draft by `user`; returns the revision."""
    item = type(item).objects.get(pk=item.pk).latest()
    if isinstance(item, Entry):
        item.answer = f"{text} {{qm.alcohol.wine}} of wine.\n"
    else:
        item.label = text
    return item.save_revision(user=user)


def submit(item: Guidance, user: User) -> WorkflowState:
    item = type(item).objects.get(pk=item.pk)
    state = item.current_workflow_state
    if state is not None:
        return state.resume(user)
    return item.get_workflow().start(item, user)


def decide(item: Guidance, user: User, action: str = "approve", comment: str = "") -> None:
    item = type(item).objects.get(pk=item.pk)
    task_state = item.current_workflow_task_state
    task_state.task.specific.on_action(task_state, user, action, comment=comment)


def served(item: Guidance) -> str:
    row = type(item).objects.get(pk=item.pk)
    return row.answer if isinstance(row, Entry) else row.label


def is_new(item: Guidance, text: str = NEW) -> bool:
    return served(item).startswith(text)


def url(item: Guidance, name: str, *more: Any) -> str:
    return reverse(type(item).snippet_viewset.get_url_name(name), args=[item.pk, *more])
