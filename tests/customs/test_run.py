"""`make run`: what is started, and a clear word when a port is taken."""

from __future__ import annotations

import configparser
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from customs import run, run_supervisor
from customs.bootstrap_knowledge import is_knowledge_ready
from customs.run import commands, console_wanted, health_urls, port_problem, supervisor_file
from customs.settings import ROOT, SettingError, Settings


def test_the_supervisor_file_starts_each_part_and_starts_it_again(tmp_path: Path) -> None:
    path = supervisor_file({"chat": ["/some python", "-m", "x%y"]}, tmp_path)
    config = configparser.ConfigParser()
    config.read(path)
    assert config["program:chat"]["command"] == "'/some python' -m x%y"
    assert config["program:chat"]["autorestart"] == "true"
    assert (tmp_path / "log").is_dir()


def test_two_supervisors_that_share_a_folder_have_a_file_each(tmp_path: Path) -> None:
    parts = {"console": ["x"], "console-worker": ["x"]}
    names = [supervisor_file(parts, tmp_path, name).name for name in ("supervisor", "supervisor-console")]
    assert names == ["supervisor.conf", "supervisor-console.conf"]


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings(
            {
                "CUSTOMS_CHAT_PORT": str(port),
                "CUSTOMS_RASA_URL": "http://127.0.0.1:1",
                "CUSTOMS_ACTIONS_URL": "http://127.0.0.1:2",
            }
        )
        problem = port_problem(settings)
    assert problem and str(port) in problem and "CUSTOMS_CHAT_PORT" in problem


def test_the_console_is_started_beside_the_service_or_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "is_knowledge_ready", lambda: True)
    assert set(commands(Settings({}), "only")) == {"console", "console-worker"}
    assert set(health_urls(Settings({}), "only")) == {"console"}
    assert set(health_urls(Settings({}), "1")) == {"actions", "rasa", "chat", "console"}


def test_where_the_knowledge_is_missing_the_console_opens_and_it_is_made_beside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    assert not is_knowledge_ready()
    parts = commands(Settings({}), "only")
    assert parts["knowledge"][1:] == ["-m", "customs.bootstrap", "knowledge"]
    assert "knowledge" not in health_urls(Settings({}), "only")  # nobody waits for it
    config = configparser.ConfigParser()
    config.read(supervisor_file(parts, tmp_path))
    assert config["program:knowledge"]["autorestart"] == "false"
    assert config["program:console"]["autorestart"] == "true"


def test_the_console_is_looked_for_where_it_listens() -> None:
    assert (
        health_urls(Settings({"CUSTOMS_CONSOLE_HOST": "192.0.2.7"}), "only")["console"]
        == "http://192.0.2.7:8001/healthz"
    )
    assert (
        health_urls(Settings({"CUSTOMS_CONSOLE_HOST": "0.0.0.0"}), "only")["console"] == "http://127.0.0.1:8001/healthz"
    )


def test_a_part_that_supervisor_gave_up_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not after three minutes: the real supervisor, a console that cannot start, and the end of its log."""
    settings = Settings({"CUSTOMS_VAR_DIR": str(tmp_path), "CUSTOMS_CONSOLE_PORT": "9"})
    config = supervisor_file({"console": ["/bin/sh", "-c", "echo no such table; exit 3"]}, tmp_path)
    config.write_text(config.read_text().replace("startretries=5", "startretries=0"))
    supervisor = run_supervisor.start(config)
    try:
        assert not run.wait_until_ready(settings, supervisor, "only", tmp_path / "log" / "supervisor.log")
        assert run_supervisor.given_up(tmp_path / "log" / "supervisor.log") == ["console"]
    finally:
        run_supervisor.stop_everything(supervisor)
    assert "console did not become ready" in (said := capsys.readouterr().out)
    assert "no such table" in said


def test_nothing_is_left_when_supervisor_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that ignores the end, and a supervisor that waits for it: both are gone after stop_everything."""
    part = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)", "stubborn"]
    config = supervisor_file({"stubborn": part}, tmp_path)
    supervisor = run_supervisor.start(config)
    until(lambda: psutil.Process(supervisor.pid).children())
    child = psutil.Process(supervisor.pid).children()[0]
    until(lambda: "stubborn" in child.cmdline())
    monkeypatch.setattr(run_supervisor, "STOP_S", 0.5)
    run_supervisor.stop_everything(supervisor)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    until(lambda: supervisor.poll() is not None)  # killed is not yet gone


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_taken_port_of_the_console_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        problem = port_problem(Settings({"CUSTOMS_CONSOLE_PORT": str(port)}), "only")
    assert problem and str(port) in problem and "CUSTOMS_CONSOLE_PORT" in problem


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {
        **os.environ,
        "CUSTOMS_VAR_DIR": str(tmp_path / "file" / "var"),
        "CONSOLE": "only",
        "CUSTOMS_CONSOLE_PORT": "9",
    }
    done = subprocess.run(
        [sys.executable, "-m", "customs.run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "CUSTOMS_VAR_DIR" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("value", "wanted"), [("", ""), ("0", ""), ("1", "1"), ("only", "only")])
def test_console_switch(monkeypatch: pytest.MonkeyPatch, value: str, wanted: str) -> None:
    monkeypatch.setenv("CONSOLE", value)
    assert console_wanted() == wanted


def test_a_console_switch_that_says_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSOLE", "maybe")
    with pytest.raises(SettingError, match="'maybe'.*only"):
        console_wanted()
