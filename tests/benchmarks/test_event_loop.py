"""A search never holds up the action server: whoever asks for its health meanwhile gets an answer."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import aiohttp
import numpy as np
import pytest
import uvicorn

import actions.knowledge
from actions.base import Service
from actions.server import make_app
from tests.actions.support import WordEncoder, build_fixture, settings_for

SEARCHES = 4


class HeldEncoder(WordEncoder):
    """Once told to, it begins to encode and waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.hold, self.go_on = False, threading.Event()
        self.begun = threading.Semaphore(0)

    def encode_query(self, texts: list[str]) -> np.ndarray:
        if self.hold:
            self.begun.release()
            assert self.go_on.wait(30)
        return super().encode_query(texts)


def request_of(text: str) -> dict:
    return {
        "next_action": "action_answer_question", "sender_id": "web-1", "version": "3.6.21", "domain": {},
        "tracker": {"sender_id": "web-1", "slots": {}, "events": [],
                    "latest_message": {"text": text, "entities": [], "metadata": {"request_id": "R1"}}},
    }  # fmt: skip


async def test_health_answers_while_searches_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = HeldEncoder()
    monkeypatch.setattr(actions.knowledge, "load_encoder", lambda *args, **more: encoder)
    monkeypatch.setattr(Service, "settings", None, raising=False)
    monkeypatch.setattr(Service, "knowledge", None, raising=False)
    build_fixture(tmp_path)
    server = uvicorn.Server(uvicorn.Config(make_app(settings_for(tmp_path)), port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    encoder.hold = True
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

        async def search(number: int) -> int:
            async with session.post("/webhook", json=request_of(f"how much wine may I bring {number}")) as response:
                return response.status

        searching = [asyncio.create_task(search(number)) for number in range(SEARCHES)]
        try:
            for _ in range(SEARCHES):  # all of them are inside the encoder, at once
                assert await asyncio.to_thread(encoder.begun.acquire, True, 30)
            async with session.get("/health", timeout=aiohttp.ClientTimeout(20)) as response:
                assert response.status == 200
            assert not any(task.done() for task in searching), "they were still searching"
        finally:
            encoder.hold = False
            encoder.go_on.set()
        assert await asyncio.gather(*searching) == [200] * SEARCHES
    server.should_exit = True
    await serving
