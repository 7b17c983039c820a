"""docs/duty.md names every code that a sum of duty can say and every key of the file, and its example is a file that works."""

from __future__ import annotations

import re

from customs.settings import ROOT
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.yaml12 import load
from tests.knowledge_base.rules.duty_sums import PACKS

TEXT = (ROOT / "docs" / "duty.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+)(?:[`:.]|\s*\()", TEXT)) | set(re.findall(r"`([a-z_]+)`", TEXT))
RULES = ROOT / "knowledge_base" / "rules"


def test_every_reason_and_finding_in_the_rules_is_named():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*RULES.glob("duty*.py"), RULES / "tax_rows.py", RULES / "customs_value.py"]
    )
    reasons = set(re.findall(r'"([a-z_]+_(?:unknown|unverified|in_words))"', code))
    findings = set(re.findall(r'Finding\(\s*"([a-z_]+)"', code))
    assert len(reasons) > 10 and len(findings) > 5
    assert reasons | findings | {"no_rate", "depends"} <= NAMED


def test_every_key_of_the_file_is_named():
    keys = set(DutyRules.model_fields) - {"administration", "currency", "rounding"}
    missing = {key for key in keys if f"`{key}" not in TEXT and f"\n{key}:" not in TEXT}
    assert missing == set()


def test_the_example_is_a_file():
    example = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    rules = DutyRules.model_validate(load(example[1]))
    assert rules.problems() == []
    assert rules.figures() <= PACKS["gb"].figures.keys()
