"""`make run`: what is started, and a clear word when a port is taken."""

from __future__ import annotations

import configparser
import socket
from pathlib import Path

import pytest

from customs.run import commands, console_wanted, health_urls, port_problem, supervisor_file
from customs.settings import SettingError, Settings


def test_the_supervisor_file_starts_each_part_and_starts_it_again(tmp_path: Path) -> None:
    path = supervisor_file({"chat": ["/some python", "-m", "x%y"]}, tmp_path)
    config = configparser.ConfigParser()
    config.read(path)
    assert config["program:chat"]["command"] == "'/some python' -m x%y"
    assert config["program:chat"]["autorestart"] == "true"
    assert (tmp_path / "log").is_dir()


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


def test_the_console_is_started_beside_the_service_or_alone() -> None:
    alone = commands(Settings({}), "only")
    assert set(alone) == {"console", "console-worker"}
    assert set(health_urls(Settings({}), "only")) == {"console"}
    assert set(health_urls(Settings({}), "1")) == {"actions", "rasa", "chat", "console"}


@pytest.mark.parametrize(("value", "wanted"), [("", ""), ("0", ""), ("1", "1"), ("only", "only")])
def test_console_switch(monkeypatch: pytest.MonkeyPatch, value: str, wanted: str) -> None:
    monkeypatch.setenv("CONSOLE", value)
    assert console_wanted() == wanted


def test_a_console_switch_that_says_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSOLE", "maybe")
    with pytest.raises(SettingError, match="'maybe'.*only"):
        console_wanted()
