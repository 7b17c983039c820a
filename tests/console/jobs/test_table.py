"""Job 9: guidance is taken away as a workbook, changed there, and brought back: a dry run shows every change before anything is laid down."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
KEY = "qm.vape.allowance"


def test_a_workbook_goes_out_is_changed_and_comes_back_after_a_dry_run(sit_down, bot, tmp_path) -> None:
    ann, vera = sit_down("ann", "author"), sit_down("vera", "reviewer")
    page = ann.page
    ann.opens("/exchange/tables/")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / "guidance.xlsx"
    taken.value.save_as(path)
    book = load_workbook(path)
    rows = {row[0].value: row for row in book["entries"].iter_rows() if row[0].value}
    columns = {cell.value: number for number, cell in enumerate(next(book["entries"].iter_rows(max_row=1)))}
    rows[KEY][columns["answer"]].value = "You may bring at most {qm.vape.limit} vapes, for yourself."
    rows["qm.pets.dog"][columns["audience"]].value = "nobody"
    book.save(path)

    ann.opens("/exchange/tables/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Show the changes").click()
    expect(page.locator("ins", has_text="at most").first).to_be_visible(timeout=120_000)
    expect(page.get_by_role("heading", name="Wrong rows: 1")).to_be_visible()
    ann.looks("dry-run")
    assert "at most" not in Entry.objects.get(key=KEY).latest().answer, "a dry run changes nothing"
    page.get_by_label("Leave the wrong rows out").check()
    page.get_by_label("Submit all drafts for approval").check()
    page.get_by_role("button", name="Lay down the drafts").click()
    expect(page.get_by_role("link", name="How many vapes can I bring?").first).to_be_visible(timeout=120_000)
    assert Entry.objects.get(key="qm.pets.dog").latest().audience == "traveller"
    vera.approves("How many vapes can I bring?")
    bot.until("how many vapes can i bring", lambda reply: "at most" in reply["text"])
