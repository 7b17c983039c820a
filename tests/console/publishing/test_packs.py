"""What is published is written as packs: of what changed alone, and the same bytes as if all of it were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge_base.console.guidance import exporting
from knowledge_base.console.guidance.exporting import write_packs
from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.guidance.publication import publishing_allowed
from knowledge_base.console.publishing.packs import PublishedPacks
from tests.console.publishing.conftest import CASH, WINE, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def packs(guidance: None, tmp_path: Path) -> PublishedPacks:
    made = PublishedPacks(tmp_path / "kept")
    made.write(tmp_path / "first", None)
    return made


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yml")}


def written(packs: PublishedPacks, tmp_path: Path, name: str) -> dict[str, bytes]:
    """What is written now, which must be what writing everything gives."""
    packs.write(tmp_path / name, {"zz"})
    write_packs(tmp_path / f"{name}-whole")
    assert texts(tmp_path / name) == texts(tmp_path / f"{name}-whole")
    return texts(tmp_path / name)


def test_only_the_topic_of_what_changed_is_read_again(
    packs: PublishedPacks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    read: list[str] = []
    make = exporting.entry_data
    monkeypatch.setattr(exporting, "entry_data", lambda entry, *more: read.append(entry.key) or make(entry, *more))
    packs.write(tmp_path / "second", {"zz"})
    assert read == [CASH]
    found = written(packs, tmp_path, "third")
    assert b"always" in found["zz/faq/cash.yml"] and b"Form 12" in found["zz/faq/alcohol.yml"]


def test_what_is_offered_under_another_follows_what_is_served(packs: PublishedPacks, tmp_path: Path) -> None:
    assert b"related: [zz.cash.declare]" in written(packs, tmp_path, "before")["zz/faq/alcohol.yml"]
    with publishing_allowed():
        Entry.objects.get(key=CASH).unpublish()
    found = written(packs, tmp_path, "without")
    assert b"related" not in found["zz/faq/alcohol.yml"] and "zz/faq/cash.yml" not in found
    with publishing_allowed():
        Entry.objects.get(key=CASH).latest_revision.publish()
    assert b"related: [zz.cash.declare]" in written(packs, tmp_path, "again")["zz/faq/alcohol.yml"]


def test_an_answer_that_changes_its_topic_leaves_the_old_one(packs: PublishedPacks, tmp_path: Path) -> None:
    entry: Any = Entry.objects.get(key=WINE).latest()
    entry.topic = "drinks"
    with publishing_allowed():
        entry.save_revision().publish()
    found = written(packs, tmp_path, "moved")
    assert "zz/faq/alcohol.yml" not in found and WINE.encode() in found["zz/faq/drinks.yml"]


def test_a_writing_that_fails_is_done_again(
    packs: PublishedPacks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, always.")
    with monkeypatch.context() as patched:
        patched.setattr(
            "knowledge_base.console.publishing.packs.write_texts", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
        )
        with pytest.raises(OSError, match="full"):
            packs.write(tmp_path / "second", {"zz"})
    assert b"always" in written(packs, tmp_path, "third")["zz/faq/cash.yml"]
