"""Another site's page with the strictest of policies shows the chat by one script tag, and by a link without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.web.app import create_app
from customs.settings import Settings
from tests.bot.fake_rasa import FakeRasa, serving
from tests.bot.web.conftest import NAMES
from tests.web_e2e.conftest import Visitor


class Site:
    """The site of a customs administration on an origin of its own; `chat` is the chat's address."""

    def __init__(self) -> None:
        self.chat = ""
        self.app = Starlette(routes=[Route("/{page}", self.page)])

    def page(self, request: Request) -> HTMLResponse:
        """`/link` has a link to the chat, any other page only the script."""
        policy = (
            f"default-src 'none'; script-src {self.chat}; frame-src {self.chat}; "
            "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'"
        )
        link = f'<a data-customs-chat href="{self.chat}/?lang=ar">Ask us</a>' if request.url.path == "/link" else ""
        html = (
            f'<!doctype html><html lang="en-GB"><head><title>Customs</title></head><body><main><h1>Customs</h1>{link}'
            f'<p><a href="/other">Elsewhere</a></p></main><script src="{self.chat}/launcher.js" async></script></body></html>'
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> Iterator[tuple[str, str, FakeRasa]]:
    fake, site = FakeRasa(), Site()
    with serving(fake.app) as rasa, serving(site.app) as address:
        # Another name of this machine is another site for the browser, whose cookies do not go along.
        address = address.replace("127.0.0.1", "localhost")
        environ = {
            "CUSTOMS_RASA_URL": rasa,
            "CUSTOMS_VAR_DIR": str(tmp_path_factory.mktemp("var")),
            "CUSTOMS_ALLOWED_ORIGINS": address,
        }
        with serving(create_app(Settings(environ), names=lambda: NAMES)) as chat:
            site.chat = chat
            yield address, chat, fake


@pytest.fixture
def guest(browser, sites) -> Iterator[Visitor]:
    address, _, rasa = sites
    rasa.reset()
    visitor = Visitor(browser, address, rasa)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.complaints == []


def framed(page: Page):
    return page.frame_locator("customs-chat iframe")


def ask(page: Page, text: str) -> None:
    framed(page).get_by_role("textbox").fill(text)
    framed(page).get_by_role("textbox").press("Enter")


def test_a_script_tag_alone_puts_a_button_in_the_corner(guest):
    page = guest.open("/plain")
    opener = page.get_by_role("button", name="Ask customs")
    box = opener.bounding_box()
    assert box["height"] >= 44 and box["x"] > 500
    assert page.locator("iframe").count() == 0, "nothing is loaded before somebody wants it"
    opener.click()
    panel = page.get_by_role("dialog", name="Ask customs")
    expect(panel).to_be_visible()
    ask(page, "how much cash")
    expect(framed(page).locator(".reply")).to_contain_text("how much cash")
    page.get_by_role("button", name="Close the chat").click()
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()


def test_escape_closes_from_inside_and_the_focus_returns(guest):
    page = guest.open("/plain")
    opener = page.get_by_role("button", name="Ask customs")
    opener.press("Enter")
    framed(page).get_by_role("textbox").press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_link_opens_the_panel_in_its_own_language(guest):
    page = guest.open("/link")
    expect(page.get_by_role("button", name="Ask customs")).to_be_hidden()
    page.get_by_role("link", name="Ask us").click()
    expect(framed(page).get_by_role("heading", name="اسأل الجمارك")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Ask us")).to_be_focused()


def test_the_conversation_goes_on_from_page_to_page_and_can_be_deleted(guest):
    page = guest.open("/plain")
    page.get_by_role("button", name="Ask customs").click()
    ask(page, "how much beer")
    expect(framed(page).locator(".reply")).to_have_count(1)
    page.get_by_role("link", name="Elsewhere").evaluate("node => node.click()")
    page.wait_for_url("**/other")
    page.get_by_role("button", name="Ask customs").click()
    expect(framed(page).locator(".said")).to_contain_text("how much beer")
    framed(page).get_by_role("button", name="Great Britain").click()
    expect(framed(page).locator(".reply")).to_have_count(2)
    senders = [body["sender"] for body in guest.rasa.received]
    assert senders[0] == senders[1]
    framed(page).get_by_text("Delete this conversation").click()
    framed(page).get_by_role("button", name="Delete", exact=True).click()
    expect(framed(page).get_by_role("heading", name="Your conversation was deleted")).to_be_visible()
    assert guest.rasa.forgotten == [senders[0]]
    page.reload()
    page.get_by_role("button", name="Ask customs").click()
    expect(framed(page).get_by_role("button", name="How much alcohol can I bring?")).to_be_visible()


def test_without_javascript_the_link_leads_to_the_chat(guest, sites):
    guest.expected = ("launcher",)
    page = guest.open("/link", java_script_enabled=False)
    page.get_by_role("link", name="Ask us").click()
    expect(page.get_by_role("heading", name="اسأل الجمارك")).to_be_visible()
    assert page.url.startswith(sites[1])


def test_a_phone_shows_it_as_a_whole_page(guest):
    page = guest.open("/plain", viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Ask customs").click()
    box = page.get_by_role("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)


def test_axe_finds_nothing_with_the_panel_open(guest):
    page = guest.open("/plain")
    page.get_by_role("button", name="Ask customs").click()
    expect(framed(page).get_by_role("textbox")).to_be_visible()
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert results.violations_count == 0, results.generate_report()


def test_a_site_that_is_not_listed_is_shown_nothing(guest, browser, sites):
    guest.expected = ("frame-ancestors", "net::ERR_BLOCKED_BY_RESPONSE", "Refused to frame", "Framing")
    site = Site()
    site.chat = sites[1]
    with serving(site.app) as address:
        stranger = Visitor(browser, address, guest.rasa, expected=guest.expected)
        guest.contexts = stranger.contexts
        page = stranger.open("/plain")
        page.get_by_role("button", name="Ask customs").click()
        page.wait_for_timeout(500)
        assert framed(page).get_by_role("textbox").count() == 0
