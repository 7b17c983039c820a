"""A pack as one file, to hand it from one administration to another: `customs export` and `customs import`.

The archive is a zip: `manifest.json` (format, id, the SHA-256 and size of each file) and the pack's files under `<id>/`, byte for byte,
comments and layout included. The same pack gives the same archive on every machine and day. Import believes nothing: names, sizes and
hashes are checked before anything is written, the pack is then checked whole, and it is put in place by a rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from knowledge_base.check import check_pack
from knowledge_base.errors import PackError
from knowledge_base.packs import Fault, PackFaults
from knowledge_base.rules.files import rule_files

FORMAT = 1
MANIFEST = "manifest.json"
MAX_FILES = 1_000
MAX_BYTES = 64 * 1024 * 1024  # of all files unpacked; the largest pack of ours has 2 MB
_HEADS = (
    "administration.yml", "sources.yml", "figures.yml", "coverage.yml", *(f"{name}.yml" for name in rule_files())
)  # fmt: skip
_TOPIC_FILE = re.compile(r"faq/[a-z][a-z0-9_]*\.yml")
_ID = re.compile(r"[a-z]{2}")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def export_pack(folder: Path, archive: Path) -> list[str]:
    """Write the pack in `folder` into `archive`; returns the names of the files in it.

    Raises `PackFaults` for a pack with errors and for one too large to be imported again, `PackError` when the file cannot be written.
    """
    _refuse(fault for fault in check_pack(folder, date.today()) if fault.level == "error")
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)}
    size = sum(map(len, contents.values()))
    if len(contents) > MAX_FILES or size > MAX_BYTES:
        value = f"{len(contents)} files, {size} bytes"
        _refuse([_fault(folder, "", "", value, f"At most {MAX_FILES} files and {MAX_BYTES} bytes; split the pack.")])
    manifest = {
        "format": FORMAT,
        "id": folder.name,
        "files": {name: {"sha256": _hash(data), "bytes": len(data)} for name, data in sorted(contents.items())},
    }
    aside = archive.with_name(f".{archive.name}.{uuid4().hex}")
    try:
        with zipfile.ZipFile(aside, "x") as out:
            _add(out, MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n")
            for name, data in sorted(contents.items()):
                _add(out, f"{folder.name}/{name}", data)
        os.replace(aside, archive)
    except OSError as error:
        raise PackError(
            f"{archive} cannot be written: {error.strerror}. Give a file in a folder that is there."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
    return sorted(contents)


def import_pack(archive: Path, into: Path, replacing: bool = False) -> Path:
    """Put the pack of `archive` into the folder `into`; returns the pack's own folder there.

    A pack of that id that is there already is kept, and the archive refused, unless `replacing`. Raises `PackFaults` with file, entry,
    key, value and remedy, and `PackError` when the folder cannot be written; nothing is changed then.
    """
    contents, name = _unpacked(archive)
    final = into / name
    if final.exists() and not replacing:
        remedy = "A pack of this id is there already: give --replace to put this one in its place, or another --into."
        _refuse([_fault(archive, name, "", str(final), remedy)])
    aside = into / f".import-{uuid4().hex}"
    try:
        into.mkdir(parents=True, exist_ok=True)
        for file, data in contents.items():
            path = aside / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        faults = [fault for fault in check_pack(aside / name, date.today()) if fault.level == "error"]
        # Staff know the archive and the file in it, not the folder that is gone a moment later.
        _refuse(replace(fault, file=f"{archive}: {_inside(fault.file, aside)}") for fault in faults)
        _put_in_place(aside, name, final)
    except OSError as error:
        raise PackError(f"{final} cannot be written: {error.strerror}. Give another folder by --into.") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return final


def _put_in_place(aside: Path, name: str, final: Path) -> None:
    if not final.exists():
        (aside / name).rename(final)
        return
    old = aside / ".old"
    final.rename(old)  # two renames: a folder cannot be replaced by one
    try:
        (aside / name).rename(final)
    except OSError:
        old.rename(final)
        raise


def _inside(file: str, aside: Path) -> str:
    return str(Path(file).relative_to(aside)) if Path(file).is_relative_to(aside) else file


def _files(folder: Path) -> Iterator[Path]:
    """The files that make a pack; what else lies in its folder stays at home."""
    yield from (path for name in _HEADS if (path := folder / name).is_file())
    yield from sorted((folder / "faq").glob("*.yml"))


def _belongs(name: str) -> bool:
    return name in _HEADS or _TOPIC_FILE.fullmatch(name) is not None


def _unpacked(archive: Path) -> tuple[dict[str, bytes], str]:
    """The files of `archive` by name and the pack's id. Raises `PackFaults` unless all is as the manifest says."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            return _verified(archive, zipped)
    except FileNotFoundError:
        raise PackFaults([_fault(archive, "", "", "missing", "Give the path of an archive.")]) from None
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        remedy = "Not a readable archive: export the pack again, and copy the file as a binary one."
        raise PackFaults([_fault(archive, "", "", str(error) or type(error).__name__, remedy)]) from None


def _verified(archive: Path, zipped: zipfile.ZipFile) -> tuple[dict[str, bytes], str]:
    members = zipped.infolist()
    names = [member.filename for member in members]
    # The sizes are the archive's own word; reading stops at them, so they bound what is unpacked.
    if len(members) > MAX_FILES + 1 or sum(member.file_size for member in members) > MAX_BYTES:
        value = f"{len(members)} files, {sum(member.file_size for member in members)} bytes"
        _refuse([_fault(archive, "", "", value, f"Too large: at most {MAX_FILES} files and {MAX_BYTES} bytes.")])
    if twice := sorted({name for name in names if names.count(name) > 1}):
        _refuse(
            _fault(archive, name, "", name, "Stands twice in the archive; export the pack again.") for name in twice
        )
    name, listed = _manifest(archive, zipped)
    wanted = {f"{name}/{file}": file for file in listed}
    faults = [
        _fault(archive, member, "", member, "No file of a pack that the manifest names; export the pack again.")
        for member in names
        if member != MANIFEST and member not in wanted
    ]
    faults += [
        _fault(archive, file, "", "missing", "The manifest names it; export the pack again.")
        for member, file in wanted.items()
        if member not in names
    ]
    _refuse(faults)
    contents = {file: zipped.read(member) for member, file in wanted.items()}
    _refuse(
        _fault(archive, file, "sha256", _hash(data), "Changed since it was exported; export the pack again.")
        for file, data in contents.items()
        if listed[file] != {"sha256": _hash(data), "bytes": len(data)}
    )
    return contents, name


def _manifest(archive: Path, zipped: zipfile.ZipFile) -> tuple[str, dict[str, Any]]:
    """The pack's id, and what the manifest says of each file."""
    try:
        manifest = json.loads(zipped.read(MANIFEST))
    except (KeyError, ValueError, RecursionError):
        raise PackFaults(
            [_fault(archive, MANIFEST, "", "missing or not JSON", "Give an archive of `customs export`.")]
        ) from None
    manifest = manifest if isinstance(manifest, dict) else {}
    if manifest.get("format") != FORMAT:
        remedy = f"This version reads archives of format {FORMAT}: export the pack with it, or import with the version that wrote it."
        _refuse([_fault(archive, MANIFEST, "format", str(manifest.get("format")), remedy)])
    name, listed = manifest.get("id"), manifest.get("files")
    if not (isinstance(name, str) and _ID.fullmatch(name)):
        _refuse([_fault(archive, MANIFEST, "id", str(name), "An administration's id has two small letters.")])
    if not isinstance(listed, dict):
        _refuse([_fault(archive, MANIFEST, "files", str(listed), "Must name the files; export the pack again.")])
    # Only names that a pack can have: nothing that leads out of the folder gets further than this.
    _refuse(
        _fault(archive, MANIFEST, "files", file, "A pack has no such file; export the pack again.")
        for file in listed
        if not _belongs(file)
    )
    return name, listed


def _add(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED  # another version of zlib would compress to other bytes
    info.create_system = 3  # the same on every system
    info.external_attr = 0o644 << 16
    out.writestr(info, data)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _fault(file: Path, item: str, key: str, value: str, remedy: str) -> Fault:
    return Fault("error", str(file), item, key, value, remedy)


def _refuse(faults: Iterator[Fault] | list[Fault]) -> None:
    if faults := list(faults):
        raise PackFaults(faults)
