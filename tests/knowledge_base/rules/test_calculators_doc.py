"""docs/calculators.md names every code that a sum of allowances can say, every field of the file, and an example that works."""

from __future__ import annotations

import re

import pytest

from customs.settings import ROOT
from knowledge_base.rules.allowance_data import Allowance, AllowanceRules, Charge, Limit, Note, Pool
from knowledge_base.yaml12 import load
from tests.knowledge_base.rules.allowance_bags import ADMINISTRATIONS, pack

TEXT = (ROOT / "docs" / "calculators.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+)`", TEXT))


@pytest.mark.parametrize("administration", ADMINISTRATIONS)
def test_every_code_of_a_pack_is_named(administration: str) -> None:
    rules = pack(administration).rules["allowances"]
    readings = [allowance.other_reading for allowance in rules.allowances if allowance.other_reading]
    notes = [*rules.notes, *(note for allowance in rules.allowances for note in allowance.notes), *readings]
    charges = [charge for allowance in rules.allowances for charge in allowance.charges]
    assert {note.code for note in notes} | {charge.why for charge in charges if charge.why} <= NAMED


def test_every_code_in_the_rules_is_named() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "knowledge_base" / "rules").glob("allowance*.py")
    )
    said = set(re.findall(r'Finding\(\s*"([a-z_]+)"', code)) | set(
        re.findall(r'(?:unknown\(|None, None, |why or )"([a-z_]+)"', code)
    )
    assert {"exchange_rate_missing", "value_not_known"} <= said <= NAMED


@pytest.mark.parametrize("model", [AllowanceRules, Allowance, Pool, Limit, Charge, Note])
def test_every_field_is_in_the_text(model: type) -> None:
    assert [name for name in model.model_fields if not re.search(rf"\b{name}\b", TEXT)] == []


def test_the_example_is_a_file() -> None:
    example = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    rules = AllowanceRules.model_validate(load(example[1]))
    assert rules.problems() == []
    assert rules.figures() <= set(pack("gb").figures)
    assert rules.entries() <= set(pack("gb").entries)
