"""What goes live later is what was approved, and what a publisher does alone has a reason and stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from knowledge_base.console.guidance.models import Administration, AuditRow, Entry, Guidance
from knowledge_base.console.workflow.alone import publish_alone, take_off_alone
from tests.console.workflow.acts import NEW, Browse, Person, change, decide, is_new, submit

pytestmark = pytest.mark.django_db


def test_scheduled_go_live_is_what_was_approved(item: Guidance, person: Person) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    draft = type(item).objects.get(pk=item.pk).latest()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    if isinstance(draft, Entry):
        draft.answer = f"{NEW} {{qm.alcohol.wine}}.\n"
    else:
        draft.label = NEW
    revision = draft.save_revision(user=ann)
    submit(item, ann)
    decide(item, vera)
    assert not is_new(item)
    call_command("publish_scheduled")
    assert not is_new(item)
    import time_machine

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("publish_scheduled")
    assert is_new(item)
    assert type(item).objects.get(pk=item.pk).live_revision_id == revision.pk


def test_what_is_scheduled_is_locked_until_a_publisher_calls_it_off(
    item: Guidance, person: Person, browse: Browse
) -> None:
    ann, vera, paul = person("ann", "author"), person("vera", "reviewer"), person("paul", "publisher")
    draft = type(item).objects.get(pk=item.pk).latest()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision(user=ann)
    submit(item, ann)
    decide(item, vera)
    assert type(item).objects.get(pk=item.pk).get_lock() is not None
    page = reverse("workflow:alone", args=[type(item)._meta.model_name, item.pk])
    assert b"Call off the schedule" in browse(paul).get(page).content
    assert browse(ann).post(page, {"act": "unschedule", "comment": "x"}).status_code == 302
    assert type(item).objects.get(pk=item.pk).scheduled_revision is not None
    browse(paul).post(page, {"act": "unschedule", "comment": "The law was put off"})
    assert type(item).objects.get(pk=item.pk).scheduled_revision is None
    assert AuditRow.objects.filter(action="unschedule_alone", comment="The law was put off", name="paul").exists()


def test_who_wrote_before_a_scheduled_version_went_live_may_judge_the_next(item: Guidance, person: Person) -> None:
    import time_machine

    ann, both, vera = person("ann", "author"), person("both", "author", "reviewer"), person("vera", "reviewer")
    draft = type(item).objects.get(pk=item.pk).latest()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision(user=both)
    submit(item, both)
    decide(item, vera)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("publish_scheduled")
        change(item, ann)
        submit(item, ann)
        decide(item, both)
        assert is_new(item)


def test_expiry_takes_off_by_itself(item: Guidance, person: Person) -> None:
    import time_machine

    ann, vera = person("ann", "author"), person("vera", "reviewer")
    draft = type(item).objects.get(pk=item.pk).latest()
    draft.expire_at = timezone.now() + timedelta(hours=1)
    draft.save_revision(user=ann)
    submit(item, ann)
    decide(item, vera)
    assert type(item).objects.get(pk=item.pk).live
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("publish_scheduled")
    assert not type(item).objects.get(pk=item.pk).live


def test_breaking_the_glass_needs_the_right_and_a_reason_and_stays_on_record(item: Guidance, person: Person) -> None:
    ann, paul = person("ann", "author"), person("paul", "publisher")
    change(item, ann)
    with pytest.raises(PermissionDenied, match="Only publishers"):
        publish_alone(type(item).objects.get(pk=item.pk), ann, "because")
    with pytest.raises(PermissionDenied, match="Say why"):
        publish_alone(type(item).objects.get(pk=item.pk), paul, " ")
    assert not is_new(item)
    publish_alone(type(item).objects.get(pk=item.pk), paul, "The old limit is fined from today")
    assert is_new(item)
    take_off_alone(type(item).objects.get(pk=item.pk), paul, "It was wrong after all")
    assert not type(item).objects.get(pk=item.pk).live
    rows = AuditRow.objects.filter(key=item.key, name="paul").order_by("pk").values_list("action", "comment")
    assert list(rows) == [
        ("publish_alone", "The old limit is fined from today"),
        ("take_off_alone", "It was wrong after all"),
    ]


def test_publishing_alone_ends_the_request_for_approval(item: Guidance, person: Person) -> None:
    ann, paul = person("ann", "author"), person("paul", "publisher")
    change(item, ann)
    submit(item, ann)
    publish_alone(type(item).objects.get(pk=item.pk), paul, "urgent")
    assert is_new(item)
    assert type(item).objects.get(pk=item.pk).current_workflow_state is None


def test_an_audit_row_is_never_changed_nor_deleted(meridia: Administration) -> None:
    row = AuditRow.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
