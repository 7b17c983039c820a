"""Job 8: an analyst reads how the assistant does, opens what lies behind a column, and takes the table away as CSV."""

from __future__ import annotations

import csv
import io
import time

import pytest
from playwright.sync_api import expect

from customs.asked import AskedTurn
from knowledge_base.console.guidance.models import AuditRow
from knowledge_base.console.unanswered.asked import asked_store
from tests.console.jobs.staff import IN_EACH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@IN_EACH
def test_figures_of_use_the_conversations_behind_them_and_the_file(sit_down, worker, language) -> None:
    with asked_store() as store:
        store.add([
            AskedTurn(f"r{number}", time.time() - 3600 * number, f"person{number}", channel="telegram" if number % 2 else "web",
                      said=f"question number {number}", pressed=False, outcome="failed" if number == 4 else "answered",
                      reason="timeout" if number == 4 else None, language="en", administration="qm", answer="…",
                      entry=None if number == 4 else "qm.cash.declare", rating=("up", "down", None)[number % 3])
            for number in range(9)
        ])  # fmt: skip
    lina = sit_down("lina", "analyst", language=language)
    page = lina.page
    lina.opens("/reports/")
    lina.looks("reports")
    expect(page.locator("dl.asked-figures dd").filter(has_text="9").first).to_be_visible()
    with page.expect_download() as taken:
        page.locator("a[href*='/reports/csv/'], a[href*='csv']").first.click()
    with open(taken.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(io.StringIO(file.read())))
    assert len(rows) > 1 and len({len(row) for row in rows}) == 1
    assert (
        AuditRow.objects.filter(name="lina", action__contains="export").exists()
        or AuditRow.objects.filter(name="lina", action__contains="csv").exists()
    )
    page.locator("a[href*='/reports/questions/?'][href*='failed']").first.click()
    expect(page.get_by_role("cell", name="question number 4", exact=True)).to_be_visible()
    page.locator("a[href*='/unanswered/conversation/']").first.click()
    expect(page.get_by_text("question number 4").first).to_be_visible()
    lina.looks("conversation", judged=True)
    assert AuditRow.objects.filter(name="lina", action="conversation.read").exists()
