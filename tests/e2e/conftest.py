"""The real service, once for all end-to-end tests: Rasa, actions and chat as processes, the shipped release, real data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from benchmarks.service import Service, link_release
from customs.bootstrap import var_dir as built_var_dir
from tests.web_e2e.conftest import browser  # noqa: F401 - a fixture

# Tests send in seconds what people send in hours.
SETTINGS = {"rate_conversation": "6000/minute", "rate_address": "60000/minute"}


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    link_release(built_var_dir() / "releases", folder)
    with Service(folder, settings=SETTINGS) as service:
        yield service


@dataclass
class Talk:
    """One conversation through the chat API."""

    url: str
    administration: str | None = None
    language: str | None = None
    conversation: str | None = None

    def send(self, text: str | None = None, payload: str | None = None, **more: Any) -> dict[str, Any]:
        """Send a text or press a button; the reply, which must keep the contract."""
        body = {"text": text, "payload": payload, "conversation": self.conversation} | more
        body |= {"administration": self.administration, "language": self.language}
        sent = json.dumps({key: value for key, value in body.items() if value is not None})
        response = requests.post(
            self.url + "/api/v1/messages", data=sent, headers={"Content-Type": "application/json"}, timeout=60
        )
        assert response.status_code == 200, (response.status_code, response.text[:300])
        reply = response.json()
        self.conversation = reply["conversation"]
        return reply

    def press(self, reply: dict[str, Any], title: str) -> dict[str, Any]:
        """Press the button of `reply` whose title holds `title`."""
        button = next(button for button in buttons(reply) if title in button["title"])
        return self.send(text=button["title"], payload=button["payload"])


def buttons(reply: dict[str, Any]) -> list[dict[str, str]]:
    return [item for block in reply["blocks"] if block["type"] == "buttons" for item in block["items"]]


def words(reply: dict[str, Any]) -> str:
    """All that a person reads in the reply, without the marks that only steer direction."""
    def flat(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from flat(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key not in {"type", "payload", "level"}:
                    yield from flat(item)

    return re.sub("[\u2066-\u2069]", "", " ".join(flat(reply["blocks"]))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def talk(service: Service) -> Any:
    """Begin a conversation: `talk(administration="gb")`."""

    def begin(**given: Any) -> Talk:
        return Talk(service.url, **given)

    return begin


@pytest.fixture
def log(service: Service) -> Any:
    """The text of a part's log so far: `log("chat")`."""

    def read(part: str) -> str:
        return (Path(service.var_dir) / "log" / f"{part}.log").read_text(errors="replace")

    return read
