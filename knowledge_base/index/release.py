"""A release: everything that the search needs, built aside, verified, and switched in by one rename.

var/releases/<id>/manifest.json   what it is made of and for which encoder; hashes of the other files
                  <cc>/pack.json  administration, sources, figures, rules
                  <cc>/entries.jsonl  the entries that can be published, a line each
                  <cc>/bank/ (see rows.py), entry_ids.json, rows.json, row_languages.json, words.json, lexical/, letters/, calibration.npz
                  scope.npz, scope_fitted_on.npy
                  content/        the packs, of a release that the console published
                  goods/          goods by what they are called (knowledge_base/tariff/finder.py), where there is a catalogue
var/releases/current              link to the release that is served
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.errors import ReleaseError
from knowledge_base.index import scope
from knowledge_base.index.base import Base
from knowledge_base.index.calibration import Calibration
from knowledge_base.index.collection import without_collection
from knowledge_base.index.contents import Contents
from knowledge_base.index.embeddings import EmbeddingCache, Encodes
from knowledge_base.index.files import MANIFEST, Looked, damaged, files_of, hashes, not_shared, take_over
from knowledge_base.index.gate_building import gate_examples, write_gate
from knowledge_base.index.letters import Letters
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.made_by import made_by_digest
from knowledge_base.index.manifest import (
    CONTENT,
    CURRENT,
    ENTRIES,
    FOLDER,
    FORMAT,
    PACK,
    read_manifest,
    renewed_texts,
    switch_to,
)
from knowledge_base.index.ranking import Bank
from knowledge_base.index.shelf_building import Say, build_shelf
from knowledge_base.index.shelf_texts import asked_of
from knowledge_base.model import Administration, Entry, Figure, Pack, Source
from knowledge_base.publishing.history import BUILT, remember, tidy
from knowledge_base.rules.files import RuleFile, rule_model
from knowledge_base.tariff import finder
from knowledge_base.tariff.catalogue import Catalogue


@dataclass
class Shelf:
    """One administration's part of an open release. The numbers of `bank` point into `entries` and `question_text`.

    `by_line` has the entries by the digest of the line that each is in the release's file, `reckoned` the sums that were worked out lately,
    by what they were worked out of.
    """

    administration: Administration
    sources: dict[str, Source]
    figures: dict[str, Figure]
    entries: list[Entry]
    topics: dict[str, str]
    bank: Bank
    question_text: list[str]
    lexical: Lexical
    letters: Letters | None
    calibration: Calibration
    rules: dict[str, RuleFile] = field(default_factory=dict)
    by_line: dict[bytes, Entry] = field(default_factory=dict, repr=False)
    reckoned: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False, init=False)

    def entry(self, entry_id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == entry_id), None)


@dataclass
class Release:
    """An open release; never changes. `words`: language → how often the ways of asking have each word. `goods` is None in one that was
    built without a catalogue of goods.
    """

    id: str
    folder: Path
    manifest: dict[str, Any]
    shelves: dict[str, Shelf]
    gate: scope.Gate
    goods: finder.GoodsFinder | None = None
    words: dict[str, Counter[str]] = field(default_factory=dict)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, of whichever administration."""
        shelf = self.shelves.get(entry_id.split(".", 1)[0])
        return shelf.entry(entry_id) if shelf else None


@dataclass
class Before:
    """What one who makes a release after the other keeps of the last: what its packs hold, hashes of files, and the open release."""

    contents: Contents = field(default_factory=Contents)
    looked: Looked = field(default_factory=Looked)
    release: Release | None = None


@dataclass(frozen=True)
class Prepared:
    """A release that is ready to be served; `is_served`: it is the one that is served already, as it is made of the same."""

    folder: Path
    release: Release
    is_served: bool


def build_release(
    packs: list[Pack],
    examples: list[tuple[str, str]],
    encoder: Encodes,
    var_dir: Path,
    day: date,
    say: Say = lambda line: None,
    goods: Catalogue | None = None,
    origin: str = FOLDER,
    content: Path | None = None,
    anew: bool = False,
) -> Path:
    """Build a release from `packs` unless the one served is made of the same; verify it and switch it in. See `prepare_release`.

    Returns its folder. Raises `KnowledgeError` with the reason when it cannot be built; the served release is then untouched.
    """
    prepared = prepare_release(packs, examples, encoder, var_dir, day, say, goods, origin, content, anew)
    if prepared.is_served:
        say("the release is up to date")
        return prepared.folder
    switch_to(prepared.folder)
    remember(prepared.folder, BUILT)
    tidy(prepared.folder.parent)
    say(f"release {prepared.folder.name} is served")
    return prepared.folder


@without_collection
def prepare_release(
    packs: list[Pack],
    examples: list[tuple[str, str]],
    encoder: Encodes,
    var_dir: Path,
    day: date,
    say: Say = lambda line: None,
    goods: Catalogue | None = None,
    origin: str = FOLDER,
    content: Path | None = None,
    anew: bool = False,
    go_on: Callable[[], None] = lambda: None,
    before: Before | None = None,
) -> Prepared:
    """Build a release aside, open it, and put it among the others without serving it.

    `origin` says who publishes it, and `content` is a folder of the packs to be kept in it, as nobody else keeps those of the console.
    With `anew` nothing is taken of the served release that was learned in part: what comes depends on the content alone. `go_on` is
    called between what takes seconds; what it raises ends the building. `before` spares the work that was done already for the release
    before, and is told of this one. Raises `KnowledgeError` with the reason when it cannot be built.
    """
    releases = var_dir / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    before = before or Before()
    contents = before.contents.of(packs)
    gate_told = gate_examples(contents, examples, var_dir / "cache")
    made_by = made_by_digest(FORMAT, encoder)
    goods_digest = hashlib.sha256(goods.model_dump_json().encode() if goods else b"").hexdigest()
    parts = [
        f"{made_by} {goods_digest}".encode(),
        gate_told.digest().encode(),  # changes with the gazetteer too
        *(told for content in contents for told in (content.told, content.told_entries)),
        *([origin.encode()] if origin != FOLDER else []),
    ]
    made_of = hashlib.sha256(b"\0".join(parts)).hexdigest()
    served = (releases / CURRENT).resolve()
    whole = releases / f"{day:%Y%m%d}-{made_of[:8]}"
    # What was learned in part depends on the release that it was learned over, too.
    over = hashlib.sha256(f"{made_of} {served.name}".encode()).hexdigest()
    in_part = releases / f"{day:%Y%m%d}-{over[:8]}"
    old: dict[str, Any] = {}
    for folder in dict.fromkeys([served, whole.resolve(), in_part.resolve()]):  # what was served before may come again
        try:
            known = read_manifest(folder) if folder.exists() else {}
            if folder == served:
                old = known
            if known.get("made_of") == made_of and not (anew and renewed_texts(known)):
                before.release = open_release(folder, encoder, like=before.release)
                return Prepared(folder, before.release, is_served=folder == served)
        except ReleaseError as error:
            say(f"a release is replaced: {error}")
    base = Base(served, old if old.get("made_by") == made_by else {}, before.looked)
    aside = releases / f".{whole.name}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    cache = EmbeddingCache(var_dir / "cache" / "embeddings.db", encoder)
    try:
        say(f"the scope gate has {len(gate_told.texts)} examples")
        # First: what is encoded for the gate need not be encoded for the entries.
        gate = write_gate(gate_told, aside, cache, encoder, var_dir / "cache", None if anew else base.gate())
        go_on()
        counts: dict[str, Any] = {}
        for each in contents:
            name = each.pack.administration.id
            counts[name] = build_shelf(each, aside / name, cache, day, say, base.shelf(name), anew=anew, go_on=go_on)
            _write_anew(aside / name / PACK, each.told)
            _write_anew(aside / name / ENTRIES, each.told_entries)
        go_on()
        if goods is not None:
            if goods_digest == base.manifest.get("goods") and base.is_whole("goods"):
                take_over(served / "goods", aside / "goods")
            else:
                finder.GoodsFinder.build(goods, lambda texts: cache.vectors("query", texts)).save(aside / "goods")
        if content is not None:
            shutil.copytree(content, aside / CONTENT)
        manifest = {
            "format": FORMAT, "made_of": made_of, "made_by": made_by, "built_on": day.isoformat(), "encoder": encoder.id,
            "dimension": encoder.dimension, "counts": counts, "gate": gate, "goods": goods_digest, "origin": origin,
            "files": hashes(aside, before.looked),
        }  # fmt: skip
        final = in_part if renewed_texts(manifest) else whole
        manifest["id"] = final.name
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        # Before anyone can see it; its files have just been hashed.
        release = open_release(aside, encoder, verify=False, like=before.release)
        if final.exists():  # a damaged one of the same content
            shutil.rmtree(final)
        aside.rename(final)
    finally:
        cache.close()
        shutil.rmtree(aside, ignore_errors=True)
    before.release = replace(release, folder=final)
    return Prepared(final, before.release, is_served=False)


def _write_anew(path: Path, content: bytes) -> None:
    """Write a file that may be there as another release's: the two are one file then, and that one stays as it is."""
    if path.exists() and path.read_bytes() == content:
        return
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def open_release(folder: Path, encoder: Encodes, verify: bool = True, like: Release | None = None) -> Release:
    """Open a release and `verify` its files. Raises `ReleaseError` when it is damaged or made for another encoder.

    `like` is another that is open: the administrations and goods of which nothing has changed are shared with it, and files that are the
    same on the disk are not read again.
    """
    folder = folder.resolve()
    manifest = read_manifest(folder)
    if manifest["encoder"] != encoder.id:
        raise ReleaseError(
            f"Release {manifest['id']} was made with the encoder {manifest['encoder']!r}, but {encoder.id!r} is loaded. "
            "Run `bin/customs build` to build it again, or set CUSTOMS_ENCODER and CUSTOMS_ENCODER_BACKEND back."
        )
    files = manifest["files"]
    if like is not None:  # whose files were looked at when it was opened
        files = not_shared(folder, files, like.folder, like.manifest["files"])
    if verify and (name := damaged(folder, files)):
        raise ReleaseError(f"Release {manifest['id']}: file {name} is missing or damaged. Run `bin/customs build`.")

    def is_shared(part: str) -> bool:
        return like is not None and files_of(like.manifest, part) == files_of(manifest, part)

    shelves = {
        name: like.shelves[name]
        if like is not None and is_shared(name)
        else _open_shelf(folder / name, like.shelves.get(name) if like is not None else None)
        for name in manifest["counts"]
    }
    with np.load(folder / "scope.npz") as arrays:
        gate = scope.Gate.from_arrays(arrays)
    words: dict[str, Counter[str]] = {}
    for name in shelves:
        for language, told in json.loads((folder / name / "words.json").read_text(encoding="utf-8")).items():
            words.setdefault(language, Counter()).update(told)
    goods = like.goods if like is not None and is_shared("goods") else finder.GoodsFinder.load(folder / "goods")
    return Release(manifest["id"], folder, manifest, shelves, gate, goods, words)


def _open_shelf(folder: Path, like: Shelf | None) -> Shelf:
    data = json.loads((folder / PACK).read_text(encoding="utf-8"))
    by_line = _read_entries(folder / ENTRIES, like.by_line if like else {})
    entries = list(by_line.values())
    with np.load(folder / "calibration.npz") as arrays:
        fitted = Calibration.from_arrays(arrays)
    return Shelf(
        administration=Administration.model_validate(data["administration"]),
        sources={source["id"]: Source.model_validate(source) for source in data["sources"]},
        figures={figure["id"]: Figure.model_validate(figure) for figure in data["figures"]},
        entries=entries,
        topics=data["topics"],
        rules={name: rule_model(name).model_validate(rules) for name, rules in data["rules"].items()},
        bank=Bank.load(folder / "bank"),
        question_text=[text for entry in entries for _, asked in asked_of(entry) for text in asked],
        lexical=Lexical.load(folder / "lexical", len(entries)),
        letters=Letters.load(folder / "letters"),
        calibration=fitted,
        by_line=by_line,
    )


def _read_entries(path: Path, known: dict[bytes, Entry]) -> dict[bytes, Entry]:
    """The entries of a release by the digests of their lines, in their order; of lines that are `known` nothing is read again."""
    lines = ((hashlib.blake2b(line, digest_size=16).digest(), line) for line in path.read_bytes().splitlines())
    return {digest: known.get(digest) or Entry.model_validate_json(line) for digest, line in lines}
