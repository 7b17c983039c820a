"""The shipped packs go into the console and come out again as they were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Revision

from customs.settings import ROOT
from knowledge_base.console.guidance.exporting import write_packs
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Question
from knowledge_base.console.guidance.shapes import entry_data
from knowledge_base.pack_writing import pack_texts, plain
from knowledge_base.packs import read_pack

PACKS = ("ae", "us", "gb", "eu")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped packs as they are now: somebody may be writing in them."""
    return Path(shutil.copytree(ROOT / "knowledge_base" / "content", tmp_path_factory.mktemp("content") / "packs"))


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: Any, content: Path) -> Iterator[int]:
    """All four packs in the console, once for this file; how many statements that took."""
    from django.db import connection, transaction

    counted = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    with django_db_blocker.unblock(), transaction.atomic():
        with connection.execute_wrapper(count):
            for name in PACKS:
                import_pack(content / name)
        yield counted
        transaction.set_rollback(True)


def test_importing_is_done_in_bulk(shipped: int) -> None:
    """A statement for each question, or even for each answer, would take minutes."""
    assert Administration.objects.filter(live=True).count() == 4
    assert Entry.objects.filter(live=True).count() > 600
    assert Question.objects.count() > 20_000
    assert Revision.objects.count() == sum(model.objects.count() for model in _all_guidance())
    assert shipped < Entry.objects.count()


def _all_guidance() -> list:
    from knowledge_base.console.guidance.models import Guidance

    return Guidance.__subclasses__()


def test_what_comes_out_is_what_went_in(shipped: int, content: Path, tmp_path: Path) -> None:
    write_packs(tmp_path)
    for name in PACKS:
        original, back = read_pack(content / name), read_pack(tmp_path / name)
        for part in ("administration", "sources", "figures", "entries", "topics", "rules"):
            assert getattr(back, part) == getattr(original, part), (name, part)
        wanted = pack_texts(plain(original, content / name))
        files = {
            path.relative_to(tmp_path / name).as_posix(): path.read_text() for path in (tmp_path / name).rglob("*.yml")
        }
        assert files == wanted
        for kept in ("allowances.yml", "cash.yml", "duties.yml", "coverage.yml"):
            assert (tmp_path / name / kept).read_bytes() == (content / name / kept).read_bytes()


def test_every_revision_holds_what_the_row_holds(shipped: int) -> None:
    for entry in Entry.objects.order_by("pk")[::97]:
        assert entry_data(entry.latest_revision.as_object()) == entry_data(entry)
    for figure in Figure.objects.order_by("pk")[::97]:
        assert figure.latest_revision.as_object().typed() == figure.typed()


@pytest.mark.parametrize("name", PACKS)
def test_importing_again_changes_nothing(shipped: int, content: Path, name: str) -> None:
    before = Revision.objects.count()
    again = import_pack(content / name)
    assert not again
    assert Revision.objects.count() == before


def test_what_a_pack_says_otherwise_becomes_a_draft(shipped: int, content: Path, tmp_path: Path) -> None:
    write_packs(tmp_path)
    path = tmp_path / "gb" / "figures.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("value: 42}", "value: 43}", 1), encoding="utf-8")
    done = import_pack(tmp_path / "gb")
    assert done.drafted == {"figure": ["gb.alcohol.beer"]}
    assert not done.added
    figure = Figure.objects.get(key="gb.alcohol.beer")
    assert figure.has_unpublished_changes
    assert [period.value for period in figure.periods.all()] == ["42"]
    assert [period.value for period in figure.latest().periods.all()] == ["43"]
    write_packs(tmp_path / "as-served")
    write_packs(tmp_path / "as-if", entries_as_draft=[figure.latest_revision])
    assert "value: 42}" in (tmp_path / "as-served" / "gb" / "figures.yml").read_text(encoding="utf-8")
    assert "{from: 2021-01-01, value: 43}" in (tmp_path / "as-if" / "gb" / "figures.yml").read_text(encoding="utf-8")


def test_what_a_pack_no_longer_has_is_named_and_stays(shipped: int, content: Path, tmp_path: Path) -> None:
    write_packs(tmp_path)
    (tmp_path / "gb" / "faq" / "ashes.yml").unlink()
    done = import_pack(tmp_path / "gb")
    assert list(done.missing) == ["entry"]
    assert Entry.objects.filter(key__in=done.missing["entry"], live=True).count() == len(done.missing["entry"])
