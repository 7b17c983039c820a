"""Job 2: a new answer, from the empty page to the bot: written, returned, corrected, tried, approved, published, asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import AuditRow, Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
TITLE = "May I bring a telescope?"
QUESTIONS = """may i bring a telescope
telescope in my luggage
astronomy telescope at customs
is a telescope free of duty
telescope worth a lot
carrying a telescope through the airport
do i declare my telescope
stargazing telescope import
"""


def test_from_the_empty_page_to_the_bot(sit_down, bot) -> None:
    assert bot.ask("may i bring a telescope")["outcome"] != "answered"
    ann, vera = sit_down("ann", "author"), sit_down("vera", "reviewer")
    page = ann.page
    ann.opens("/snippets/guidance/entry/add/")
    page.get_by_role("button", name="Choose administration").click()
    page.locator(".modal").get_by_role("link", name="Meridia").click()
    expect(page.locator(".modal")).to_have_count(0)
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_answer").fill("Yes, as a gift of up to ")
    page.get_by_role("button", name="Insert a figure").first.click()
    page.get_by_label("Look for a figure").first.fill("gift")
    page.get_by_role("button", name="Value of a gift parcel").click()
    expect(page.locator("#id_answer")).to_have_value("Yes, as a gift of up to {qm.gift.limit}")
    page.locator("#id_topic").select_option("goods")
    page.locator("#id_audience").select_option("traveller")
    page.locator("#id_review_by").fill("2027-05-21")
    page.get_by_role("button", name="Choose source").first.click()
    page.locator(".modal").get_by_role("link", name="Arriving in Meridia").click()
    page.get_by_role("tab", name="Questions").click()
    page.get_by_label("English", exact=True).fill(QUESTIONS)
    ann.looks("new-answer")
    ann.submits()
    key = Entry.objects.get(title=TITLE).key
    assert key == "qm.goods.may_i_bring_a_telescope"

    vera.reviews(TITLE)
    expect(vera.page.frame_locator("iframe").first.get_by_text("as a gift")).to_be_visible()
    vera.link("Try it").click()
    vera.page.locator("#review-question").fill("can i take my telescope with me")
    vera.button("Ask").click()
    expect(vera.page.locator(".review-telegram").nth(1)).to_contain_text("as a gift", timeout=120_000)
    vera.page.go_back()
    vera.page.go_back()
    vera.complete()
    vera.page.get_by_label("Comment").fill("Say that it must be for their own use.")
    vera.button("Return with a comment").click()
    vera.sees("was returned with your comment")

    ann.opens(f"/snippets/guidance/entry/edit/{Entry.objects.get(key=key).pk}/")
    expect(page.get_by_text("Say that it must be for their own use.").first).to_be_attached()
    page.locator("#id_answer").fill("Yes, for your own use; as a gift up to {qm.gift.limit}.")
    ann.button("More actions").click()
    page.get_by_role("button", name="Resubmit").click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert not Entry.objects.get(key=key).live

    vera.approves(TITLE)
    assert Entry.objects.get(key=key).live
    ann.opens("/publishing/")
    ann.sees("Served since")
    reply = bot.until("can i take my telescope with me", lambda reply: reply["entry"] == key)
    assert "for your own use" in reply["text"] and "40" in reply["text"]
    acts = list(AuditRow.objects.filter(key=key).order_by("pk").values_list("action", "name"))
    wanted = [
        ("approval.submit", "ann"),
        ("approval.return", "vera"),
        ("approval.submit", "ann"),
        ("approval.approve", "vera"),
    ]
    assert [act for act in acts if act[0].startswith("approval.")] == wanted
