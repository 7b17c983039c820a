"""Job 4: a limit changes on a day to come: all that it moves is shown, approved as one, and holds by itself from that day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from knowledge_base.console.exchange.models import FigureChange
from knowledge_base.console.guidance.models import Figure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
WINE = "how much wine can i bring"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_value_of_a_later_day_is_shown_approved_and_lives_by_itself(sit_down, bot, language) -> None:
    later = date.today() + timedelta(days=20)
    ann, vera = sit_down("ann", "author", language=language), sit_down("vera", "reviewer", language=language)
    page = ann.page
    ann.opens("/exchange/figures/")
    page.locator("#words").fill("wine free")
    page.locator("#words").press("Enter")
    page.get_by_role("link", name="Wine free of duty").first.click()
    page.locator("[name=value]").fill("5 litres" if language == "en" else "5")
    page.locator("[name=start]").fill(later.isoformat())
    page.locator("[name=note]").fill("The official page says so.")
    ann.button("Show what it moves").click()
    # The answer in both of its languages.
    expect(page.locator(".exchange-value ins")).to_contain_text("5")
    expect(page.locator(".exchange-move ins")).to_have_text(["5", "5"])
    expect(page.locator(".exchange-move summary [lang=ar]")).to_be_visible()
    ann.looks("figure-moves")
    ann.button("Submit for approval").click()
    ann.sees("It waits for a second person.")
    figure = Figure.objects.get(key="qm.alcohol.wine")
    assert FigureChange.objects.get().figure == figure and figure.periods.count() == 1

    vera.reviews("Wine free of duty")
    expect(vera.page.locator("main")).to_contain_text("5 litres")
    vera.looks("figure-review")
    vera.page.locator("button[name=act][value=approve]").click()
    vera.sees("“%(item)s” is approved.", item=str(figure))
    # Today the old value holds; who travels after that day is told the new one, and today's reader that it is coming.
    bot.until(WINE, lambda reply: "5 litres" in reply["text"], day=(later + timedelta(days=1)).isoformat())
    today = bot.ask(WINE)["text"]
    assert "3 litres" in today and "5 litres" in today
