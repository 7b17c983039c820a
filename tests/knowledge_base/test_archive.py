"""A pack goes through an archive byte for byte; whatever is wrong with an archive is refused and leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customs.settings import ROOT
from knowledge_base.archive import MANIFEST, export_pack, import_pack
from knowledge_base.packs import PackFaults

CONTENT = ROOT / "knowledge_base" / "content"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewritten(archive: Path, change) -> Path:
    """A copy of `archive` whose members {name: bytes} went through `change`."""
    with zipfile.ZipFile(archive) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    changed = change(members) or members
    copy = archive.with_name("changed.zip")
    with zipfile.ZipFile(copy, "w") as out:
        for name, data in changed.items():
            out.writestr(name, data)
    return copy


def with_manifest(archive: Path, **changes) -> Path:
    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()

    return rewritten(archive, change)


def refused(archive: Path, into: Path) -> str:
    """Why `archive` is refused; nothing may be left of it."""
    before = contents(into) if into.exists() else {}
    with pytest.raises(PackFaults) as error:
        import_pack(archive, into)
    assert (contents(into) if into.exists() else {}) == before
    assert not [path for path in into.glob(".*")]
    return str(error.value)


@pytest.fixture
def archive(pack_folder: Path, tmp_path: Path) -> Path:
    export_pack(pack_folder, tmp_path / "zz.zip")
    return tmp_path / "zz.zip"


@pytest.mark.parametrize("administration", ["ae", "us", "gb", "eu"])
def test_our_packs_come_back_byte_for_byte(administration: str, tmp_path: Path) -> None:
    export_pack(CONTENT / administration, tmp_path / "pack.zip")
    assert contents(import_pack(tmp_path / "pack.zip", tmp_path / "in")) == contents(CONTENT / administration)


COMMENTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(comment=COMMENTS, newline=st.sampled_from(["\n", "\r\n"]), blanks=st.integers(0, 3))
def test_layout_and_comments_survive(pack_folder: Path, comment: str, newline: str, blanks: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(pack_folder, Path(made) / "zz"))
        text = (folder / "faq" / "cash.yml").read_text(encoding="utf-8")
        odd = f"# {comment}\n{text}" + "\n" * blanks
        (folder / "faq" / "cash.yml").write_bytes(odd.replace("\n", newline).encode())
        export_pack(folder, Path(made) / "a.zip")
        export_pack(folder, Path(made) / "b.zip")
        assert (Path(made) / "a.zip").read_bytes() == (Path(made) / "b.zip").read_bytes()
        assert contents(import_pack(Path(made) / "a.zip", Path(made) / "in")) == contents(folder)


def test_the_archive_does_not_depend_on_times_and_modes(pack_folder: Path, archive: Path, tmp_path: Path) -> None:
    for path in pack_folder.rglob("*.yml"):
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        path.touch()
    export_pack(pack_folder, tmp_path / "later.zip")
    assert (tmp_path / "later.zip").read_bytes() == archive.read_bytes()


def test_what_is_no_part_of_the_pack_stays_at_home(pack_folder: Path, tmp_path: Path) -> None:
    (pack_folder / "notes.txt").write_text("secret")
    (pack_folder / "faq" / "cash.yml~").write_text("old")
    assert all("notes" not in name and "~" not in name for name in export_pack(pack_folder, tmp_path / "a.zip"))


def test_a_pack_with_errors_is_not_exported(pack_folder: Path, tmp_path: Path) -> None:
    path = pack_folder / "faq" / "cash.yml"
    path.write_text(path.read_text().replace("sources: [page]", "sources: [pgae]"))
    with pytest.raises(PackFaults, match="pgae"):
        export_pack(pack_folder, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_a_pack_that_is_there_is_kept_unless_told(archive: Path, pack_folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "in"
    import_pack(archive, into)
    path = into / "zz" / "faq" / "cash.yml"
    path.write_text(path.read_text() + "# ours\n")
    assert "--replace" in refused(archive, into)
    import_pack(archive, into, replacing=True)
    assert contents(into / "zz") == contents(pack_folder)
    assert not list(into.glob(".*"))


@pytest.mark.parametrize("wrong", [{"format": 2}, {"format": None}, {"format": "1"}])
def test_another_format_is_refused(archive: Path, tmp_path: Path, wrong: dict) -> None:
    said = refused(with_manifest(archive, **wrong), tmp_path / "in")
    assert "manifest.json" in said and "format" in said and repr(str(wrong["format"])) in said and "reads" in said


@pytest.mark.parametrize(
    "name", ["../x.yml", "faq/../../x.yml", "/x.yml", "faq/x\\..\\..\\y.yml", "run.sh", "faq/x/y.yml"]
)
def test_a_file_that_leads_out_or_is_none_of_a_pack_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    def only_there(members: dict[str, bytes]) -> None:
        members[f"zz/{name}"] = b"x"

    assert "No file of a pack" in refused(rewritten(archive, only_there), tmp_path / "in")

    def named_too(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["files"][name] = {"sha256": "0", "bytes": 1}
        members |= {f"zz/{name}": b"x", MANIFEST: json.dumps(manifest).encode()}

    assert "has no such file" in refused(rewritten(archive, named_too), tmp_path / "in")
    assert not (tmp_path / "x.yml").exists()


@pytest.mark.parametrize("id_", ["../zz", "..", "ZZ", "", None, 7])
def test_an_id_that_is_none_is_refused(archive: Path, tmp_path: Path, id_: object) -> None:
    assert "two small letters" in refused(with_manifest(archive, id=id_), tmp_path / "in")


def test_a_changed_file_is_refused(archive: Path, tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["zz/figures.yml"] = members["zz/figures.yml"].replace(b"10000", b"20000")

    said = refused(rewritten(archive, change), tmp_path / "in")
    assert "figures.yml" in said and "sha256" in said and "Changed since" in said


def test_a_missing_file_is_refused(archive: Path, tmp_path: Path) -> None:
    said = refused(
        rewritten(archive, lambda members: {k: v for k, v in members.items() if "cash" not in k}), tmp_path / "in"
    )
    assert "faq/cash.yml" in said and "The manifest names it" in said


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as out:
        out.writestr("zz/figures.yml", b"figures: []")
    assert "Stands twice in the archive" in refused(archive, tmp_path / "in")


def test_a_pack_with_faults_is_refused_with_file_entry_key_value_and_remedy(pack_folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "zz.zip"
    export_pack(pack_folder, archive)

    def change(members: dict[str, bytes]) -> None:
        data = members["zz/faq/cash.yml"].replace(b"{zz.cash.over}", b"{zz.cash.ovre}")
        manifest = json.loads(members[MANIFEST])
        manifest["files"]["faq/cash.yml"] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        members |= {"zz/faq/cash.yml": data, MANIFEST: json.dumps(manifest).encode()}

    said = refused(rewritten(archive, change), tmp_path / "in")
    for part in ("changed.zip: zz/faq/cash.yml", "zz.cash.declare answer", "'zz.cash.ovre'", "no such figure"):
        assert part in said


def test_too_large_an_archive_is_refused(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge_base.archive.MAX_BYTES", 100)
    assert "Too large" in refused(archive, tmp_path / "in")
    monkeypatch.setattr("knowledge_base.archive.MAX_BYTES", 10**6)
    monkeypatch.setattr("knowledge_base.archive.MAX_FILES", 2)
    assert "Too large" in refused(archive, tmp_path / "in")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_archive_is_refused_or_whole(
    archive: Path, pack_folder: Path, at: float, flip: int, cut: bool
) -> None:
    data = bytearray(archive.read_bytes())
    place = int(at * len(data))
    data[place] ^= flip
    with tempfile.TemporaryDirectory() as made:
        damaged = Path(made) / "damaged.zip"
        damaged.write_bytes(data[:place] if cut else data)
        try:
            folder = import_pack(damaged, Path(made) / "in")
        except PackFaults:
            assert not list((Path(made) / "in").glob("*")) and not list((Path(made) / "in").glob(".*"))
        else:  # a bit that means nothing, such as a file's time
            assert contents(folder) == contents(pack_folder)


@pytest.mark.parametrize("made", [b"", b"PK", b"no archive at all", None])
def test_what_is_no_archive_is_refused(tmp_path: Path, made: bytes | None) -> None:
    if made is not None:
        (tmp_path / "a.zip").write_bytes(made)
    said = refused(tmp_path / "a.zip", tmp_path / "in")
    assert "a.zip" in said
