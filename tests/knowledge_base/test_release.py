"""A release is built aside, verified, switched in whole, and refused when it does not fit."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.errors import PackError, ReleaseError
from knowledge_base.index import contents
from knowledge_base.index.manifest import switch_to
from knowledge_base.index.release import Before, Release, build_release, open_release, prepare_release, read_manifest
from knowledge_base.index.scope import read_examples
from knowledge_base.model import Entry, Pack
from knowledge_base.packs import pack_folders, read_pack
from knowledge_base.places_data import gazetteer
from knowledge_base.publishing.changed import changes
from tests.knowledge_base.conftest import KeywordEncoder

DAY = date(2026, 11, 21)
EXAMPLES = [("do i need a visa", "out_of_scope"), ("weather tomorrow", "out_of_scope")]


def build(pack_folder: Path, encoder: KeywordEncoder, var: Path) -> Path:
    return build_release([read_pack(pack_folder)], EXAMPLES, encoder, var, DAY)


def test_what_is_built_opens(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path) -> None:
    folder = build(pack_folder, encoder, tmp_path)
    release = open_release(tmp_path / "releases" / "current", encoder)
    assert release.folder == folder.resolve()
    assert [entry.id for entry in release.shelves["zz"].entries] == ["zz.alcohol.wine", "zz.cash.declare"]
    assert release.entry("zz.cash.declare").title == "Must I declare cash?"
    assert release.entry("zz.no.such") is None and release.entry("xx.y") is None
    assert release.manifest["counts"]["zz"]["entries"] == 2
    assert (
        len(release.shelves["zz"].bank.questions) == len(release.shelves["zz"].question_text) == 18
    )  # with the titles


def test_the_same_content_builds_nothing(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path) -> None:
    folder = build(pack_folder, encoder, tmp_path)
    written = folder.stat().st_mtime_ns
    encoder.encoded.clear()
    assert build(pack_folder, encoder, tmp_path) == folder.resolve()
    assert encoder.encoded == [] and folder.stat().st_mtime_ns == written


def test_changing_one_entry_encodes_only_what_changed(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path
) -> None:
    first = build(pack_folder, encoder, tmp_path)
    encoder.encoded.clear()
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("cash limit", "limit for cash"))
    second = build(pack_folder, encoder, tmp_path)
    assert second != first and encoder.encoded == ["limit for cash"]
    assert (tmp_path / "releases" / "current").resolve() == second.resolve()
    assert first.exists(), "the one before stays, to go back to"


def test_another_encoder_is_refused_by_name(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path) -> None:
    folder = build(pack_folder, encoder, tmp_path)
    with pytest.raises(ReleaseError, match=r"(?s)keywords@1.*keywords@2.*customs build"):
        open_release(folder, KeywordEncoder("keywords@2"))


@pytest.mark.parametrize("name", ["zz/pack.json", "zz/entries.jsonl", "zz/bank/questions.npy", "scope.npz"])
def test_a_damaged_release_is_refused(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, name: str) -> None:
    folder = build(pack_folder, encoder, tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    with pytest.raises(ReleaseError, match=f"{name} is missing or damaged.*customs build"):
        open_release(folder, encoder)
    (folder / name).unlink()
    with pytest.raises(ReleaseError, match=name):
        open_release(folder, encoder)
    again = build(pack_folder, encoder, tmp_path)  # a build mends it
    open_release(again, encoder)


def test_entries_that_did_not_change_are_neither_written_nor_read_again(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, written, read = contents._plain, [], []
    monkeypatch.setattr(contents, "_plain", lambda item: written.append(item) or plain(item))

    class Reading(Entry):
        @classmethod
        def model_validate_json(cls, line: bytes, **_: object) -> Entry:
            read.append(line)
            return Entry.model_validate_json(line)

    monkeypatch.setattr("knowledge_base.index.release.Entry", Reading)
    before = Before()
    pack = read_pack(pack_folder)

    def publish(pack: Pack) -> Release:
        written.clear()
        read.clear()
        made = prepare_release([pack], EXAMPLES, encoder, tmp_path, DAY, before=before)
        switch_to(made.folder)
        return made.release

    first = publish(pack)
    assert len([item for item in written if isinstance(item, Entry)]) == len(read) == 2
    cash = pack.entries["zz.cash.declare"]
    changed = cash.model_copy(update={"title": "Is cash declared?"})
    second = publish(pack.model_copy(update={"entries": pack.entries | {cash.id: changed}}))
    assert [item.title for item in written if isinstance(item, Entry)] == ["Is cash declared?"] and len(read) == 1
    assert second.entry("zz.cash.declare").title == "Is cash declared?"
    assert second.entry("zz.alcohol.wine") is first.entry("zz.alcohol.wine")
    whole = open_release(second.folder, encoder)
    assert whole.shelves["zz"].entries == second.shelves["zz"].entries
    assert whole.shelves["zz"].question_text == second.shelves["zz"].question_text
    assert json.loads((second.folder / "zz" / "rows.json").read_text("utf-8")) == whole.shelves["zz"].question_text
    # What comes back after a pack without it is read once more and is what it was.
    publish(pack.model_copy(update={"entries": {cash.id: changed}}))
    assert publish(pack).shelves["zz"].entries == first.shelves["zz"].entries


def test_what_a_release_changed_is_told_against_one_of_the_format_before(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path
) -> None:
    first = build(pack_folder, encoder, tmp_path)
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("title: Must I declare cash?", "title: Is cash declared?"))
    second = build(pack_folder, encoder, tmp_path)
    told = changes(first, second)
    assert [(change.kind, change.how, change.id, change.keys) for change in told] == [
        ("entry", "changed", "zz.cash.declare", ("title",))
    ]
    # Up to format 6 the entries stood in the pack.
    pack = json.loads((first / "zz" / "pack.json").read_text("utf-8"))
    lines = (first / "zz" / "entries.jsonl").read_text("utf-8").splitlines()
    (first / "zz" / "entries.jsonl").unlink()
    (first / "zz" / "pack.json").write_text(json.dumps(pack | {"entries": [json.loads(line) for line in lines]}))
    assert changes(first, second) == told


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="There is no release in .*customs build"):
        read_manifest(tmp_path)


def test_a_failing_build_leaves_the_served_release_alone(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = build(pack_folder, encoder, tmp_path)
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("cash limit", "limit for cash"))
    monkeypatch.setattr("knowledge_base.index.scope.fit", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(pack_folder, encoder, tmp_path)
    assert (tmp_path / "releases" / "current").resolve() == served.resolve()
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == sorted(["current", "served.jsonl", served.name])


def test_an_entry_on_an_unverified_figure_is_held_back(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path
) -> None:
    path = pack_folder / "figures.yml"
    path.write_text(path.read_text().replace("status: verified", "status: unverified", 1))
    release = open_release(build(pack_folder, encoder, tmp_path), encoder)
    assert release.entry("zz.alcohol.wine") is None
    assert release.manifest["counts"]["zz"]["held_back"] == 1


def test_an_unknown_scope_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("out_of_scoop: [visa]")
    with pytest.raises(PackError, match="more.yml.*out_of_scoop.*personal_case"):
        read_examples(tmp_path)


def test_an_unknown_pack_is_named(pack_folder: Path) -> None:
    with pytest.raises(PackError, match="no pack 'qq'.*there: zz"):
        pack_folders(pack_folder.parent, ["zz", "qq"])


def test_another_gazetteer_makes_another_release(
    pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(pack_folder, encoder, tmp_path)
    other = shutil.copytree(gazetteer.FOLDER, tmp_path / "places")
    (other / "aliases.txt").write_text((other / "aliases.txt").read_text() + "XX city: somewhere\n")
    monkeypatch.setattr(gazetteer, "FOLDER", other)
    monkeypatch.setattr("knowledge_base.places.Administrations.without", lambda self, text, administration: text + "!")
    assert build(pack_folder, encoder, tmp_path) != first
