"""The shipped packs go into the console and come out again as they were."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from wagtail.models import Revision

from customs.settings import ROOT
from knowledge_base.console.guidance.exporting import write_packs
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Question
from knowledge_base.console.guidance.shapes import entry_data
from knowledge_base.pack_writing import pack_texts, plain
from knowledge_base.packs import read_pack

CONTENT = ROOT / "knowledge_base" / "content"
PACKS = ("ae", "us", "gb", "eu")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: object) -> object:
    """All four packs in the console, once for this file."""
    from django.db import transaction

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with transaction.atomic():
            started = time.monotonic()
            for name in PACKS:
                import_pack(CONTENT / name)
            yield time.monotonic() - started
            transaction.set_rollback(True)


def test_importing_takes_less_than_a_minute(shipped: float) -> None:
    assert shipped < 60
    assert Administration.objects.filter(live=True).count() == 4
    assert Entry.objects.filter(live=True).count() > 600
    assert Question.objects.count() > 20_000
    assert Revision.objects.count() == sum(model.objects.count() for model in _all_guidance())


def _all_guidance() -> list:
    from knowledge_base.console.guidance.models import Guidance

    return Guidance.__subclasses__()


def test_what_comes_out_is_what_went_in(shipped: float, tmp_path: Path) -> None:
    write_packs(tmp_path)
    for name in PACKS:
        original, back = read_pack(CONTENT / name), read_pack(tmp_path / name)
        for part in ("administration", "sources", "figures", "entries", "topics", "rules"):
            assert getattr(back, part) == getattr(original, part), (name, part)
        wanted = pack_texts(plain(original, CONTENT / name))
        files = {
            path.relative_to(tmp_path / name).as_posix(): path.read_text() for path in (tmp_path / name).rglob("*.yml")
        }
        assert files == wanted
        for kept in ("allowances.yml", "cash.yml", "duties.yml", "coverage.yml"):
            assert (tmp_path / name / kept).read_bytes() == (CONTENT / name / kept).read_bytes()


def test_every_revision_holds_what_the_row_holds(shipped: float) -> None:
    for entry in Entry.objects.order_by("pk")[::97]:
        assert entry_data(entry.latest_revision.as_object()) == entry_data(entry)
    for figure in Figure.objects.order_by("pk")[::97]:
        assert figure.latest_revision.as_object().typed() == figure.typed()


@pytest.mark.parametrize("name", PACKS)
def test_importing_again_changes_nothing(shipped: float, name: str) -> None:
    before = Revision.objects.count()
    again = import_pack(CONTENT / name)
    assert not again
    assert Revision.objects.count() == before


def test_what_a_pack_says_otherwise_becomes_a_draft(shipped: float, tmp_path: Path) -> None:
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


def test_what_a_pack_no_longer_has_is_named_and_stays(shipped: float, tmp_path: Path) -> None:
    write_packs(tmp_path)
    (tmp_path / "gb" / "faq" / "ashes.yml").unlink()
    done = import_pack(tmp_path / "gb")
    assert list(done.missing) == ["entry"]
    assert Entry.objects.filter(key__in=done.missing["entry"], live=True).count() == len(done.missing["entry"])
