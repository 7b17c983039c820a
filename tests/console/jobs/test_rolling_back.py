"""Job 7: what was published was wrong: one click serves the release before it, publishing is held, and then goes on with the correction."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.publishing.models import Publication
from knowledge_base.index.manifest import CURRENT
from tests.console.jobs.staff import IN_EACH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
KEY = "qm.alcohol.over"
ASKED = "penalty for too many bottles"


@IN_EACH
def test_one_click_serves_what_was_served_before(sit_down, bot, worker, language) -> None:
    entry = Entry.objects.get(key=KEY)
    ann, vera = sit_down("ann", "author"), sit_down("vera", "reviewer")
    paul = sit_down("paul", "publisher", language=language)
    publish(ann, vera, entry, "You pay {qm.alcohol.rate} on it.", bot, "on it")
    good = (worker.publisher.releases / CURRENT).resolve().name
    publish(ann, vera, entry, "You pay nothing, or {qm.alcohol.rate}.", bot, "nothing")

    page = paul.page
    paul.opens("/publishing/releases")
    part = page.locator("section", has=page.get_by_role("heading", name=good))
    part.locator("[name=comment]").fill("One pays.")
    paul.looks("releases")
    part.get_by_role("button", name=good).click()
    paul.sees("Publishing is held")
    bot.until(ASKED, lambda reply: "on it" in reply["text"], seconds=30)
    assert (worker.publisher.releases / CURRENT).resolve().name == good

    change(ann, vera, entry, "You pay {qm.alcohol.rate} on the excess, always.")
    done = Publication.objects.count()
    paul.opens("/publishing/")
    paul.looks("held", judged=True)
    page.locator("#go-on-comment").fill("The text says it now.")
    page.locator("#go-on-comment").press("Enter")
    bot.until(ASKED, lambda reply: "always" in reply["text"])
    assert Publication.objects.count() == done + 1


def change(ann, vera, entry: Entry, answer: str) -> None:
    ann.opens(f"/snippets/guidance/entry/edit/{entry.pk}/")
    ann.page.locator("#id_answer").fill(answer)
    ann.submits()
    vera.approves(str(entry))


def publish(ann, vera, entry: Entry, answer: str, bot, word: str) -> None:
    change(ann, vera, entry, answer)
    bot.until(ASKED, lambda reply: word in reply["text"])
    ann.opens("/publishing/")
    expect(ann.page.get_by_text("Nothing waits.").first).to_be_visible(timeout=120_000)
