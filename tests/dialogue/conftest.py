"""Fixtures of the Rasa side. Run in the Rasa environment: `.venv/rasa/bin/python -m pytest tests/dialogue`."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("rasa", reason="needs the Rasa environment")

from dialogue.environment import quieten, set_up_logging  # noqa: E402

quieten()

from aiohttp import web  # noqa: E402

from customs.settings import ROOT  # noqa: E402
from dialogue import train  # noqa: E402

set_up_logging("WARNING")

START_DEADLINE_S = 120  # on a busy machine; a quiet one needs 8


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """The model of the present training data: the built one, or one that is trained now, once."""
    built = train.model_path()
    if built.is_file():
        return built
    target = train.model_path(tmp_path_factory.mktemp("models"))
    train.train(target)
    return target


class ActionServer:
    """A tiny action server: says what it was asked; `answers` overrides by action name."""

    def __init__(self):
        self.calls = []
        self.forgotten, self.forget_status = [], 200
        self.answers = {}
        self.slow_s = 0.0
        self.port = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def _hook(self, request):
        body = await request.json()
        self.calls.append(body)
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        action, message = body["next_action"], body["tracker"]["latest_message"]
        answer = self.answers.get(action)
        if isinstance(answer, int):
            return web.Response(status=answer, text="broken")
        if answer is None:
            values = {entity["entity"]: entity["value"] for entity in message["entities"]}
            said = {"action": action, "text": message["text"], "values": values, "slots": body["tracker"]["slots"]}
            answer = {"events": [], "responses": [{"text": f"{action}\n\n{message['text'][:50]}", "custom": said}]}
        return web.json_response(answer)

    async def _forget(self, request):
        self.forgotten.append((await request.json())["conversation"])
        return web.json_response({"deleted": 0}, status=self.forget_status)

    def _run(self):
        asyncio.set_event_loop(self._loop)

        async def start():
            app = web.Application(client_max_size=50_000_000)
            app.router.add_post("/webhook", self._hook)
            app.router.add_post("/forget", self._forget)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = site._server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(start())
        self._loop.run_forever()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


class Engine:
    """The real dialogue engine in a process of its own."""

    def __init__(self, model_file: Path, actions_port: int, var_dir: Path, port: int, options=(), environment=None):
        self.model, self.actions_port, self.var_dir, self.port = model_file, actions_port, var_dir, port
        self.options, self.environment = options, environment or {}
        self.process = None

    def start(self):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
        environ |= {
            "PYTHONPATH": str(ROOT),
            "CUSTOMS_VAR_DIR": str(self.var_dir),
            "CUSTOMS_ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}",
            "CUSTOMS_TURN_DEADLINE_S": "3",
            **self.environment,
        }
        self.log = (self.var_dir / "rasa.log").open("ab")
        command = [
            sys.executable,
            "-m",
            "dialogue.serve",
            "--port",
            str(self.port),
            "--model",
            str(self.model),
            "--api",
            *self.options,
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=self.log, stderr=self.log)
        until = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/webhooks/rest/", timeout=2):
                    return self
            except OSError:
                time.sleep(0.1)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"the engine did not start: {(self.var_dir / 'rasa.log').read_text()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        self.log.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, path, body=None, method=None, raw=None):
        """(status, parsed body) of a request to the engine."""
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        request = urllib.request.Request(f"{self.url}{path}", data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def say(self, sender, message):
        """The bot's messages to one message."""
        body = {"sender": sender, "message": message, "metadata": {"channel": "web", "request_id": "r"}}
        status, messages = self.request("/webhooks/rest/webhook", body)
        assert status == 200
        return messages


@pytest.fixture(scope="session")
def actions():
    with ActionServer() as server:
        yield server


@pytest.fixture(scope="session")
def engine(model, actions, tmp_path_factory):
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    engine = Engine(model, actions.port, tmp_path_factory.mktemp("var"), port).start()
    yield engine
    engine.stop()
