"""`customs allowance`: goods in words or as options, a readable result, JSON, clear errors."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner, Result

from customs.commands.allowance import command


@pytest.fixture
def allowance(monkeypatch: pytest.MonkeyPatch):
    """Runs the command on the packs that are served."""
    for name in [name for name in os.environ if name.startswith("CUSTOMS_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments)

    return run


def test_goods_in_everyday_words(allowance) -> None:
    result = allowance("2 litres of whisky, 250 cigarettes", "-a", "gb", "--age", "19", "--from", "US", "--in", "GB")
    assert result.exit_code == 0
    assert "g1: spirits, 2 L (2 litres of whisky)" in result.output
    assert "over (great britain)" in result.output
    assert "250 of 200 each, 0 left: cigarettes" in result.output
    assert "to pay: not known" in result.output
    assert "Information, not a ruling." in result.output


def test_goods_as_options(allowance) -> None:
    result = allowance(
        "-a", "us", "--good", "spirits=2000ml:60USD@40%", "--good", "other=1:140", "--resident", "--away-hours", "200",
        "--days-since-last", "90", "--age", "40", "--from", "fr", "--json",
    )  # fmt: skip
    assert result.exit_code == 0
    shown = json.loads(result.output)
    assert shown["basket"]["goods"][0]["quantity"] == "2.000"
    assert shown["basket"]["traveller"]["arriving_from"] == "FR"
    assert shown["result"]["verdict"] == "over"
    assert shown["result"]["total"] == {"amount": "3.75", "currency": "USD"}


def test_what_is_needed_is_listed(allowance) -> None:
    result = allowance("-a", "eu", "--good", "other:350", "--in", "FR", "--from", "CH", "--age", "30")
    assert "Not known, and it would change the result: by" in result.output


def test_an_option_wins_over_the_text_and_the_day_counts(allowance) -> None:
    result = allowance("1 litre of gin, i'm 15", "-a", "gb", "--age", "30", "--date", "2026-02-03")
    assert "within" in result.output and "As of 2026-02-03." in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-a", "gb"], "Say what is carried"),
        (["-a", "xx", "--good", "beer=1L"], "'xx' is not served; one of"),
        (["-a", "gb", "-l", "xx", "--good", "beer=1L"], "'xx' is not served; one of"),
        (["-a", "gb", "--good", "beer"], None),
        (["-a", "gb", "--good", "lager=1L"], "'lager' is no kind of goods; one of alcohol"),
        (["-a", "gb", "--good", "beer 1L"], "is no line of goods; write KIND=AMOUNT"),
        (["-a", "gb", "--good", "beer=1L", "--from", "Germany"], "is no code of a country; write US or GB-NIR"),
        (["-a", "gb", "--good", "beer=1L", "--date", "tomorrow"], "'tomorrow' is no day; write it as 2026-11-22"),
        (["-a", "gb", "--good", "beer=1L", "--age", "-3"], "0<=x<=130"),
    ],
)
def test_wrong_use_is_one_clear_line(allowance, arguments: list[str], said: str | None) -> None:
    result = allowance(*arguments)
    assert result.exit_code == (2 if said else 0)
    assert (said or "Not known") in result.output
