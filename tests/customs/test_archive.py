"""`customs export` and `customs import` on the command line."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from customs.cli import COMMANDS, main
from customs.settings import ROOT
from knowledge_base.errors import KnowledgeError

PACKS = ROOT / "tests" / "fixtures" / "packs"


@pytest.fixture(autouse=True)
def _packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_CONTENT_DIR", str(PACKS))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_can_be_had(name: str) -> None:
    assert importlib.import_module(f"customs.commands.{name.replace('-', '_')}").command.name == name


def test_a_pack_goes_out_and_comes_in(tmp_path: Path) -> None:
    assert run("export", "qn", tmp_path / "qn.zip").exit_code == 0
    done = run("import", tmp_path / "qn.zip", "--into", tmp_path / "packs")
    assert done.exit_code == 0 and "CUSTOMS_ADMINISTRATIONS" in done.output
    for path in (PACKS / "qn").rglob("*.yml"):
        assert (tmp_path / "packs" / "qn" / path.relative_to(PACKS / "qn")).read_bytes() == path.read_bytes()


def test_a_pack_that_is_there_is_replaced_only_when_told(tmp_path: Path) -> None:
    run("export", "qn", tmp_path / "qn.zip")
    into = ("import", tmp_path / "qn.zip", "--into", tmp_path / "packs")
    run(*into)
    assert "--replace" in str(run(*into).exception)
    assert run(*into, "--replace").exit_code == 0


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    unknown = run("export", "xx", tmp_path / "xx.zip")
    assert isinstance(unknown.exception, KnowledgeError) and "'xx'" in str(unknown.exception)
    (tmp_path / "bad.zip").write_bytes(b"no archive")
    refused = run("import", tmp_path / "bad.zip", "--into", tmp_path / "packs")
    assert isinstance(refused.exception, KnowledgeError) and "bad.zip" in str(refused.exception)
    nowhere = run("export", "qn", tmp_path / "no" / "such" / "folder" / "qn.zip")
    assert isinstance(nowhere.exception, KnowledgeError) and "folder" in str(nowhere.exception)
    (tmp_path / "file").write_text("in the way")
    run("export", "qn", tmp_path / "qn.zip")
    blocked = run("import", tmp_path / "qn.zip", "--into", tmp_path / "file" / "packs")
    assert isinstance(blocked.exception, KnowledgeError) and "--into" in str(blocked.exception)
