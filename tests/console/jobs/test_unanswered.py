"""Job 6: what people asked and did not get becomes a wording of an answer, and the bot finds it by it."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from customs.asked import AskedTurn
from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.unanswered.asked import asked_store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
ASKED = ("what is a k9z paper", "who gives me the k9z paper", "is a k9z paper needed")
KEY = "qm.pets.dog"


def test_a_question_of_the_queue_becomes_a_wording_that_the_bot_finds(sit_down, bot) -> None:
    assert bot.ask(ASKED[0])["entry"] != KEY
    with asked_store() as store:
        store.add([
            AskedTurn(f"t{number}", time.time() - 60 * number, f"person{number}", channel="web", said=said, pressed=False, outcome="declined",
                      reason="no_guidance", language="en", administration="qm", group_id="k9z", answer="I do not know.")
            for number, said in enumerate(ASKED)
        ])  # fmt: skip
    ann, vera = sit_down("ann", "author"), sit_down("vera", "reviewer")
    page = ann.page
    ann.opens("/unanswered/")
    ann.looks("queue")
    page.get_by_role("link", name="k9z").first.click()
    expect(page.get_by_role("cell", name=ASKED[1], exact=True)).to_be_visible()
    page.get_by_role("link", name="Add to an answer that is there").click()
    page.locator("#search").fill("dog")
    page.locator("#search").press("Enter")
    page.get_by_label("Can I bring my dog?").check()
    page.get_by_role("button", name="Add and ask for approval").click()
    ann.sees("Wordings added: 3.")
    vera.reviews("Can I bring my dog?")
    expect(vera.page.locator("ins", has_text=ASKED[1])).to_be_visible()
    vera.approves("Can I bring my dog?")
    assert Entry.objects.get(key=KEY).questions.filter(text=ASKED[0]).exists()
    bot.until(ASKED[0], lambda reply: reply["entry"] == KEY)
    ann.opens("/unanswered/")
    expect(page.get_by_role("link", name=ASKED[0])).to_have_count(0)
