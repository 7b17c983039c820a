"""Somebody on the staff at a browser, and the bot that readers talk to."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect
from wagtail.users.models import UserProfile

from knowledge_base.console.accounts.rights import staff_member

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OWN = "bruised-otter-lamp"
# Jobs that are the same in every language are done in all three once, on SQLite.
ON_POSTGRESQL = os.environ.get("CONSOLE_TEST_DATABASE", "sqlite") != "sqlite"
IN_EACH = pytest.mark.parametrize("language", ["en"] if ON_POSTGRESQL else ["en", "ar", "fr"])
WAIT = 120_000  # a busy machine is no reason to fail
expect.set_options(timeout=WAIT)


class Desk:
    """One person with a window of their own. `page` is Playwright's; the other methods speak the person's language."""

    def __init__(
        self, browser: Any, address: str, name: str, roles: tuple[str, ...], language: str, signs_in: bool = True
    ) -> None:
        self.name, self.language, self.address = name, language, address
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, locale=language)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        own = urlsplit(address).netloc
        self.page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        self.page.on(
            "request", lambda request: urlsplit(request.url).netloc in (own, "") or self.complaints.append(request.url)
        )
        if signs_in:
            self._account(roles)
            self.sign_in(OWN)

    def _account(self, roles: tuple[str, ...]) -> None:
        user, _new = get_user_model().objects.get_or_create(username=self.name)
        user.set_password(OWN)
        user.save()
        user.groups.set(Group.objects.filter(name__in=roles))
        assert user.groups.count() == len(roles), roles
        staff_member(user)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": self.language})

    def sign_in(self, password: str) -> None:
        self.page.goto("/login/")
        self.page.locator("#id_username").fill(self.name)
        self.page.locator("#id_password").fill(password)
        self.page.locator("#id_password").press("Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def say(self, sentence: str, **values: Any) -> str:
        """`sentence` in the person's language, as the console says it."""
        with translation.override(self.language):
            told = gettext(sentence)
        return told % values if values else told

    def button(self, sentence: str, **values: Any) -> Locator:
        return self.page.get_by_role("button", name=self.say(sentence, **values), exact=True)

    def link(self, sentence: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(sentence), exact=True)

    def field(self, sentence: str) -> Locator:
        return self.page.get_by_label(self.say(sentence), exact=True)

    def sees(self, sentence: str, **values: Any) -> None:
        expect(self.page.get_by_text(self.say(sentence, **values)).first).to_be_visible(timeout=WAIT)

    def opens(self, path: str) -> None:
        self.page.goto(path)
        direction = "rtl" if self.language == "ar" else "ltr"
        assert self.page.locator("html").get_attribute("dir") == direction, path

    def submits(self) -> None:
        """The editor's “Submit to Four eyes”, behind the arrow beside “Save draft”."""
        self.button("More actions").click()
        self.page.get_by_role("button", name="Four eyes").click()
        expect(self.page.locator(".messages .success")).to_be_visible(timeout=WAIT)

    def looks(self, name: str, judged: bool = False) -> None:
        """Keep a picture of the page, if one is wanted, and have axe judge it where no other test does."""
        if not judged and "SCREENSHOTS" not in os.environ:
            return
        for _ in range(50):  # a message that fades in has less contrast than it will have
            if self.page.evaluate("document.getAnimations().every(each => each.playState !== 'running')"):
                break
            self.page.wait_for_timeout(100)
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"job-{name}-{self.language}.png", full_page=True)
        if not judged:
            return
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert found == [], [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]

    def reviews(self, title: str) -> None:
        """Open what waits from the home page, and wait until its parts stand."""
        self.opens("/review/")
        self.page.get_by_role("link", name=title).first.click()
        self.complete()

    def complete(self) -> None:
        expect(self.page.locator("[data-review-part] h3").first).to_be_visible(timeout=WAIT)
        expect(self.page.locator("[data-review-part][aria-busy]")).to_have_count(0, timeout=WAIT)

    def approves(self, title: str) -> None:
        self.reviews(title)
        self.page.locator("button[name=act][value=approve]").click()
        self.sees("“%(item)s” is approved.", item=title)


class Bot:
    """The action server of the chat, asked as Rasa asks it."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/webhook"

    def ask(self, text: str, language: str = "en", day: str | None = None) -> dict[str, Any]:
        """The reply to a question about Meridia: `custom` of the contract, with the plain `text`."""
        metadata = {"administration": "qm", "language": language, "channel": "web"} | ({"date": day} if day else {})
        tracker = {
            "sender_id": "reader",
            "slots": {},
            "events": [],
            "latest_message": {"text": text, "entities": [], "metadata": metadata},
        }
        call = {"next_action": "action_answer_question", "sender_id": "reader", "domain": {}, "tracker": tracker}
        request = urllib.request.Request(self.url, json.dumps(call).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            message = json.loads(response.read())["responses"][0]
        return message["custom"] | {"text": message["text"]}

    def until(
        self, text: str, true: Callable[[dict[str, Any]], bool], seconds: float = 120, **more: Any
    ) -> dict[str, Any]:
        """Ask again and again until the reply is so; raises AssertionError with the last one when it never is."""
        end = time.monotonic() + seconds
        while not true(reply := self.ask(text, **more)):
            assert time.monotonic() < end, reply
            time.sleep(0.2)
        return reply
