"""A real browser on the real chat application, with the fake Rasa behind; a console error fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from bot.web.app import create_app
from customs.settings import Settings
from tests.bot.fake_rasa import FakeRasa, serving
from tests.bot.web.conftest import NAMES

expect.set_options(timeout=20_000)  # a busy machine takes longer than Playwright's five seconds for a page in a frame
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    assert path, "The browser tests need Chromium; install the package `chromium`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[tuple[str, FakeRasa]]:
    fake = FakeRasa()
    with serving(fake.app) as rasa_url:
        environ = {"CUSTOMS_RASA_URL": rasa_url, "CUSTOMS_VAR_DIR": str(tmp_path_factory.mktemp("var"))}
        with serving(create_app(Settings(environ), names=lambda: NAMES)) as address:
            yield address, fake


@dataclass
class Visitor:
    """One person at the chat page: a browser window, the fake Rasa behind, and what the browser's console said."""

    browser: Browser
    address: str
    rasa: FakeRasa
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str = "/?lang=en", **options) -> Page:
        """Open the page; `options` go to Playwright's `new_context`."""
        context = self.browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1000, "height": 800}} | options)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.goto(self.address + path)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        path = urlsplit(message.location.get("url", "")).path
        expected = any(part in message.text or part in path for part in self.expected)
        if message.type in {"error", "warning"} and not expected:
            self.complaints.append(f"{message.type}: {message.text} {path}")


@pytest.fixture
def visitor(browser, served) -> Iterator[Visitor]:
    address, rasa = served
    rasa.reset()
    visitor = Visitor(browser, address, rasa)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.complaints == []
