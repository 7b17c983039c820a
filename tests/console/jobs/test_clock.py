"""Job 4, its second half: what is approved for a moment goes live at that moment, by the worker's own clock and nobody's hand."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


def test_an_approved_answer_waits_for_its_moment(sit_down, bot, worker, monkeypatch) -> None:
    entry = Entry.objects.get(key="qm.cash.declare")
    draft = entry.latest()
    draft.answer = "Declare {qm.cash.over} or more on the new form."
    draft.go_live_at = timezone.now() + timedelta(days=1)
    ann, vera = sit_down("ann", "author"), sit_down("vera", "reviewer")
    draft.save_revision(user=User.objects.get(username="ann"))
    ann.opens(f"/snippets/guidance/entry/edit/{entry.pk}/")
    ann.submits()
    vera.approves(str(entry))
    time.sleep(1.5)  # the worker looks at its time table twice
    assert "new form" not in Entry.objects.get(pk=entry.pk).answer
    assert "new form" not in bot.ask("declare cash")["text"]
    now = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + timedelta(days=1, minutes=1))
    bot.until("declare cash", lambda reply: "new form" in reply["text"])
    monkeypatch.undo()
    ann.opens(f"/snippets/guidance/entry/edit/{entry.pk}/")
    expect(ann.page.locator("#id_answer")).to_have_value("Declare {qm.cash.over} or more on the new form.")
