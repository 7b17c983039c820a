"""The pages of the exchange in a real browser: the three jobs done by hand, no rule of WCAG broken, in three languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from customs.settings import ROOT
from knowledge_base.console.exchange.errands import work_off
from knowledge_base.console.exchange.models import FigureChange
from knowledge_base.console.guidance.models import Entry, Figure, Source
from tests.knowledge_base.exchange.documents.made import docx

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LATER = date.today() + timedelta(days=30)


@pytest.fixture
def desk(
    browser: Browser, live_server: Any, person: Callable[..., Any], browse: Callable[..., Any]
) -> Iterator[Callable[..., Page]]:
    """desk("ann", "author", language="ar"): the console in a browser in which she is signed in. A word of complaint or a foreign host fails."""
    contexts, complaints = [], []

    def open_(name: str, *roles: str, language: str = "en", width: int = 1280) -> Page:
        user = person(name, *roles)
        from wagtail.users.models import UserProfile

        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        cookie = browse(user).cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        own = urlsplit(live_server.url).netloc
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: complaints.append(request.url) if _foreign(request.url, own) else None)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def _foreign(url: str, own: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != own


def look(page: Page, name: str) -> None:
    """Let axe-core judge the page as it is now; a picture of it lies in the folder that SCREENSHOTS names."""
    # A message that still fades in has less contrast than it will have.
    for _ in range(50):
        if page.evaluate("document.getAnimations().every(each => each.playState !== 'running')"):
            break
        page.wait_for_timeout(100)
    if folder := os.environ.get("SCREENSHOTS"):
        size = page.viewport_size or {}
        page.set_viewport_size({**size, "height": 2400})  # the page itself scrolls inside
        page.screenshot(path=Path(folder) / f"exchange-{name}.png")
        page.set_viewport_size(size)
    found = Axe().run(page, options=RULES).response["violations"]
    assert found == [], [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


def test_a_figure_is_changed(desk):
    page = desk("ann", "author")
    page.goto("/exchange/figures/")
    look(page, "figures")
    page.get_by_label("Words of the figure").fill("wine free")
    page.get_by_role("button", name="Search").last.click()
    page.get_by_role("link", name="Wine free of duty").first.click()
    page.get_by_label("New value").fill("5 litres")
    page.get_by_label("First day").fill(LATER.isoformat())
    page.get_by_label("Reason").fill("The page says so.")
    page.get_by_role("button", name="Show what it moves").click()
    expect(page.get_by_role("heading", name="What it moves")).to_be_visible()
    expect(page.locator("ins", has_text="5 litres").first).to_be_visible()
    look(page, "figure-impact")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("It waits for a second person.")).to_be_visible()
    look(page, "figure-change")
    assert FigureChange.objects.get().figure == Figure.objects.get(key="qm.alcohol.wine")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_title_of_a_source_stays_on_the_page_and_is_told_whole(desk, language):
    figure = Figure.objects.get(key="qm.alcohol.wine")
    title = "Texts of the service for passengers, " + "with all that was ever written in them, " * 5
    Source.objects.filter(administration=figure.administration).update(title=title)
    page = desk("ann", "author", language=language)
    page.goto(f"/exchange/figures/{figure.pk}/")
    box = page.locator("select[name=source]")
    around = page.locator("form[novalidate]").bounding_box()
    assert box.bounding_box()["width"] <= around["width"]
    assert box.get_attribute("title").startswith(title)


def test_a_table_is_brought_in(desk):
    page = desk("ann", "author")
    page.goto("/exchange/tables/")
    look(page, "tables")
    rows = "id,title,answer\r\nqm.vape.allowance,How many e-cigarettes?,You may bring at most {qm.vape.limit} vapes.\r\nqm.none,x,y\r\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "entries.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="Show the changes").click()
    expect(page.get_by_role("status").filter(has_text="will be looked for")).to_be_visible()
    look(page, "table-waits")
    work_off()
    expect(page.get_by_role("heading", name="Wrong rows: 1")).to_be_visible()  # the page goes on by itself
    expect(page.locator("ins", has_text="e-cigarettes")).to_be_visible()
    look(page, "table")
    page.get_by_label("Leave the wrong rows out").check()
    page.get_by_role("button", name="Lay down the drafts").click()
    expect(page.get_by_role("status").filter(has_text="will be laid down")).to_be_visible()
    work_off()
    expect(page.get_by_text("These drafts were laid down")).to_be_visible()
    look(page, "table-applied")
    assert Entry.objects.get(key="qm.vape.allowance").latest().title == "How many e-cigarettes?"


def test_a_document_is_split_and_drafted(desk):
    text = "Every traveller may bring two bottles for personal use, up to the limit of the day."
    page = desk("ann", "author")
    page.goto("/exchange/documents/")
    look(page, "documents")
    data = docx(("Heading1", "Bottles"), ("", text))
    page.locator("input[type=file]").set_input_files(
        {"name": "guide.docx", "mimeType": "application/zip", "buffer": data}
    )
    page.get_by_label("Source that it is").select_option(str(Source.objects.get(key="qm-general").pk))
    page.get_by_role("button", name="Split it").click()
    expect(page.get_by_text(text)).to_be_visible()
    look(page, "document")
    page.get_by_label("Make a draft").check()
    page.get_by_label("Topic").select_option("alcohol")
    page.get_by_role("button", name="Lay down the drafts").click()
    expect(page.get_by_text("Draft: ")).to_be_visible()
    look(page, "document-drafted")
    assert Entry.objects.get(live=False).passages.count() == 1
    page.get_by_role("link", name="Bottles").last.click()
    expect(page.get_by_text("The paragraph that it was made from")).to_be_visible()


@pytest.mark.parametrize(("language", "heading"), [("ar", "تغيير رقم"), ("fr", "Modifier un chiffre")])
def test_other_languages(desk, language, heading):
    page = desk("ann", "author", language=language, width=900)
    figure = Figure.objects.get(key="qm.alcohol.wine")
    page.goto(f"/exchange/figures/{figure.pk}/")
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    page.locator("[name=value]").fill("5")
    page.locator("[name=start]").fill(LATER.isoformat())
    page.locator("[name=note]").fill("x")
    page.locator("form button.button").last.click()
    expect(page.locator(".exchange-impact")).to_be_visible()
    look(page, f"figure-{language}")
    for path in ("tables", "documents", "figures"):
        page.goto(f"/exchange/{path}/")
        look(page, f"{path}-{language}")


SHIPPED = {
    "en": "Guidance shipped with this version",
    "ar": "الإرشادات المرفقة بهذا الإصدار",
    "fr": "Réponses fournies avec cette version",
}


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_shipped_guidance_is_taken_over(desk, language, tmp_path, monkeypatch):
    folder = copytree(ROOT / "tests" / "fixtures" / "packs" / "qm", tmp_path / "content" / "qm")
    monkeypatch.setenv("CUSTOMS_CONTENT_DIR", str(folder.parent))
    for path in (folder / "faq").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("How many vapes can I bring?", "How many e-cigarettes may I bring?"), encoding="utf-8"
        )
    page = desk("ann", "author", language=language)
    page.goto("/exchange/shipped/")
    expect(page.get_by_role("heading", name=SHIPPED[language]).first).to_be_visible()
    look(page, f"shipped-{language}")
    page.locator("table.listing form button").first.click()
    expect(page.locator("#exchange-waits")).to_be_visible()
    look(page, f"shipped-waits-{language}")
    work_off()
    expect(page.locator("ins", has_text="e-cigarettes")).to_be_visible()
    look(page, f"shipped-look-{language}")
    page.locator("input[name=take]").check()
    page.locator("button[name=chosen]").click()
    expect(page.locator("#exchange-waits")).to_be_visible()
    work_off()
    expect(page.get_by_role("link", name="How many e-cigarettes may I bring?")).to_be_visible()
    look(page, f"shipped-done-{language}")
    assert Entry.objects.get(key="qm.vape.allowance").workflow_in_progress
