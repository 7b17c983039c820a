"""The topic list, what packs say they cover, and the public pages made of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from customs.commands.coverage import command
from customs.settings import ROOT
from knowledge_base.check import check_pack
from knowledge_base.coverage import known_questions, questions, read_coverage, topics
from knowledge_base.coverage_pages import coverage_page, read_covered, topics_page
from knowledge_base.packs import PackFaults, pack_folders

TODAY = date(2026, 11, 21)
CONTENT = ROOT / "knowledge_base" / "content"
COVERAGE = """\
not_covered:
  - topic: pets.breeds
    question: Which dogs | are banned?
    reason: The list could not be read.
    ask: the ministry
covered:
  alcohol.allowance: [zz.alcohol.wine]
  cash.threshold: [zz.cash.declare]
"""


@pytest.fixture
def covered(pack_folder: Path) -> Path:
    """A pack that says what it covers."""
    (pack_folder / "coverage.yml").write_text(COVERAGE, encoding="utf-8")
    return pack_folder


def said(folder: Path) -> list[str]:
    return [str(fault) for fault in check_pack(folder, TODAY)]


def test_the_topic_list_covers_travellers_and_traders() -> None:
    ids = [asked.id for topic in topics() for asked in questions(topic)]
    assert len(ids) == len(set(ids)) >= 200
    assert {topic.audience for topic in topics()} >= {"traveller", "trader"}


def test_no_two_topics_share_an_id_and_no_two_questions_a_wording() -> None:
    assert len({topic.id for topic in topics()}) == len(topics())
    for topic in topics():
        assert len(set(topic.questions.values())) == len(topic.questions), topic.id


@pytest.mark.parametrize("folder", pack_folders(CONTENT, ["ae", "us", "gb", "eu"]), ids=lambda folder: folder.name)
def test_our_packs_say_what_they_cover(folder: Path) -> None:
    coverage = read_coverage(folder)
    assert set(coverage.covered) <= known_questions() and len(coverage.covered) > 100


def test_a_good_coverage_has_no_faults_and_a_pack_need_not_have_one(covered: Path) -> None:
    assert said(covered) == []
    (covered / "coverage.yml").unlink()
    assert said(covered) == [] and read_coverage(covered).covered == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("alcohol.allowance", "alcohol.allowence", ["error", "alcohol.allowence", "topics.yml"]),
        ("[zz.alcohol.wine]", "[zz.alcohol.vine]", ["error", "zz.alcohol.vine", "no such entry"]),
        ("pets.breeds", "pets.races", ["error", "pets.races", "Neither a topic"]),
        ("    ask: the ministry\n", "", ["error", "ask", "required"]),
        ("  cash.threshold: [zz.cash.declare]\n", "", ["warning", "zz.cash.declare", "under the questions"]),
        ("\ncovered:\n", "\ncovred:\n", ["error", "covred"]),
    ],
)
def test_a_fault_is_named(covered: Path, old: str, new: str, words: list[str]) -> None:
    path = covered / "coverage.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(all(word in line for word in ("coverage.yml", *words)) for line in said(covered)), said(covered)


def test_a_faulty_coverage_is_not_read_as_an_empty_one(covered: Path) -> None:
    (covered / "coverage.yml").write_text("covered: {alcohol: no}")
    with pytest.raises(PackFaults, match="coverage.yml"):
        read_coverage(covered)


def test_the_public_page_names_what_is_covered_open_and_why(covered: Path) -> None:
    page = coverage_page(read_covered([covered]))
    assert "As of 2026-01-02." in page, "dated by the newest page that was read"
    assert "| answers for travellers | 1 |" in page and "| answers for both | 1 |" in page
    assert "| Alcohol | 6 | 1 |" in page
    assert "| Which dogs \\| are banned? | The list could not be read. | the ministry |" in page
    open_ = page[page.index("No answer of its own yet") :]
    assert "What happens if I did not declare cash?" in open_
    assert "From what amount must cash be declared?" not in open_
    assert "Which breeds are banned?" not in open_, "told under the gaps already"


def test_the_public_page_names_figures_on_which_sources_disagree(covered: Path) -> None:
    path = covered / "figures.yml"
    text = path.read_text().replace("status: verified\n  - id", "status: unverified\n  - id")
    path.write_text(
        text.replace(
            "status: verified", "status: conflicting\n    conflict: [{value: 9000, source: page, note: older}]"
        )
    )
    page = coverage_page(read_covered([covered]))
    assert "| Cash | 10000 GBP | 9000 GBP (older) |" in page
    assert "Not verified, so not published:\n\n- Wine" in page


def test_the_checklist_ticks_what_all_answer(covered: Path) -> None:
    page = topics_page(read_covered([covered]))
    assert "- [x] `cash.threshold`" in page and "- [ ] `cash.how`" in page and "*Open: zz.*" in page


def test_the_command_writes_the_pages_and_tells_stale_ones(
    covered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTOMS_CONTENT_DIR", str(covered.parent))
    monkeypatch.setenv("CUSTOMS_ADMINISTRATIONS", "zz")
    docs = ["--into", str(tmp_path / "docs")]
    assert CliRunner().invoke(command, ["--check", *docs]).exit_code == 1
    assert not (tmp_path / "docs").exists(), "--check writes nothing"
    assert CliRunner().invoke(command, docs).exit_code == 0
    assert CliRunner().invoke(command, ["--check", *docs]).exit_code == 0
    (covered / "coverage.yml").write_text(COVERAGE.replace("the ministry", "the office"))
    stale = CliRunner().invoke(command, ["--check", *docs])
    assert stale.exit_code == 1 and "coverage.md" in stale.output and "topics.md" not in stale.output
