"""`customs duty`: what it reads, prints and refuses. The sums themselves: tests/knowledge_base/rules/test_duty.py."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from customs.commands import ask, duty
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.tariff.finder import Candidate, Classified
from tests.knowledge_base.rules.duty_sums import PACKS, RULES


class Goods:
    """A searcher over the real rules of Great Britain; it knows a speaker by name, is in doubt of a scarf, and nothing else."""

    def __init__(self) -> None:
        shelf = type("Shelf", (), {"rules": {"duties": self.rules}, "figures": PACKS["gb"].figures})
        self.release = type("Release", (), {"shelves": {"gb": shelf}})

    rules: DutyRules = RULES["gb"]

    def find_goods(self, text: str, among: set[str]) -> Classified:
        assert among == {rate.good for rate in self.rules.goods}
        if "shirt" in text:
            return Classified("sure", (Candidate("shirt", "620520", 1.2),), 0.9)
        if "scarf" in text:
            return Classified("which", (Candidate("shirt", "620520", 1.0), Candidate("blouse", "620630", 1.0)), 0.7)
        return Classified("unsure", (Candidate("book", "490199", 0.8),), 0.1)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    monkeypatch.setattr(ask, "_start", lambda settings: Goods())

    def invoke(*arguments: str):
        return CliRunner().invoke(duty.command, ["-a", "gb", "--date", "2026-11-22", *arguments])

    return invoke


ORDER = (
    "--freight",
    "0",
    "--by",
    "post",
    "--shop",
    "--importer",
    "person",
    "--from",
    "VN",
    "--origin",
    "VN",
    "--no-gift",
)


def test_a_sum_with_its_rows(run):
    result = run("blue shirt", "--value", "200", *ORDER)
    assert result.exit_code == 0, result.output
    assert "blue shirt: shirt, 6205 20 00 (please confirm)" in result.output
    assert "standard: 68.80 GBP" in result.output
    assert "12 %" in result.output and "24.00 GBP" in result.output and "Information, not a ruling" in result.output


def test_the_same_as_json(run):
    shown = json.loads(run("blue shirt", "book", "--value", "200", "--value", "9.50 gbp", *ORDER, "--json").output)
    assert [line["good"] for line in shown["goods"]] == ["shirt", "book"]
    (option,) = shown["result"]["options"]
    duties = [row["amount"] for row in option["sum"]["rows"] if row["kind"] == "duty"]
    assert duties == [{"amount": "24.00", "currency": "GBP"}, {"amount": "0.00", "currency": "GBP"}]


def test_what_it_may_be_is_named_and_nothing_is_taken(run):
    result = run("silk scarf", "--value", "200", *ORDER)
    assert "which of these? Give its id: shirt (620520), blouse (620630)" in result.output
    assert "g1.good" in result.output and "no total" in result.output


def test_what_cannot_be_classified_says_what_to_do(run):
    assert "cannot be classified; ask for a ruling" in run("gizmo", "--value", "200", *ORDER).output


def test_what_would_change_the_sum_is_listed(run):
    result = run("blue shirt", "--value", "200")
    assert "Not known, and it would change the sum: g1.origin" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("shirt", "--value", "much"), "write 120, or 120 USD"),
        (("shirt", "--origin", "China"), "two letters such as CN"),
        (("shirt", "--quantity", "3 boxes"), "one of kg, g, L"),
        (("shirt", "--value", "1", "--value", "2"), "given 2 times for 1 goods"),
        (("shirt", "--date", "tomorrow"), "2026-11-22"),
        (("shirt", "--by", "pigeon"), "pigeon"),
        ((), "GOODS"),
    ],
)
def test_wrong_use_says_the_way_out(run, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.output


def test_an_administration_that_is_not_served(monkeypatch, tmp_path):
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    result = CliRunner().invoke(duty.command, ["shirt", "-a", "zz"])
    assert result.exit_code == 2 and "not served" in result.output


def test_without_a_release_it_says_how_to_build_one(monkeypatch, tmp_path):
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    result = CliRunner().invoke(duty.command, ["shirt", "-a", "gb"])
    assert result.exit_code == 1 and "customs build" in result.output
