"""Whatever stands in the files of a pack, the checker says what is wrong and never fails itself."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.check import check_pack
from knowledge_base.checks.checked import Checked
from knowledge_base.checks.source_list import as_text, listed
from knowledge_base.coverage_pages import coverage_page, read_covered, topics_page
from knowledge_base.packs import PackFaults, read_pack

TODAY = date(2026, 11, 21)
FILES = ("administration.yml", "sources.yml", "figures.yml", "coverage.yml", "faq/alcohol.yml", "faq/cash.yml")
COVERAGE = "covered: {cash.threshold: [zz.cash.declare], alcohol.allowance: [zz.alcohol.wine]}\nnot_covered: []\n"
ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["{", "}", "{=", "{=}", "{zz.}", "[", "]", ": ", "- ", "\n", "\t", "null", "~", "&a", "*a", "<<: ", "!!python/name:os.system ",
         "2026-02-30", "9999999999999999999", "1e999", ".nan", ".inf", "0x", "﷽", "\u202e", "#", "'", '"', "|", "unknown", "true", "http://[", "../"]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), at=st.floats(0, 1), taken=st.integers(0, 30), put=ODD)
def test_a_slip_anywhere_is_told_or_harmless(pack_folder: Path, file: str, at: float, taken: int, put: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(pack_folder, Path(made) / "zz"))
        (folder / "coverage.yml").write_text(COVERAGE, encoding="utf-8")
        text = (folder / file).read_text(encoding="utf-8")
        place = int(at * len(text))
        (folder / file).write_text(text[:place] + put + text[place + taken :], encoding="utf-8", errors="replace")
        faults = check_pack(folder, TODAY)
        for fault in faults:
            assert fault.file and fault.remedy and len(str(fault)) < 1000, fault
        try:
            pack = read_pack(folder)
            pages = read_covered([folder])
        except PackFaults:
            assert any(fault.level == "error" for fault in faults)
            return
        assert coverage_page(pages) and topics_page(pages)
        if not any(fault.level == "error" for fault in faults):
            assert as_text(list(listed(Checked(pack, folder, TODAY))))
