"""The action server as Rasa calls it."""

from __future__ import annotations

import asyncio
import json
import zlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn

import actions.knowledge
from actions.base import Service
from actions.server import MAX_BODY_BYTES, ActionServer, make_app
from knowledge_base import dates, numbers, parts, premise, quantities
from tests.actions.support import WordEncoder, build_fixture, settings_for


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes the application on a var folder; what is served before is restored afterwards."""
    monkeypatch.setattr(actions.knowledge, "load_encoder", lambda *args, **more: WordEncoder())
    monkeypatch.setattr(Service, "settings", None, raising=False)
    monkeypatch.setattr(Service, "knowledge", None, raising=False)
    return make_app(settings_for(tmp_path))


def call(app: ActionServer, *requests: tuple[str, str, Any], **headers: str) -> list[tuple[int, Any]]:
    """Serve `app` on a free port of loopback and make the requests one after the other; bytes are sent as they are."""

    async def run() -> list[tuple[int, Any]]:
        server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        replies = []
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
            for method, path, body in requests:
                given = {"data": body} if isinstance(body, bytes) else {"json": body}
                async with session.request(method, path, **given) as response:
                    replies.append((response.status, await response.json()))
        server.should_exit = True
        await serving
        return replies

    return asyncio.run(run())


def request_of(text: str) -> dict[str, Any]:
    return {
        "next_action": "action_answer_question", "sender_id": "web-1", "version": "3.6.21", "domain": {},
        "tracker": {"sender_id": "web-1", "slots": {}, "events": [],
                    "latest_message": {"text": text, "entities": [], "metadata": {"request_id": "R1"}}},
    }  # fmt: skip


def test_it_is_ready_once_there_is_a_release(app: ActionServer, tmp_path: Path) -> None:
    ((status, state),) = call(app, ("GET", "/ready", None))
    assert status == 503
    assert "There is no release" in state["problem"]
    folder = build_fixture(tmp_path)
    Service.knowledge.refresh()
    ((status, state),) = call(app, ("GET", "/ready", None))
    assert (status, state) == (200, {"release": folder.name, "problem": None})


def test_rasa_s_request_gets_one_message_and_events(app: ActionServer, tmp_path: Path) -> None:
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


def test_a_call_that_was_deflated_is_read(app: ActionServer, tmp_path: Path) -> None:
    build_fixture(tmp_path)
    Service.knowledge.refresh()
    body = zlib.compress(json.dumps(request_of("how much wine can i bring to meridia")).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "deflate"}
    ((status, reply),) = call(app, ("POST", "/webhook", body), **headers)
    assert status == 200
    assert reply["responses"][0]["custom"]["entry"] == "qm.alcohol.allowance"
    bomb = zlib.compress(b" " * (MAX_BODY_BYTES + 1000) + b"{}")
    ((status, _),) = call(app, ("POST", "/webhook", bomb), **headers)
    assert status == 400


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 400), (b"{", 400), (b"\xff", 400), (b"[]", 400), (b"null", 400), (b"[" * 100_000, 400),
        (b"x" * (MAX_BODY_BYTES + 1), 400), ({}, 200), ({"next_action": "no_such_action", "tracker": {}, "domain": {}}, 404),
        ({"next_action": "action_help", "tracker": {}}, 449), ({"next_action": "action_help", "domain": {}}, 500),
        ({"next_action": ["action_help"]}, 500),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_and_the_next_one_answered(app: ActionServer, body: Any, expected: int) -> None:
    (first, second) = call(app, ("POST", "/webhook", body), ("GET", "/health", None))
    assert first[0] == expected
    assert expected == 200 or first[1]["error"]
    assert second == (200, {"status": "ok"})


def test_what_is_not_there_is_told(app: ActionServer) -> None:
    (status, reply), (_, names) = call(app, ("GET", "/webhook", None), ("GET", "/actions", None))
    assert status == 404 and "/webhook" in reply["error"]
    assert {"name": "action_answer_question"} in names


def test_a_question_told_ahead_is_encoded_once_and_answered(app: ActionServer, tmp_path: Path) -> None:
    build_fixture(tmp_path)
    Service.knowledge.refresh()
    asked: list[str] = []
    encoder = Service.knowledge._encoder._encoder
    encode = encoder.encode_query
    encoder.encode_query = lambda texts: asked.extend(texts) or encode(texts)
    text = "how much wine can i bring to meridia"
    told, answered, wrong, none = call(
        app, ("POST", "/ahead", {"text": text}), ("POST", "/webhook", request_of(text)), ("POST", "/ahead", {"text": 7}),
        ("POST", "/ahead", b"{"),
    )  # fmt: skip
    assert told == (202, {})
    assert answered[1]["responses"][0]["custom"]["entry"] == "qm.alcohol.allowance"
    assert set(asked) == {text}  # twice at most here: this encoder has no memory
    assert (wrong[0], none[0]) == (400, 400)


def test_the_first_asker_does_not_wait_for_word_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = (dates._words, numbers._words, parts._words, premise._words, quantities._words)
    for remembered in (*lists, quantities._quantities):
        remembered.cache_clear()
    settings = settings_for(tmp_path)
    build_fixture(settings.var_dir)
    monkeypatch.setattr(actions.knowledge, "load_encoder", lambda *args, **more: WordEncoder())
    make_app(settings)
    assert [words.__module__ for words in lists if not words.cache_info().currsize] == []
