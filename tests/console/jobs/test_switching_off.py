"""Job 5: an answer is wrong: a publisher switches it off, puts an urgent notice up elsewhere, and takes both back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import AuditRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
CASH, WINE = "declare cash", "how much wine can i bring"


def test_an_answer_is_off_within_seconds_and_a_notice_is_up(sit_down, bot) -> None:
    paul = sit_down("paul", "publisher")
    page = paul.page
    assert bot.ask(CASH)["entry"] == "qm.cash.declare"
    paul.opens("/publishing/switches")
    page.get_by_label("One answer").fill("When must I declare cash?")
    page.get_by_label("Why?").fill("The limit is disputed.")
    paul.looks("switches")
    page.get_by_role("button", name="Switch off", exact=True).click()
    expect(page.get_by_role("button", name="on again")).to_be_visible()
    off = bot.until(CASH, lambda reply: reply["reason"] == "switched_off", seconds=30)
    assert "helpline" in off["text"].lower() and "disputed" not in off["text"]

    paul.opens("/publishing/notices")
    page.get_by_label("One answer").fill("qm.alcohol.allowance")
    page.locator("[name=text_en]").fill("Strike at Northport on Monday.")
    page.locator("[name=text_ar]").fill("إضراب في نورثبورت يوم الاثنين.")
    page.get_by_label("Why?").fill("Told by the harbour.")
    page.get_by_role("button", name="Put it up").click()
    told = bot.until(WINE, lambda reply: "Strike at Northport" in reply["text"], seconds=30)
    assert told["blocks"][0]["type"] == "notice"
    arabic = bot.ask("كم لتر نبيذ مسموح", language="ar")["text"]
    assert "إضراب" in arabic
    page.get_by_role("button", name="Take away").click()
    bot.until(WINE, lambda reply: "Strike" not in reply["text"], seconds=30)
    paul.opens("/publishing/switches")
    page.get_by_role("button", name="on again").click()
    paul.sees("Nothing is switched off.")
    bot.until(CASH, lambda reply: reply["entry"] == "qm.cash.declare", seconds=30)
    assert AuditRow.objects.filter(name="paul", comment="The limit is disputed.").exists()
