"""The action server as Rasa calls it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

import actions.knowledge
from actions.base import Service
from actions.server import make_app
from tests.actions.support import WordEncoder, build_fixture, settings_for


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes the application on a var folder; what is served before is restored afterwards."""
    monkeypatch.setattr(actions.knowledge, "load_encoder", lambda *args, **more: WordEncoder())
    monkeypatch.setattr(Service, "settings", None, raising=False)
    monkeypatch.setattr(Service, "knowledge", None, raising=False)
    monkeypatch.setattr(Sanic, "test_mode", True)  # several applications of one name in one process
    return make_app(settings_for(tmp_path))


def call(app: Sanic, *requests: tuple[str, str, Any]) -> list[tuple[int, Any]]:
    """Serve `app` on a free port of loopback and make the requests one after the other."""

    async def run() -> list[tuple[int, Any]]:
        free = socket.create_server(("127.0.0.1", 0))
        port = free.getsockname()[1]
        server = await app.create_server(sock=free, return_asyncio_server=True)
        await server.startup()
        replies = []
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            for method, path, body in requests:
                async with session.request(method, path, json=body) as response:
                    replies.append((response.status, await response.json()))
        server.close()
        await server.wait_closed()
        return replies

    return asyncio.run(run())


def request_of(text: str) -> dict[str, Any]:
    return {
        "next_action": "action_answer_question", "sender_id": "web-1", "version": "3.6.21", "domain": {},
        "tracker": {"sender_id": "web-1", "slots": {}, "events": [],
                    "latest_message": {"text": text, "entities": [], "metadata": {"request_id": "R1"}}},
    }  # fmt: skip


def test_it_is_ready_once_there_is_a_release(app: Sanic, tmp_path: Path) -> None:
    ((status, state),) = call(app, ("GET", "/ready", None))
    assert status == 503
    assert "There is no release" in state["problem"]
    folder = build_fixture(tmp_path)
    Service.knowledge.refresh()
    ((status, state),) = call(app, ("GET", "/ready", None))
    assert (status, state) == (200, {"release": folder.name, "problem": None})


def test_rasa_s_request_gets_one_message_and_events(app: Sanic, tmp_path: Path) -> None:
    build_fixture(tmp_path)
    Service.knowledge.refresh()
    ((status, reply),) = call(app, ("POST", "/webhook", request_of("how much wine can i bring to meridia")))
    assert status == 200
    (message,) = reply["responses"]
    assert message["custom"]["entry"] == "qm.alcohol.allowance"
    assert message["custom"]["request_id"] == "R1"
    assert {"event": "slot", "name": "last_entry", "value": "qm.alcohol.allowance", "timestamp": None} in reply[
        "events"
    ]
