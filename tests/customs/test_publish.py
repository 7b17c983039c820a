"""`customs publish`, `releases`, `roll-back`, and whose packs `customs build` builds; by the real commands on a small pack."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import knowledge_base.index.encoder
from customs.cli import main
from knowledge_base.index.manifest import CONSOLE, CONTENT, CURRENT
from knowledge_base.publishing.publisher import Publisher
from tests.knowledge_base import conftest as small
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.publishing.conftest import EXAMPLES, change

Run = Callable[..., Result]
pack_folder = small.pack_folder  # a fixture


@pytest.fixture
def run(tmp_path: Path, pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(knowledge_base.index.encoder, "load_encoder", lambda *args, **more: KeywordEncoder())
    for name, value in {
        "VAR_DIR": tmp_path / "var",
        "CONTENT_DIR": pack_folder.parent,
        "ADMINISTRATIONS": "zz",
    }.items():
        monkeypatch.setenv(f"CUSTOMS_{name}", str(value))

    def invoke(*words: str) -> Result:
        # The labelled questions are about the shipped packs; test_trial.py asks such of its own.
        return CliRunner().invoke(main, [*words, *(["--no-questions"] if words[0] == "publish" else [])])

    return invoke


@pytest.fixture
def current(tmp_path: Path) -> Path:
    return tmp_path / "var" / "releases" / CURRENT


def answers(current: Path) -> str:
    entries = map(json.loads, (current / "zz" / "entries.jsonl").read_text("utf-8").splitlines())
    return next(entry["answer"] for entry in entries if entry["id"] == "zz.cash.declare")


def test_publish_list_and_go_back(run: Run, pack_folder: Path, current: Path) -> None:
    begun = run("publish", "--by", "huda")
    assert begun.exit_code == 0, begun.output
    first = current.resolve().name
    change(pack_folder.parent, "Yes, always from")
    done = run("publish", "--by", "omar", "-m", "clearer")
    assert done.exit_code == 0 and "entry zz.cash.declare changed (answer)" in done.output
    assert "made of the same" in run("publish").output
    told = run("releases", "--changes").output
    assert f"* {current.resolve().name}" in told and first in told
    assert "published by omar clearer" in told and "entry zz.cash.declare changed" in told
    back = run("roll-back", first, "--by", "huda")
    assert back.exit_code == 0 and current.resolve().name == first
    assert run("roll-back", first).exit_code == 1, "it is served already"


def test_a_fault_is_told_and_nothing_published(run: Run, pack_folder: Path, current: Path) -> None:
    run("publish")
    served = current.resolve()
    change(pack_folder.parent, "Yes, from {zz.no.such} and")
    done = run("publish")
    assert done.exit_code == 1 and "zz.no.such" in done.output and "nothing was published" in done.output
    assert current.resolve() == served


def test_what_the_console_published_is_built_again_and_not_the_folder(
    run: Run,
    pack_folder: Path,
    tmp_path: Path,
    current: Path,
) -> None:
    Publisher(tmp_path / "var", KeywordEncoder(), EXAMPLES).publish(pack_folder.parent, origin=CONSOLE)
    change(pack_folder.parent, "Yes, the folder says from")
    refused = run("publish")
    assert refused.exit_code == 1 and "--over-console" in refused.output
    built = run("build")
    assert built.exit_code == 0 and "The console published what is served" in built.output
    assert "folder says" not in answers(current) and (current / CONTENT / "zz").is_dir()
    assert json.loads((current / "manifest.json").read_text("utf-8"))["origin"] == CONSOLE
    assert run("build", "--over-console").exit_code == 0
    assert "folder says" in answers(current) and not (current / CONTENT).exists()


def test_what_the_console_publishes_while_a_build_waits_is_not_replaced(
    run: Run, pack_folder: Path, tmp_path: Path, current: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build")

    @contextlib.contextmanager
    def held_after_a_publication(*_: object, **__: object) -> Iterator[None]:
        change(pack_folder.parent, "Yes, the console says from")
        Publisher(tmp_path / "var", KeywordEncoder(), EXAMPLES).publish(pack_folder.parent, origin=CONSOLE)
        yield

    monkeypatch.setattr("knowledge_base.publishing.lock.held", held_after_a_publication)
    assert run("build").exit_code == 0
    assert "console says" in answers(current)


def test_a_release_of_another_version_of_the_console_is_built_again(
    run: Run,
    pack_folder: Path,
    tmp_path: Path,
    current: Path,
) -> None:
    Publisher(tmp_path / "var", KeywordEncoder(), EXAMPLES).publish(pack_folder.parent, origin=CONSOLE)
    manifest = current / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"format": 1}), encoding="utf-8")
    change(pack_folder.parent, "Yes, the folder says from")
    assert run("build").exit_code == 0
    assert "folder says" not in answers(current)
    assert json.loads(manifest.read_text("utf-8"))["format"] > 1


def test_going_back_where_nothing_is(run: Run) -> None:
    for words in (("releases",), ("roll-back", "x")):
        done = run(*words)
        assert done.exit_code == 1 and "Traceback" not in done.output
