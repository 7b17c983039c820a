"""Entries split for the publishing benchmark are a pack that the check accepts."""

import re
import shutil
from pathlib import Path

from benchmarks.split_entries import split_entries
from customs.settings import ROOT
from knowledge_base.packs import read_pack


def test_each_entry_becomes_three_among_which_its_questions_are_dealt(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "knowledge_base" / "content" / "gb", tmp_path / "gb")
    before = read_pack(tmp_path / "gb")
    assert split_entries(tmp_path, 3) == 3 * len(before.entries)
    after = read_pack(tmp_path / "gb")
    name = "gb.alcohol.allowance"
    parts = [after.entries[part] for part in (name, f"{name}_part_2", f"{name}_part_3")]
    assert sorted(q for part in parts for q in part.questions["en"]) == sorted(before.entries[name].questions["en"])
    assert len({part.title for part in parts}) == 3 and len({part.answer for part in parts}) == 1
    assert re.fullmatch(r".*\(3\)", parts[2].title)
