"""`customs figure`: shows first, writes only when told to."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from customs.commands.figure import command
from knowledge_base.errors import PackError
from knowledge_base.packs import read_pack
from tests.knowledge_base.exchange.packs import copied


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_it_shows_and_changes_nothing(tmp_path):
    folder = copied("gb", tmp_path)
    before = (folder / "figures.yml").read_bytes()
    shown = run("gb.alcohol.beer", "--value", "45 L", "--from", "2031-01-01", "--into", str(tmp_path)).output
    for part in (
        "42 litres → 45 litres, from 2031-01-01 on",
        "+ Yes",
        "allowances.yml",
        "gb_beer_exactly",
        "Nothing was changed",
    ):
        assert part in shown
    assert (folder / "figures.yml").read_bytes() == before


def test_it_writes_when_told(tmp_path):
    folder = copied("gb", tmp_path)
    assert "changed" in run("gb.alcohol.beer", "--value", "45", "--into", str(tmp_path), "--yes").output
    assert str(read_pack(folder).figures["gb.alcohol.beer"].valid[-1].value) == "45"


def test_json(tmp_path):
    copied("gb", tmp_path)
    shown = json.loads(run("gb.alcohol.beer", "--value", "45", "--into", str(tmp_path), "--json").output)
    assert shown["new"] == "45" and shown["answers"] and shown["sums"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gb.alcohol.bier", "--value", "4"], "Did you mean gb.alcohol.beer"),
        (["gb.alcohol.beer", "--value", "4 kg"], "does not belong"),
        (["qq.alcohol.beer", "--value", "4"], "qq"),
        (["gb.alcohol.beer", "--value", "42"], "already"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, arguments, told):
    copied("gb", tmp_path)
    with pytest.raises(PackError, match=told):
        run(*arguments, "--into", str(tmp_path))
