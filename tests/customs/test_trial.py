"""The trial of a release: what it asks anew, what it remembers, and what it says when a question got worse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.base import Service
from customs.trial import FastTrial
from knowledge_base.index.release import CURRENT, build_release, open_release
from knowledge_base.index.scope import read_examples
from knowledge_base.packs import read_pack
from knowledge_base.switches import FILE, switch_off
from tests.actions.support import DAY, FIXTURES, WordEncoder, settings_for

QUESTIONS = """\
questions:
  - {id: t-1, question: how much wine can i bring to meridia, administration: qm, language: en, expect: {outcome: answered, entries: [qm.alcohol.allowance]}}
  - {id: t-2, question: must i declare cash in norland, administration: qn, language: ar, expect: {outcome: answered, entries: [qn.cash.declare]}}
  - {id: t-3, question: how much wine to elsewhere, administration: xx, language: fr, expect: {outcome: answered, entries: [xx.alcohol.allowance]}}
"""
THRESHOLDS = "fast:\n  least: {answerable_right: 0.9}\n  most: {answerable_wrong: 0.05}\n"


@pytest.fixture
def trial(tmp_path: Path) -> FastTrial:
    folder = tmp_path / "evaluation"
    folder.mkdir()
    (folder / "some.yml").write_text(QUESTIONS, encoding="utf-8")
    (folder / "thresholds.yml").write_text(THRESHOLDS, encoding="utf-8")
    return FastTrial(settings_for(tmp_path / "var"), folder)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(FIXTURES / "packs", tmp_path / "content")
    return tmp_path / "content"


def build(content: Path, tmp_path: Path):
    packs = [read_pack(content / name) for name in ("qm", "qn")]
    build_release(packs, read_examples(FIXTURES / "scope"), WordEncoder(), tmp_path / "var", DAY)
    return open_release(tmp_path / "var" / "releases" / CURRENT, WordEncoder())


def change_wine(content: Path, old: str, new: str) -> None:
    file = content / "qm" / "faq" / "alcohol.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_only_what_changed_is_asked_again(trial: FastTrial, content: Path, tmp_path: Path) -> None:
    first = trial.judge(build(content, tmp_path), WordEncoder())
    assert (first.questions, first.asked, first.missed, first.worse) == (2, 2, (), ()), (
        "t-3 is of an administration that is not here"
    )
    change_wine(content, "Yes: each adult", "Yes, each adult")
    second = trial.judge(build(content, tmp_path), WordEncoder())
    assert (second.questions, second.asked) == (2, 1), "nothing of Norland changed"
    again = FastTrial(settings_for(tmp_path / "var"), tmp_path / "evaluation")
    assert again.judge(build(content, tmp_path), WordEncoder()).asked == 0, "another process remembers"


def test_a_new_way_of_asking_has_only_those_asked_again_that_it_reads_otherwise(
    trial: FastTrial, content: Path, tmp_path: Path
) -> None:
    labelled = tmp_path / "evaluation" / "some.yml"
    # No word of the field is near `snuffbax` yet, so it is left as it stands.
    labelled.write_text(QUESTIONS.replace("declare cash in", "declare a snuffbax of cash in"), encoding="utf-8")
    assert trial.judge(build(content, tmp_path), WordEncoder()).asked == 2
    change_wine(
        content,
        "        - how much wine can i bring\n",
        "        - how much wine can i bring\n        - how much port\n",
    )
    assert trial.judge(build(content, tmp_path), WordEncoder()).asked == 1, "Norland's is read as before"
    change_wine(content, "        - how much port\n", "        - how much port\n        - wine in a snuffbox\n")
    assert trial.judge(build(content, tmp_path), WordEncoder()).asked == 2, "now `snuffbax` is a slip for `snuffbox`"


def test_a_question_that_got_worse_is_named(trial: FastTrial, content: Path, tmp_path: Path) -> None:
    file = tmp_path / "evaluation" / "some.yml"  # only what is asked here: with a part, only sure misses count
    file.write_text("\n".join(QUESTIONS.splitlines()[:3]) + "\n", encoding="utf-8")
    good = build(content, tmp_path)
    trial.judge(good, WordEncoder())
    change_wine(content, "id: qm.alcohol.allowance", "id: qm.alcohol.renamed")
    for file in content.glob("qm/faq/*.yml"):
        file.write_text(
            file.read_text("utf-8").replace("[qm.alcohol.allowance", "[qm.alcohol.renamed"), encoding="utf-8"
        )
    aside = tmp_path / "aside"
    shutil.copytree(tmp_path / "var", aside / "var", symlinks=True)
    report = trial.judge(build(content, aside), WordEncoder())
    (worse,) = report.worse
    assert (
        worse.id == "t-1" and worse.why == "answered qm.alcohol.renamed" and worse.expected == ("qm.alcohol.allowance",)
    )
    assert any("answerable_right" in line for line in report.missed)
    assert any("how much wine can i bring to meridia" in reason for reason in report.reasons())


def test_switches_and_the_service_of_the_process_are_left_alone(
    trial: FastTrial, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = object()
    monkeypatch.setattr(Service, "knowledge", mark, raising=False)
    monkeypatch.setattr(Service, "settings", mark, raising=False)
    release = build(content, tmp_path)
    switch_off(tmp_path / "var" / "releases" / FILE, "administration:qm", "why", "huda")
    assert trial.judge(release, WordEncoder()).missed == ()
    assert Service.knowledge is mark and Service.settings is mark


@pytest.mark.parametrize("content_of_memory", ["", "{", "[]", '{"replies": [], "grades": 3}'])
def test_a_spoilt_memory_is_begun_anew(trial: FastTrial, content: Path, tmp_path: Path, content_of_memory: str) -> None:
    release = build(content, tmp_path)
    path = tmp_path / "var" / "cache" / "trial.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content_of_memory, encoding="utf-8")
    assert FastTrial(settings_for(tmp_path / "var"), tmp_path / "evaluation").judge(release, WordEncoder()).asked == 2


def test_nothing_to_ask_is_no_report(trial: FastTrial, content: Path, tmp_path: Path) -> None:
    file = tmp_path / "evaluation" / "some.yml"
    file.write_text("questions:\n" + QUESTIONS.splitlines()[-1] + "\n", encoding="utf-8")
    assert trial.judge(build(content, tmp_path), WordEncoder()) is None
