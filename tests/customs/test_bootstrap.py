"""Set-up finds interpreters that run, explains when there is none, and skips what is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from customs import bootstrap
from customs.bootstrap import SetupError, digest, find_python, run_step

VERSION = ".".join(map(str, sys.version_info[:2]))


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No interpreter on the path, in pyenv or named by a variable."""
    for variable in ("CUSTOMS_PYTHON310", "CUSTOMS_PYTHON311"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_shim_that_does_not_run_is_passed_over_for_pyenv(bare: Path) -> None:
    script(bare / "bin" / f"python{VERSION}", "exit 127\n")
    script(bare / "pyenv" / "versions" / f"{VERSION}.9" / "bin" / f"python{VERSION}", f'exec {sys.executable} "$@"\n')
    newest = script(
        bare / "pyenv" / "versions" / f"{VERSION}.13" / "bin" / f"python{VERSION}", f'exec {sys.executable} "$@"\n'
    )
    assert find_python(VERSION) == str(newest)


def test_uv_is_asked(bare: Path) -> None:
    script(bare / "bin" / "uv", f'[ "$1 $2" = "python find" ] && echo {sys.executable}\n')
    assert find_python(VERSION) == sys.executable


def test_without_any_the_ways_to_get_one_are_told(bare: Path) -> None:
    with pytest.raises(SetupError) as error:
        find_python("3.4")
    for words in ("Python 3.4 was not found", "pyenv install 3.4", "uv python install 3.4", "CUSTOMS_PYTHON34="):
        assert words in str(error.value)


def test_a_wrong_interpreter_by_variable_is_named(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_PYTHON34", sys.executable)
    with pytest.raises(SetupError, match=r"CUSTOMS_PYTHON34 is .* not a working Python 3\.4"):
        find_python("3.4")


def test_a_step_passes_its_output_on_and_names_itself_when_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Saying hello", [sys.executable, "-c", "print('hello')"])
    assert "• Saying hello\n    hello\n    done" in capsys.readouterr().out
    with pytest.raises(SetupError, match=r"the step 'Failing' failed \(exit 3\)"):
        run_step("Failing", [sys.executable, "-c", "raise SystemExit(3)"])


def test_a_silent_step_gives_signs_of_life(capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Thinking", [sys.executable, "-c", "import time; time.sleep(7.5)"])
    assert "    … " in capsys.readouterr().out


def test_the_digest_follows_name_and_content(tmp_path: Path) -> None:
    first = tmp_path / "a"
    first.write_text("1")
    before = digest([first])
    assert digest([first]) == before != digest([first], "switch")
    first.write_text("2")
    assert digest([first]) != before


def test_it_runs_on_the_standard_library_alone() -> None:
    code = "import sys; sys.modules.update({'yaml': None, 'click': None, 'babel': None}); import customs.bootstrap"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=bootstrap.ROOT, env={**os.environ, "PYTHONPATH": "."})
    assert done.returncode == 0
