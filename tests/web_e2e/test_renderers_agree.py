"""The module and the templates show the same of any blocks, and neither takes a text for markup."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from tests.bot.fake_rasa import head
from tests.bot.web.test_web_fuzz import BLOCKS
from tests.web_e2e.test_chat_page import ask, replies

OUTCOMES = st.sampled_from([("answered", "en"), ("calculated", "ar"), ("smalltalk", "ur")])


@pytest.mark.timeout(240)
def test_any_blocks_look_the_same_with_and_without_script(visitor):
    page = visitor.open()
    visitor.rasa.mode = "raw"

    # The same examples each time: a browser is too slow to look for new ones, and what fails must fail again.
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(blocks=st.lists(BLOCKS, min_size=1, max_size=6), outcome=OUTCOMES)
    def compare(blocks, outcome):
        page.context.clear_cookies()
        page.goto(visitor.address + "/?lang=en")
        visitor.rasa.raw = [{"custom": head(outcome[0], blocks, language=outcome[1])}]
        ask(page, "anything")
        expect(replies(page)).to_have_count(1)
        if outcome[0] != "smalltalk":
            expect(page.locator(".tools")).to_have_count(1)
        by_script = page.get_by_role("log").aria_snapshot()
        html = replies(page).evaluate("node => node.outerHTML")
        assert (
            page.locator(".reply :is(script, img, svg, style, iframe, [onclick], [onerror], [onload])").count() == 0
        ), html
        page.reload()
        expect(replies(page)).to_have_count(1)
        if outcome[0] != "smalltalk":
            expect(page.locator(".tools")).to_have_count(1)
        assert page.get_by_role("log").aria_snapshot() == by_script, blocks

    compare()
