"""Job 3: a translator translates an answer; when the original changes, the translation is marked until somebody looked at it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from knowledge_base.console.guidance.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
KEY = "qm.cash.declare"
FRENCH = "Déclarez les espèces à partir de {qm.cash.over}."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_answer_is_translated_and_marked_when_the_original_changes(sit_down, bot, language) -> None:
    entry = Entry.objects.get(key=KEY)
    edit = f"/snippets/guidance/entry/edit/{entry.pk}/"
    tom, vera = sit_down("tom", "translator", language=language), sit_down("vera", "reviewer")
    page = tom.page
    tom.opens(edit)
    assert page.locator("#id_answer").is_disabled()
    page.locator("#tab-label-translations").click()
    page.locator("#id_translations-ADD").click()
    page.locator("[name=translations-0-language]").select_option("fr")
    page.locator("[name=translations-0-title]").fill("Quand déclarer des espèces ?")
    page.locator("[name=translations-0-answer]").fill(FRENCH)
    tom.looks("translating")
    tom.submits()
    vera.approves(str(entry))
    bot.until(
        "combien d'argent liquide puis-je transporter",
        lambda reply: "Déclarez les espèces" in reply["text"],
        language="fr",
    )

    ann = sit_down("ann", "author")
    ann.opens(edit)
    ann.page.locator("#id_answer").fill("Declare cash of {qm.cash.over} or more, in any currency.")
    ann.submits()
    vera.approves(str(entry))
    assert Entry.objects.get(key=KEY).stale_translations() == ["fr"]
    tom.opens("/reports/guidance/")
    expect(page.locator("main")).to_contain_text(entry.title)
    tom.opens(edit)
    expect(page.locator(".help-warning").first).to_contain_text("fr")
    tom.looks("translation-marked", judged=True)
    page.locator("#tab-label-translations").click()
    page.locator("[name=translations-0-fits]").check()
    tom.submits()
    vera.approves(str(entry))
    assert Entry.objects.get(key=KEY).stale_translations() == []
