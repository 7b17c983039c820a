"""Where the making of the knowledge stands, told to others while it goes on and after it failed or was killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from customs import bootstrap_knowledge as knowledge
from customs.bootstrap_steps import ROOT, SetupError

MAKER = """
import time
from customs import bootstrap_knowledge as k
k.is_encoder_ready, k.is_release_ready = lambda: True, lambda: False
k.ensure_release = lambda: time.sleep(600)
k.make_knowledge()
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def nothing_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("is_encoder_ready", "is_release_ready"):
        monkeypatch.setattr(knowledge, name, lambda: False)


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_nothing_is_told_where_nobody_makes_anything(folder: Path) -> None:
    assert knowledge.making(folder) is None
    (folder / knowledge.STATE).write_text("half a li")
    assert knowledge.making(folder) is None


def test_each_step_is_told_while_it_is_at_work(
    folder: Path, nothing_ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name in ("ensure_encoder", "ensure_release"):
        monkeypatch.setattr(knowledge, name, lambda: seen.append(knowledge.making(folder)))
    knowledge.make_knowledge()
    assert [each.step for each in seen] == ["encoder", "release"]
    assert all(abs(time.time() - each.since) < 60 and not each.failed for each in seen)
    assert knowledge.making(folder) is None


def test_why_it_failed_stays_until_the_next_try(
    folder: Path, nothing_ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise SetupError("the step 'Converting' failed")

    monkeypatch.setattr(knowledge, "ensure_encoder", fails)
    with pytest.raises(SetupError):
        knowledge.make_knowledge()
    failed = knowledge.making(folder)
    assert failed and failed.step == "encoder" and "Converting" in failed.failed
    monkeypatch.setattr(knowledge, "ensure_encoder", lambda: None)
    monkeypatch.setattr(knowledge, "ensure_release", lambda: None)
    knowledge.make_knowledge()
    assert knowledge.making(folder) is None


def test_a_maker_that_is_killed_is_not_waited_for(folder: Path) -> None:
    maker = subprocess.Popen([sys.executable, "-c", MAKER], cwd=ROOT)
    try:
        until(lambda: knowledge.making(folder))
        assert knowledge.making(folder).step == "release"
    finally:
        maker.kill()
        maker.wait()
    assert knowledge.making(folder) is None


def test_two_makers_take_turns(folder: Path, nothing_ready: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second begins when the first has made everything."""
    made = folder / "made"
    slow = MAKER.replace("time.sleep(600)", f"(time.sleep(1.5), open({str(made)!r}, 'w').close())")
    maker = subprocess.Popen([sys.executable, "-c", slow], cwd=ROOT)
    until(lambda: knowledge.making(folder))
    found: list[bool] = []
    monkeypatch.setattr(knowledge, "ensure_encoder", lambda: None)
    monkeypatch.setattr(knowledge, "ensure_release", lambda: found.append(made.exists()))
    knowledge.make_knowledge()
    assert maker.wait() == 0 and found == [True]


def test_the_packs_of_another_folder_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = folder / "packs"
    (content / "qm").mkdir(parents=True)
    (content / "qm" / "figures.yml").write_text("a: 1")
    monkeypatch.setenv("CUSTOMS_CONTENT_DIR", str(content))
    before = knowledge._release_mark()
    (content / "qm" / "figures.yml").write_text("a: 2")
    assert knowledge._release_mark() != before
