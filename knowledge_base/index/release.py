"""A release: everything that the search needs, built aside, verified, and switched in by one rename.

var/releases/<id>/manifest.json   what it is made of and for which encoder; hashes of the other files
                  packs.json      administrations, sources, figures, publishable entries
                  <cc>/bank/, entry_ids.json, rows.json, row_languages.json, words.json, lexical/, letters/, calibration.npz
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
from pydantic import BaseModel

from knowledge_base.answer_text import figures_in
from knowledge_base.errors import ReleaseError
from knowledge_base.index import scope
from knowledge_base.index.base import Base
from knowledge_base.index.calibration import Calibration
from knowledge_base.index.canonical import canonical
from knowledge_base.index.collection import without_collection
from knowledge_base.index.embeddings import EmbeddingCache, Encodes, identity
from knowledge_base.index.files import MANIFEST, damaged, hashes, take_over
from knowledge_base.index.gate_building import gate_examples, write_gate
from knowledge_base.index.letters import Letters
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.made_by import made_by_digest
from knowledge_base.index.manifest import CONTENT, CURRENT, FOLDER, FORMAT, read_manifest, renewed_texts, switch_to
from knowledge_base.index.ranking import Bank
from knowledge_base.index.shelf_building import Say, build_shelf
from knowledge_base.model import Administration, Entry, Figure, Pack, Source
from knowledge_base.publishing.history import BUILT, remember, tidy
from knowledge_base.rules.files import RuleFile, rule_model
from knowledge_base.tariff import finder
from knowledge_base.tariff.catalogue import Catalogue


@dataclass
class Shelf:
    """One administration's part of an open release. The numbers of `bank` point into `entries` and `question_text`."""

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


def publishable(pack: Pack) -> list[Entry]:
    """The entries that rest on no unverified figure. Unknown values are fine: the answer says so."""
    unverified = {figure.id for figure in pack.figures.values() if figure.status == "unverified"}
    return [entry for entry in pack.entries.values() if not figures_in(entry.answer) & unverified]


def _dump(pack: Pack) -> dict[str, Any]:
    def plain(item: BaseModel) -> Any:
        return item.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    return {
        "administration": plain(pack.administration),
        "sources": [plain(source) for source in pack.sources.values()],
        "figures": [plain(figure) for figure in pack.figures.values()],
        "entries": [plain(entry) for entry in publishable(pack)],
        "topics": pack.topics,
        "rules": {name: plain(rules) for name, rules in pack.rules.items()},
    }


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
) -> Prepared:
    """Build a release aside, open it, and put it among the others without serving it.

    `origin` says who publishes it, and `content` is a folder of the packs to be kept in it, as nobody else keeps those of the console.
    With `anew` nothing is taken of the served release that was learned in part: what comes depends on the content alone. `go_on` is
    called between what takes seconds; what it raises ends the building. Raises `KnowledgeError` with the reason when it cannot be built.
    """
    releases = var_dir / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    packs = [canonical(pack) for pack in packs]
    entries = {pack.administration.id: publishable(pack) for pack in packs}
    shelves = [(pack.administration, entries[pack.administration.id]) for pack in packs]
    gate_told = gate_examples(shelves, examples, var_dir / "cache")
    packs_json = json.dumps({pack.administration.id: _dump(pack) for pack in packs}, ensure_ascii=False).encode()
    made_by = made_by_digest(FORMAT, encoder)
    goods_digest = hashlib.sha256(goods.model_dump_json().encode() if goods else b"").hexdigest()
    parts = [
        f"{made_by} {goods_digest}".encode(),
        gate_told.digest().encode(),  # changes with the gazetteer too
        packs_json,
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
                return Prepared(folder, open_release(folder, encoder), is_served=folder == served)
        except ReleaseError as error:
            say(f"a release is replaced: {error}")
    base = Base(served, old if old.get("made_by") == made_by else {})
    aside = releases / f".{whole.name}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    cache = EmbeddingCache(var_dir / "cache" / "embeddings.db", encoder)
    try:
        counts: dict[str, Any] = {}
        for pack in packs:
            name = pack.administration.id
            counts[name] = build_shelf(
                pack, entries[name], aside / name, cache, day, say, base.shelf(name), anew=anew, go_on=go_on
            )
        go_on()
        say(f"the scope gate has {len(gate_told.texts)} examples")
        gate = write_gate(gate_told, aside, cache, encoder, var_dir / "cache", None if anew else base.gate())
        if goods is not None:
            if goods_digest == base.manifest.get("goods") and base.is_whole("goods"):
                take_over(served / "goods", aside / "goods")
            else:
                finder.GoodsFinder.build(goods, lambda texts: cache.vectors("query", texts)).save(aside / "goods")
        (aside / "packs.json").write_bytes(packs_json)
        if content is not None:
            shutil.copytree(content, aside / CONTENT)
        manifest = {
            "format": FORMAT, "made_of": made_of, "made_by": made_by, "built_on": day.isoformat(), "encoder": identity(encoder),
            "dimension": encoder.dimension, "counts": counts, "gate": gate, "goods": goods_digest, "origin": origin,
            "files": hashes(aside, base.looked_at),
        }  # fmt: skip
        final = in_part if renewed_texts(manifest) else whole
        manifest["id"] = final.name
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        release = open_release(
            aside, encoder, verify=False
        )  # before anyone can see it; its files have just been hashed
        if final.exists():  # a damaged one of the same content
            shutil.rmtree(final)
        aside.rename(final)
    finally:
        cache.close()
        shutil.rmtree(aside, ignore_errors=True)
    return Prepared(final, replace(release, folder=final), is_served=False)


def open_release(folder: Path, encoder: Encodes, verify: bool = True) -> Release:
    """Open a release and `verify` its files. Raises `ReleaseError` when it is damaged or made for another encoder."""
    folder = folder.resolve()
    manifest = read_manifest(folder)
    if manifest["encoder"] != identity(encoder):
        raise ReleaseError(
            f"Release {manifest['id']} was made with the encoder {manifest['encoder']!r}, but {identity(encoder)!r} is loaded. "
            "Run `bin/customs build` to build it again, or set CUSTOMS_ENCODER, CUSTOMS_ENCODER_BACKEND and CUSTOMS_ENCODER_SECOND back."
        )
    if verify and (name := damaged(folder, manifest["files"])):
        raise ReleaseError(f"Release {manifest['id']}: file {name} is missing or damaged. Run `bin/customs build`.")
    packs = json.loads((folder / "packs.json").read_text(encoding="utf-8"))
    shelves = {cc: _open_shelf(folder / cc, data) for cc, data in packs.items()}
    with np.load(folder / "scope.npz") as arrays:
        gate = scope.Gate.from_arrays(arrays)
    words: dict[str, Counter[str]] = {}
    for name in shelves:
        for language, told in json.loads((folder / name / "words.json").read_text(encoding="utf-8")).items():
            words.setdefault(language, Counter()).update(told)
    return Release(manifest["id"], folder, manifest, shelves, gate, finder.GoodsFinder.load(folder / "goods"), words)


def _open_shelf(folder: Path, data: dict[str, Any]) -> Shelf:
    entries = [Entry.model_validate(entry) for entry in data["entries"]]
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
        question_text=json.loads((folder / "rows.json").read_text(encoding="utf-8")),
        lexical=Lexical.load(folder / "lexical", len(entries)),
        letters=Letters.load(folder / "letters"),
        calibration=fitted,
    )
