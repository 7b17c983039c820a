"""Job 10: an auditor opens everything and changes nothing, by no button and by no address."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import AuditRow, Entry, Figure
from tests.console.jobs.staff import IN_EACH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@IN_EACH
def test_everything_is_read_and_nothing_changed(sit_down, worker, language) -> None:
    ann, ida = sit_down("ann", "author"), sit_down("ida", "auditor", language=language)
    entry, figure = Entry.objects.get(key="qm.cash.declare"), Figure.objects.get(key="qm.cash.over")
    edit = f"/snippets/guidance/entry/edit/{entry.pk}/"
    ann.opens(edit)
    ann.page.locator("#id_answer").fill("Declare {qm.cash.over}, please.")
    ann.submits()
    history = reverse(Entry.snippet_viewset.get_url_name("history"), args=[entry.pk])
    usage = reverse(Figure.snippet_viewset.get_url_name("usage"), args=[figure.pk])
    page = ida.page
    for path in ("/", "/snippets/guidance/entry/", "/snippets/guidance/figure/", history, usage, f"/review/entry/{entry.pk}/", "/publishing/",
                 "/publishing/releases", "/publishing/switches", "/publishing/notices", "/unanswered/", "/reports/", "/reports/guidance/",
                 "/guidance/audit/"):  # fmt: skip
        ida.opens(path)
        assert page.url.removeprefix(ida.address) == path, f"{path} is not open to an auditor"
        own = page.locator("main form[method=post]:not([action*=logout])")
        assert own.count() == 0, (path, own.first.evaluate("form => form.outerHTML")[:300])
    expect(page.get_by_role("cell", name=ida.say("asked for approval")).first).to_be_visible()
    ida.looks("audit")
    with page.expect_download():
        page.goto("about:blank")
        page.evaluate("address => { location = address }", f"{ida.address}/guidance/audit/?export=csv")

    client = Client()
    cookie = next(each for each in ida.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie["value"]
    before = AuditRow.objects.exclude(name="ida").count()
    state = Entry.objects.get(pk=entry.pk).current_workflow_task_state
    for path, data in (
        (edit, {"title": "Mine"}), (f"/review/entry/{entry.pk}/decide/", {"act": "approve", "revision": state.revision_id}),
        ("/publishing/switches", {"answer": "qm.cash.declare", "comment": "x"}), ("/publishing/notices", {"text_en": "x", "comment": "x"}),
        (f"/workflow/alone/entry/{entry.pk}/", {"act": "publish", "comment": "x"}), ("/users/new/", {"username": "x"}),
        (f"/exchange/figures/{figure.pk}/", {"value": "1", "note": "x", "submit": "1"}), ("/snippets/guidance/entry/add/", {"title": "x"}),
    ):  # fmt: skip
        client.post(path, data)
    assert AuditRow.objects.exclude(name="ida").count() == before
    kept = Entry.objects.get(pk=entry.pk)
    assert kept.workflow_in_progress and "please" not in kept.answer and kept.live
