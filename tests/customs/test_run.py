"""`make run`: what is started, and a clear word when a port is taken."""

from __future__ import annotations

import configparser
import socket
from pathlib import Path

from customs.run import port_problem, supervisor_file
from customs.settings import Settings


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
