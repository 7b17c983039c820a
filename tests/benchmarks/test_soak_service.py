"""The soak's supervisor: real processes that are killed come back by themselves, and nothing is left at the end."""

import sys
import time

import psutil
import pytest

from benchmarks import soak_service
from benchmarks.process import ProcessError
from benchmarks.soak_service import MARKS, Supervised
from customs import run

SERVER = """
import http.server, sys, time
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
port = int(sys.argv[1])
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever() if port else time.sleep(600)
"""


@pytest.fixture
def small_parts(monkeypatch, tmp_path):
    """Parts that only say that they are there, with the words in their command lines by which the real ones are known."""

    def commands(settings):
        def part(url, *words):
            port = url.split(":")[2].split("/")[0] if url else "0"
            return [sys.executable, str(tmp_path / "server.py"), port, *words]

        health = run.health_urls(settings)
        (tmp_path / "model.tar.gz").touch()
        return {
            "rasa": part(health["rasa"], "dialogue.serve", "--model", str(tmp_path / "model.tar.gz")),
            "actions": part(health["actions"], "customs.cli", "serve", "actions"),
            "chat": part(health["chat"], "customs.cli", "serve", "chat"),
            "telegram": part(None, "customs.cli", "serve", "telegram"),
        }

    monkeypatch.setattr(soak_service.run, "commands", commands)
    (tmp_path / "var").mkdir()
    (tmp_path / "server.py").write_text(SERVER)
    return Supervised(tmp_path / "var", "http://127.0.0.1:9", "1:token")


def until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def test_a_killed_part_comes_back_and_all_are_measured(small_parts):
    with small_parts as service:
        first = {part: pid for part, pid, mb in service.memory_mb() if mb > 1}
        assert set(first) == {"supervisor", *MARKS}
        time.sleep(3.1)  # supervisor takes a part that ends sooner for one that cannot start
        assert service.kill("chat") == first["chat"] and service.kill("telegram") == first["telegram"]
        until(lambda: service.ready("chat"))
        second = until(
            lambda: (now := {part: pid for part, pid, _ in service.memory_mb()}).keys() == first.keys() and now
        )
        assert {part for part in first if first[part] != second[part]} == {"chat", "telegram"}
    assert not any(psutil.pid_exists(pid) for pid in second.values())
    with pytest.raises(psutil.NoSuchProcess):
        service.kill("chat")


def test_a_part_that_does_not_start_is_named_with_its_log(small_parts, monkeypatch):
    monkeypatch.setattr(soak_service, "READY_S", 5.0)
    commands = soak_service.run.commands

    def broken(settings):
        return commands(settings) | {
            "chat": [sys.executable, "-c", "import sys; sys.exit('no such port')", "customs.cli", "chat"]
        }

    monkeypatch.setattr(soak_service.run, "commands", broken)
    with pytest.raises(ProcessError, match="^chat did not become ready(.|\n)*no such port"), small_parts:
        pass
