"""`customs console-worker` waits while the knowledge is made, and for an encoder that is not there yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from customs import bootstrap_knowledge as knowledge
from customs.commands import console_worker
from customs.commands.console_worker import when_ready
from customs.settings import Settings
from knowledge_base.index.encoder import EncoderError


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(console_worker, "_LOOK_AGAIN_S", 0.02)
    return Settings({"CUSTOMS_VAR_DIR": str(tmp_path)})


def started(
    settings: Settings, make: Callable[[], object], stop: threading.Event
) -> tuple[threading.Thread, list[object]]:
    got: list[object] = []
    thread = threading.Thread(target=lambda: got.append(when_ready(settings, make, stop)))
    thread.start()
    return thread, got


def test_nothing_is_loaded_while_somebody_makes_it(settings: Settings) -> None:
    stop = threading.Event()
    with knowledge._maker(settings.var_dir) as state:
        knowledge._tell(state, "encoder")
        thread, got = started(settings, lambda: "publisher", stop)
        thread.join(0.3)
        assert got == [] and thread.is_alive()
    thread.join(20)
    assert got == ["publisher"]


def test_an_encoder_that_comes_later(settings: Settings) -> None:
    tries: list[int] = []

    def make() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise EncoderError("models/e5-small is missing")
        return "publisher"

    assert when_ready(settings, make, threading.Event()) == "publisher"
    assert len(tries) == 3


def test_it_ends_when_it_is_told_to(settings: Settings) -> None:
    stop = threading.Event()
    with knowledge._maker(settings.var_dir) as state:
        knowledge._tell(state, "release")
        thread, got = started(settings, lambda: "publisher", stop)
        stop.set()
        thread.join(20)
    assert got == [None]
