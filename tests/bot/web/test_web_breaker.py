"""The page and the API tell everybody at once that Rasa is away, and say so to the operator."""

from __future__ import annotations

from bot.web.options import Options
from tests.bot.web.conftest import client_of
from tests.bot.web.test_web_api import say


async def test_a_rasa_that_hangs_costs_the_deadline_only_so_often(make_app, rasa):
    app = make_app(Options(breaker_failures=2, breaker_rest_s=60), turn_deadline_s="0.2")
    rasa.delay = 1.0
    async with client_of(app) as api:
        reasons = [(await say(api))["reason"] for _ in range(4)]
        assert reasons == ["timeout", "timeout", "rasa_down", "rasa_down"]
        assert len(rasa.received) == 2
        assert "customs_rasa_breaker_open 1.0" in (await api.get("/metrics")).text
    await app.state.chat.client.close()
