"""`customs check` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from customs.commands import check
from customs.settings import ROOT

PACK = ROOT / "tests" / "fixtures" / "packs" / "qn"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check.command, [str(PACK), *arguments])


def test_a_pack_is_counted() -> None:
    found = run()
    assert (found.exit_code, found.output) == (
        0,
        "qn: 0 errors, 0 warnings; 3 entries, 3 figures, 1 sources, 24 questions\n",
    )


def test_the_reading_grade_of_a_pack_is_told() -> None:
    found = CliRunner().invoke(check.command, [str(ROOT / "knowledge_base" / "content" / "gb"), "--quiet"])
    last = found.output.splitlines()[-1]
    assert "reading grade" in last and "(median)" in last and "(hardest)" in last


def test_faults_of_form_are_told_and_counted(tmp_path: Path) -> None:
    (tmp_path / "administration.yml").write_text("format: 1")
    found = CliRunner().invoke(check.command, [str(tmp_path), "--stamp"], catch_exceptions=False)
    assert found.exit_code == 1 and "figures.yml" in found.output and "errors" in found.output.splitlines()[-1]


def test_sources_prints_figures_beside_their_pages() -> None:
    found = run("--sources")
    assert found.exit_code == 0 and "[ ] qn." in found.output and "https://" in found.output
    table = run("--sources", "--format", "csv").output
    assert table.startswith("figure,label,value,") and table.count("\n") > 2


def test_sources_of_a_faulty_pack_name_the_fault(tmp_path: Path) -> None:
    found = CliRunner().invoke(check.command, [str(tmp_path), "--sources"])
    assert found.exit_code != 0 and "administration.yml" in str(found.exception)


def test_meaning_adds_what_the_search_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.knowledge_base.checks.test_meaning import vectors

    monkeypatch.setattr(check, "_vectors", lambda settings: vectors)
    found = run("--meaning")
    assert found.exit_code == 0, "what the encoder sees is for people to judge: warnings only"
    assert "questions find their entry without their own wording" in found.output.splitlines()[-1]
