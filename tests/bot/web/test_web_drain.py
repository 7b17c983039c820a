"""A chat process that is told to stop answers whom it has begun to answer, and then goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest

from customs.settings import ROOT

SLOW_S = 1.5


@pytest.fixture
def process(served_rasa, tmp_path):
    """The chat as `customs serve chat` starts it, on a port of its own."""
    served_rasa.reset()
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
    environment |= {
        "CUSTOMS_RASA_URL": served_rasa.url,
        "CUSTOMS_VAR_DIR": str(tmp_path),
        "CUSTOMS_CHAT_HOST": "127.0.0.1",
        "CUSTOMS_CHAT_PORT": str(port),
    }
    command = [sys.executable, "-m", "customs.cli", "serve", "chat"]
    chat = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            assert chat.poll() is None and time.monotonic() < deadline, chat.stderr.read()
            time.sleep(0.1)
    yield chat, address
    chat.kill()
    chat.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_turn_that_has_begun_is_answered_and_kept(process, served_rasa):
    chat, address = process
    served_rasa.delay = SLOW_S
    answers = []
    body = {"text": "how much cash", "idempotency_key": "before-the-stop"}
    asking = threading.Thread(
        target=lambda: answers.append(httpx.post(f"{address}/api/v1/messages", json=body, timeout=20))
    )
    asking.start()
    deadline = time.monotonic() + 10
    while not served_rasa.received:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    chat.send_signal(signal.SIGTERM)
    asking.join(20)
    assert answers and answers[0].status_code == 200 and answers[0].json()["outcome"] == "answered"
    errors = chat.communicate(timeout=20)[1]
    assert chat.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in errors
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{address}/healthz")
