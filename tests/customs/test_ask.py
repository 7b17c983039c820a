"""`customs ask`: the reply of the chat on the command line, clear errors, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import actions.knowledge
from actions.base import Service
from customs.commands.ask import command
from customs.settings import ROOT
from tests.actions.support import WordEncoder, build_fixture

ENVIRON = {"CUSTOMS_ADMINISTRATIONS": "qm,qn"}


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ask")
    build_fixture(folder)
    return folder


@pytest.fixture
def ask(var_dir: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the command on the release of the made-up administrations."""
    monkeypatch.setattr(actions.knowledge, "load_encoder", lambda *args, **more: WordEncoder())
    monkeypatch.setattr(Service, "settings", None, raising=False)
    monkeypatch.setattr(Service, "knowledge", None, raising=False)
    for name in [name for name in os.environ if name.startswith("CUSTOMS_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **environ: str) -> Result:
        return CliRunner().invoke(command, arguments, env=ENVIRON | {"CUSTOMS_VAR_DIR": str(var_dir)} | environ)

    return run


def test_an_answer_with_its_source(ask) -> None:
    result = ask("how much wine can i bring to meridia")
    assert result.exit_code == 0
    assert "3 litres of wine" in result.output
    assert "Arriving in Meridia (Meridian Customs, checked on 20 November 2026, page dated 9 June 2026)" in result.output
    assert "(answered qm qm.alcohol.allowance 2026" in result.output


def test_a_question_back_is_no_failure(ask) -> None:
    result = ask("how much wine can i bring")
    assert result.exit_code == 0
    assert "[Meridia]" in result.output and "[Norland]" in result.output
    assert "(asked_back which_administration" in result.output


def test_a_decline_is_no_failure(ask) -> None:
    result = ask("tell me a joke")
    assert result.exit_code == 0
    assert "(declined out_of_scope" in result.output


@pytest.mark.parametrize("option", ["-a", "--administration"])
def test_the_administration(ask, option: str) -> None:
    assert "qn.alcohol.allowance" in ask("how much wine can i bring", option, "qn").output


def test_the_date(ask) -> None:
    assert "60" in ask("gift parcel value", "-a", "qm", "--date", "2027-01-01").output
    assert "qm.parcels.sticker" in ask("where do i get the green sticker", "-a", "qm", "--date", "2025-12-31").output


def test_the_language(ask) -> None:
    assert "لا توجد ترجمة" not in ask("vape", "-a", "qm").output
    assert "لا توجد ترجمة" in ask("vape", "-a", "qm", "--language", "ar").output


def test_why_shows_what_was_considered(ask) -> None:
    result = ask("how much wine can i bring to meridia", "--why")
    assert "- Answered with qm.alcohol.allowance." in result.output
    assert "- Nearest is qm.alcohol.allowance" in result.output
    assert "knowledge_base/content/qm/faq/alcohol.yml" in result.output
    assert "in_scope" in result.output
    assert "qm.alcohol.allowance   nearest: " in result.output
    assert "encode" in result.output


def test_typed_slashes_are_no_payload(ask) -> None:
    assert "(answered qn qn.horses.import" in ask("/horse papers norland").output


def test_a_long_question_is_cut_and_it_says_so(ask) -> None:
    result = ask("wine allowance meridia " * 100)
    assert result.exit_code == 0
    assert "only the first 1000 characters" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["wine", "-a", "atlantis"], "'atlantis' is not served; one of qm, qn."),
        (["wine", "-l", "tlh"], "'tlh' is not served; one of ar, en"),
        (["wine", "--date", "tomorrow"], "'tomorrow' does not match"),
        (["   "], "is empty; write the question in quotes"),
        (["\u200b\u2066"], "is empty"),
        ([], "Missing argument 'QUESTION'"),
    ],
)
def test_wrong_use(ask, arguments: list[str], says: str) -> None:
    result = ask(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_no_release(ask, tmp_path: Path) -> None:
    result = ask("wine", CUSTOMS_VAR_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "There is no release" in result.output and "bin/customs build" in result.output
    assert "Traceback" not in result.output


def test_a_release_without_the_administration(ask, tmp_path: Path) -> None:
    build_fixture(tmp_path, ("qm",))
    result = ask("wine", "-a", "qn", CUSTOMS_VAR_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "holds qm and not 'qn'" in result.output


def test_an_encoder_that_cannot_be_loaded(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*arguments, **more):
        raise RuntimeError("Encoder 'x' was not found offline; use builtin:e5-small.")

    monkeypatch.setattr(actions.knowledge, "load_encoder", load)
    result = ask("wine")
    assert result.exit_code == 1
    assert result.output.strip() == "Error: Encoder 'x' was not found offline; use builtin:e5-small."


def test_a_failure_of_the_action_is_a_failure_of_the_command(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge_base.search import Searcher

    def search(self, question):
        raise ZeroDivisionError

    monkeypatch.setattr(Searcher, "search", search)
    result = ask("wine", "-a", "qm")
    assert result.exit_code == 1
    assert "(failed error" in result.output


def test_the_command_itself(tmp_path: Path) -> None:
    """The real process: no release in this folder, so one line on stderr and exit code 1."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
    environ |= {"CUSTOMS_VAR_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "customs.cli", "ask", "how much wine can i bring to dubai"],
        capture_output=True, text=True, timeout=120, cwd=ROOT, env=environ,
    )  # fmt: skip
    assert done.returncode == 1
    assert "There is no release" in done.stderr and "bin/customs build" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
