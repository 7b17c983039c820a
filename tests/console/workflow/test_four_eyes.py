"""Nobody approves what they wrote or touched, and what is published is exactly what was approved: every way around it, tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from knowledge_base.console.guidance.models import Administration, AuditRow, Entry, Guidance
from knowledge_base.console.guidance.signals import guidance_published
from tests.console.forms import form_of
from tests.console.workflow.acts import Browse, Person, change, decide, is_new, submit, url

pytestmark = pytest.mark.django_db


def test_a_second_person_approves_and_it_is_served(item: Guidance, person: Person) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    heard: list[Any] = []
    guidance_published.connect(
        lambda sender, instance, removed, **_: heard.append((instance.key, removed)), weak=False, dispatch_uid="t"
    )
    try:
        revision = change(item, ann)
        submit(item, ann)
        assert not is_new(item)
        decide(item, vera)
    finally:
        guidance_published.disconnect(dispatch_uid="t")
    assert is_new(item)
    assert type(item).objects.get(pk=item.pk).live_revision_id == revision.pk
    assert heard == [(item.key, False)]
    acts = list(AuditRow.objects.filter(key=item.key).order_by("pk").values_list("action", "name"))
    assert ("approval.submit", "ann") in acts and ("approval.approve", "vera") in acts


def test_nobody_approves_their_own(item: Guidance, person: Person) -> None:
    both = person("both", "author", "reviewer")
    change(item, both)
    submit(item, both)
    with pytest.raises(PermissionDenied, match="second person"):
        decide(item, both)
    assert not is_new(item)


def test_nobody_approves_after_an_edit_of_theirs_among_others(item: Guidance, person: Person) -> None:
    ann, both = person("ann", "author"), person("both", "author", "reviewer")
    change(item, both, "Perhaps")
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match="second person"):
        decide(item, both)


def test_nobody_approves_what_they_only_submitted(item: Guidance, person: Person) -> None:
    ann, both = person("ann", "author"), person("both", "author", "reviewer")
    change(item, ann)
    submit(item, both)
    with pytest.raises(PermissionDenied, match="second person"):
        decide(item, both)


def test_writing_before_the_served_version_is_no_bar(item: Guidance, person: Person) -> None:
    ann, both = person("ann", "author"), person("both", "author", "reviewer")
    change(item, both, "First")
    submit(item, both)
    decide(item, person("vera", "reviewer"))
    change(item, ann)
    submit(item, ann)
    decide(item, both)
    assert is_new(item)


def test_a_superuser_is_no_second_person(item: Guidance, person: Person) -> None:
    ann, root = person("ann", "author"), person("root")
    root.is_superuser = True
    root.save()
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match="Only reviewers"):
        decide(item, root)
    with pytest.raises(PermissionDenied, match="second person must approve"):
        type(item).objects.get(pk=item.pk).get_latest_revision().publish(user=root)
    with pytest.raises(PermissionDenied, match="second person must approve"):
        type(item).objects.get(pk=item.pk).unpublish(user=root)
    assert not is_new(item)


def test_a_reviewer_of_another_administration_does_not_approve(item: Guidance, person: Person) -> None:
    ann, far = person("ann", "author"), person("far", "reviewer", administrations=["qn"])
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match="administration"):
        decide(item, far)


@pytest.mark.parametrize("role", ["author", "translator", "publisher", "analyst", "auditor", "manager"])
def test_only_reviewers_approve(item: Guidance, person: Person, role: str) -> None:
    ann, other = person("ann", "author"), person("other", role)
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match="Only reviewers"):
        decide(item, other)


def test_nothing_is_changed_while_it_is_judged(item: Guidance, person: Person) -> None:
    ann, bob, vera = person("ann", "author"), person("bob", "author"), person("vera", "reviewer")
    change(item, ann)
    submit(item, ann)
    for user in (ann, bob, vera):
        with pytest.raises(PermissionDenied, match="waits for approval"):
            change(item, user, "Smuggled")
    decide(item, vera)
    assert is_new(item)


def test_an_edit_in_the_same_request_as_the_approval_does_not_go_live(
    item: Guidance, person: Person, browse: Browse
) -> None:
    ann, vera = person("ann", "author"), person("vera", "author", "reviewer")
    change(item, ann)
    submit(item, ann)
    data = form_of(browse(vera), url(item, "edit"))
    field = "answer" if isinstance(item, Entry) else "label"
    data |= {field: "Smuggled {qm.alcohol.wine}", "action-workflow-action": "1", "workflow-action-name": "approve"}
    browse(vera).post(url(item, "edit"), data)
    assert not is_new(item, "Smuggled")
    assert not type(item).objects.get(pk=item.pk).latest().latest_revision.content.get(field, "").startswith("Smuggled")


def test_what_was_changed_past_the_lock_is_not_published_by_the_approval(item: Guidance, person: Person) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    change(item, ann)
    submit(item, ann)
    row = type(item).objects.get(pk=item.pk)
    later = row.get_latest_revision()
    later.pk, later.created_at = None, timezone.now()  # written to the table by something that knows no lock
    later.save()
    with pytest.raises(PermissionDenied, match="changed after it was submitted"):
        decide(item, vera)
    assert not is_new(item)
    assert type(item).objects.get(pk=item.pk).current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS


def test_after_a_return_the_new_text_is_judged_and_published(item: Guidance, person: Person) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    change(item, ann, "Rejected")
    submit(item, ann)
    decide(item, vera, "reject", "Too short")
    revision = change(item, ann)
    submit(item, ann)
    row = type(item).objects.get(pk=item.pk)
    assert row.current_workflow_task_state.revision_id == revision.pk
    decide(item, vera)
    assert is_new(item)


def test_a_return_needs_a_word(item: Guidance, person: Person) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match="what should be changed"):
        decide(item, vera, "reject", "  ")


def test_a_request_of_another_item_is_not_approved_through_this_one(
    meridia: Administration, person: Person, browse: Browse
) -> None:
    both, ann = person("both", "author", "reviewer"), person("ann", "author")
    own, other = Entry.objects.get(key="qm.alcohol.allowance"), Entry.objects.get(key="qm.alcohol.over")
    change(own, both)
    submit(own, both)
    change(other, ann)
    submit(other, ann)
    state = Entry.objects.get(pk=own.pk).current_workflow_task_state
    # The address names the item that they may approve, and the request of the one that they wrote.
    browse(both).post(url(other, "workflow_action", "approve", state.pk), {"comment": ""})
    assert not is_new(own)


def test_a_draft_is_never_written_over(item: Guidance, person: Person, browse: Browse) -> None:
    ann = person("ann", "author")
    revision = change(item, ann, "First")
    data = form_of(browse(ann), url(item, "edit")) | {"overwrite_revision_id": revision.pk}
    browse(ann).post(url(item, "edit"), data)
    assert type(item).objects.get(pk=item.pk).revisions.filter(pk=revision.pk, created_at=revision.created_at).exists()
    row = type(item).objects.get(pk=item.pk)
    with pytest.raises(PermissionDenied, match="never written over"):
        row.save_revision(user=ann, overwrite_revision=revision)


@pytest.mark.parametrize("roles", [("author", "reviewer"), ("publisher", "author"), ("manager",)])
def test_no_button_of_wagtail_publishes_takes_off_or_deletes(
    item: Guidance, person: Person, browse: Browse, roles: tuple
) -> None:
    user = person("user", *roles)
    client = browse(user)
    if "author" in roles:
        assert b"action-publish" not in client.get(url(item, "edit")).content
        data = form_of(client, url(item, "edit"))
        data["answer" if isinstance(item, Entry) else "label"] = "Alone {qm.alcohol.wine}"
        client.post(url(item, "edit"), data | {"action-publish": "1"})
    client.post(url(item, "unpublish"), {})
    client.post(url(item, "delete"), {})
    bulk = reverse("wagtail_bulk_action", args=["guidance", type(item)._meta.model_name, "delete"])
    client.post(f"{bulk}?id={item.pk}", {})
    row = type(item).objects.get(pk=item.pk)
    assert row.live and not is_new(item, "Alone")


def test_who_cannot_write_cannot_open_the_editor_of_what_is_not_judged(
    item: Guidance, person: Person, browse: Browse
) -> None:
    for role in ("reviewer", "publisher", "analyst", "auditor", "manager"):
        assert browse(person(role, role)).get(url(item, "edit")).status_code == 302, role


@pytest.mark.parametrize(("first", "second"), [("approve", "reject"), ("reject", "approve")])
def test_two_reviewers_who_decide_at_once(item: Guidance, person: Person, first: str, second: str) -> None:
    """Both pages were loaded while it waited: the second person's decision finds it decided, whichever database keeps it."""
    ann, vera, rolf = person("ann", "author"), person("vera", "reviewer"), person("rolf", "reviewer")
    change(item, ann)
    submit(item, ann)
    row = type(item).objects.get(pk=item.pk)
    states = [TaskState.objects.get(pk=row.current_workflow_task_state.pk) for _ in range(2)]
    assert [state.workflow_state.current_task_state_id for state in states] == [states[0].pk] * 2
    task = states[0].task.specific
    task.on_action(states[0], vera, first, comment="Look again.")
    with pytest.raises(PermissionDenied, match="waits for approval now"):
        task.on_action(states[1], rolf, second, comment="Look again.")
    assert is_new(item) is (first == "approve")
    acts = AuditRow.objects.filter(key=item.key, action__in=("approval.approve", "approval.return"))
    assert [row.name for row in acts] == ["vera"]
