"""The chat application against the fake Rasa, called without a network in between."""

from __future__ import annotations

import httpx
import pytest

from bot.web.administrations import Administration
from bot.web.app import create_app
from bot.web.options import Options
from customs.settings import Settings

ORIGIN = "http://chat.test"
NAMES = [
    Administration("ae", {"en": "United Arab Emirates"}),
    Administration("us", {"en": "United States"}),
    Administration("gb", {"en": "Great Britain"}),
    Administration("eu", {"en": "European Union", "fr": "Union européenne (pack)"}),
]


@pytest.fixture
def make_app(rasa, tmp_path):
    """Makes applications; settings as keywords, options by `options`."""

    def make(options: Options | None = None, **settings: str):
        environ = {"CUSTOMS_RASA_URL": rasa.url, "CUSTOMS_VAR_DIR": str(tmp_path), "CUSTOMS_TURN_DEADLINE_S": "5"}
        environ |= {f"CUSTOMS_{name.upper()}": value for name, value in settings.items()}
        return create_app(Settings(environ), names=lambda: NAMES, options=options)

    return make


@pytest.fixture
def app(make_app):
    return make_app()


def client_of(app, **headers: str) -> httpx.AsyncClient:
    """A client without cookies of its own making; headers with underscores for dashes."""
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 5000), raise_app_exceptions=False)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=named)


@pytest.fixture
async def api(app):
    """A program that calls the API: it sends no Origin."""
    async with client_of(app) as client:
        yield client
    await app.state.chat.client.close()


@pytest.fixture
async def browser(app):
    """A browser without JavaScript: cookies, Origin, no redirect followed by itself."""
    async with client_of(app, origin=ORIGIN, accept_language="en-US,en;q=0.9") as client:
        yield client
    await app.state.chat.client.close()
