"""A release: everything that the search needs, built aside, verified, and switched in by one rename.

var/releases/<id>/manifest.json   what it is made of and for which encoder; hashes of the other files
                  packs.json      administrations, sources, figures, publishable entries
                  <cc>/bank/, rows.json, lexical/, letters/, calibration.npz
                  scope.npz
                  goods/          goods by what they are called (knowledge_base/tariff/finder.py), where there is a catalogue
var/releases/current              link to the release that is served
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from knowledge_base.answer_text import figures_in, fill
from knowledge_base.errors import ReleaseError
from knowledge_base.index import calibration, scope
from knowledge_base.index.calibration import Calibration
from knowledge_base.index.embeddings import EmbeddingCache, Encodes, identity
from knowledge_base.index.letters import Letters, out_of_fold
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank
from knowledge_base.model import Administration, Entry, Figure, Pack, Source
from knowledge_base.places import Administrations
from knowledge_base.rules.files import RuleFile, rule_model
from knowledge_base.tariff import finder
from knowledge_base.tariff.catalogue import Catalogue

FORMAT = 4
CURRENT = "current"
GATE_QUESTIONS = 8000  # of the packs, to teach the gate what is in scope
Say = Callable[[str], None]


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
    """An open release; never changes. `goods` is None in one that was built without a catalogue of goods."""

    id: str
    folder: Path
    manifest: dict[str, Any]
    shelves: dict[str, Shelf]
    gate: scope.Gate
    goods: finder.GoodsFinder | None = None

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, of whichever administration."""
        shelf = self.shelves.get(entry_id.split(".", 1)[0])
        return shelf.entry(entry_id) if shelf else None


def publishable(pack: Pack) -> list[Entry]:
    """The entries that rest on no unverified figure. Unknown values are fine: the answer says so."""
    unverified = {figure.id for figure in pack.figures.values() if figure.status == "unverified"}
    return [entry for entry in pack.entries.values() if not figures_in(entry.answer) & unverified]


def content_hash(
    packs: list[Pack], gate_examples: tuple[list[str], list[str]], encoder_id: str, goods: Catalogue | None = None
) -> str:
    """Changes when anything changes that a release is made from."""
    # The gate's texts as they are learned: they change with the gazetteer as well as with the questions.
    digest = hashlib.sha256(f"{FORMAT}\0{encoder_id}\0{json.dumps(gate_examples)}".encode())
    # A change of the code that builds must lead to a new release too.
    for module in (calibration, scope, finder):
        digest.update(Path(module.__file__).read_bytes())
    if goods is not None:
        digest.update(goods.model_dump_json().encode())
    for name in ("ranking.py", "lexical.py", "letters.py", "release.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    for pack in packs:
        digest.update(json.dumps(_dump(pack), sort_keys=True).encode())
    return digest.hexdigest()


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


def _answer_text(entry: Entry, pack: Pack, day: date) -> str:
    """Title and filled English answer: what the answer's vector and the words in common are made of."""
    try:
        filled = fill(entry.answer, pack.figures, max(day, entry.effective.start or day), "en")
    except LookupError:  # an entry whose time is over: its figures have no value today
        filled = fill(entry.answer, pack.figures, entry.effective.until or day, "en")
    return f"{entry.title} {filled}"


def _build_shelf(
    pack: Pack, folder: Path, cache: EmbeddingCache, dimension: int, day: date, say: Say
) -> dict[str, Any]:
    administration = pack.administration.id
    entries = publishable(pack)
    texts: list[str] = []
    owner: list[int] = []
    english: list[bool] = []
    for number, entry in enumerate(entries):
        for language, questions in entry.questions.items():
            for question in [*questions, *([entry.title] if language == "en" else [])]:
                texts.append(question)
                owner.append(number)
                english.append(language == "en")
        for translation in entry.translations.values():
            texts.append(translation.title)
            owner.append(number)
            english.append(False)

    said = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - said[0] > 3 or (done == total and total > 500):
            said[0] = time.monotonic()
            say(f"{administration}: encoded {done} of {total} new texts")

    bodies = [_answer_text(entry, pack, day) for entry in entries]
    question_vectors = cache.vectors("query", texts, progress)
    answer_vectors = cache.vectors("document", bodies, progress)
    bank = Bank.build(question_vectors, np.array(owner, dtype=np.int64), answer_vectors)
    bank.save(folder / "bank")
    (folder / "rows.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    lexical = Lexical.build(bodies)
    lexical.save(folder / "lexical")

    def words(number: int) -> np.ndarray:
        return lexical.scores(texts[number]) if english[number] else np.zeros(len(entries), dtype=np.float32)

    owners = np.array(owner, dtype=np.int64)
    wordings = [explain(text) for text in texts]
    if (told_apart := Letters.fit(wordings, owners, len(entries))) is not None:
        told_apart.save(folder / "letters")
    decided = out_of_fold(wordings, owners, len(entries), calibration.sample(bank))
    features, labels, right = calibration.leave_one_out(bank, words, decided)
    fitted = calibration.fit(features, labels)
    np.savez(folder / "calibration.npz", **fitted.to_arrays())
    return {
        "entries": len(entries),
        "held_back": len(pack.entries) - len(entries),
        "questions": len(texts),
        "self_retrieval": round(right, 4),
    }


def build_release(
    packs: list[Pack],
    examples: list[tuple[str, str]],
    encoder: Encodes,
    var_dir: Path,
    day: date,
    say: Say = lambda line: None,
    goods: Catalogue | None = None,
) -> Path:
    """Build a release from `packs` unless the one served is made of the same; verify it and switch it in.

    Returns its folder. Raises `KnowledgeError` with the reason when it cannot be built; the served release is then untouched.
    """
    releases = var_dir / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    gate_texts, gate_labels = _gate_examples(packs, examples)
    made_of = content_hash(packs, (gate_texts, gate_labels), identity(encoder), goods)
    served = releases / CURRENT
    if served.exists():
        try:
            if read_manifest(served)["made_of"] == made_of:
                open_release(served, encoder)
                say("the release is up to date")
                return served.resolve()
        except ReleaseError as error:
            say(f"the served release is replaced: {error}")
    release_id = f"{day:%Y%m%d}-{made_of[:8]}"
    aside = releases / f".{release_id}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    cache = EmbeddingCache(var_dir / "cache" / "embeddings.db", encoder)
    try:
        counts = {
            pack.administration.id: _build_shelf(
                pack, aside / pack.administration.id, cache, encoder.dimension, day, say
            )
            for pack in packs
        }
        say(f"fitting the scope gate on {len(gate_texts)} examples")
        gate = _gate(gate_texts, gate_labels, cache, encoder, var_dir)
        np.savez(aside / "scope.npz", **gate.to_arrays())
        if goods is not None:
            finder.GoodsFinder.build(goods, lambda texts: cache.vectors("query", texts)).save(aside / "goods")
        packs_json = {pack.administration.id: _dump(pack) for pack in packs}
        (aside / "packs.json").write_text(json.dumps(packs_json, ensure_ascii=False, indent=1), encoding="utf-8")
        manifest = {
            "format": FORMAT, "id": release_id, "made_of": made_of, "built_on": day.isoformat(),
            "encoder": identity(encoder), "dimension": encoder.dimension, "counts": counts, "files": _hashes(aside),
        }  # fmt: skip
        (aside / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        open_release(aside, encoder)  # verified before anyone can see it
        final = releases / release_id
        if final.exists():  # a damaged one of the same content
            shutil.rmtree(final)
        aside.rename(final)
    finally:
        cache.close()
        shutil.rmtree(aside, ignore_errors=True)
    switch_to(final)
    _tidy(releases, keep=5)
    say(f"release {release_id} is served")
    return final


def _gate(texts: list[str], labels: list[str], cache: EmbeddingCache, encoder: Encodes, var_dir: Path) -> scope.Gate:
    """The gate fitted on the examples. The last one is kept: most changes of a large bank touch none of its examples."""
    digest = hashlib.sha256(json.dumps([identity(encoder), texts, labels]).encode())
    digest.update(Path(scope.__file__).read_bytes())
    kept = var_dir / "cache" / "gate.npz"
    try:
        with np.load(kept) as arrays:
            if str(arrays["made_of"]) == digest.hexdigest():
                return scope.Gate.from_arrays(arrays)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        pass  # none yet, or cut short: it is fitted again
    gate = scope.fit(_both(texts, cache, encoder, var_dir), labels)
    new = kept.with_name(f".gate.{os.getpid()}.npz")
    np.savez(new, made_of=digest.hexdigest(), **gate.to_arrays())
    os.replace(new, kept)
    return gate


def _both(texts: list[str], cache: EmbeddingCache, encoder: Encodes, var_dir: Path) -> np.ndarray:
    """What the gate looks at: the encoder's vectors (n, d) and, beside them, those of the second one."""
    own = cache.vectors("query", texts)
    if not encoder.second:
        return own
    second = EmbeddingCache(var_dir / "cache" / "embeddings.db", encoder.second)
    try:
        return np.hstack([own, second.vectors("query", texts)])
    finally:
        second.close()


def _gate_examples(packs: list[Pack], examples: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The labelled examples, and questions of the packs as in scope.

    Of a large bank a share is taken, so that a release of ten thousand entries is not a matter of minutes; which questions depends on
    their words alone, so that one new entry does not change the rest.
    """
    texts: list[str] = []
    for pack in packs:
        places = Administrations([pack.administration])
        questions = [
            (question, entry.administration)
            for entry in publishable(pack)
            for native in entry.questions.values()
            for question in native
        ]
        most = GATE_QUESTIONS // len(packs)
        for question, administration in _by_chance(questions, most):
            texts += dict.fromkeys((question, places.without(question, administration)))
    return [text for text, _ in examples] + texts, [label for _, label in examples] + [scope.IN_SCOPE] * len(texts)


def _by_chance(questions: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """About `most` of `questions`, chosen by the hash of each."""
    if len(questions) <= most:
        return questions
    limit = int(most / len(questions) * 2**32)
    return [each for each in questions if int.from_bytes(hashlib.sha256(each[0].encode()).digest()[:4]) < limit]


def switch_to(folder: Path) -> None:
    """Make `folder` the served release, by one atomic rename."""
    link = folder.parent / CURRENT
    new = folder.parent / f".{CURRENT}.{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(folder.name)
    os.replace(new, link)


def _tidy(releases: Path, keep: int) -> None:
    """Remove all but the newest releases; the served one stays, and so do some to go back to."""
    served = (releases / CURRENT).resolve()
    folders = [
        folder for folder in releases.iterdir() if folder.is_dir() and not folder.is_symlink() and folder.name[0] != "."
    ]
    folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[keep:]:
        if folder.resolve() != served:
            shutil.rmtree(folder, ignore_errors=True)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the release in `folder`. Raises `ReleaseError`."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ReleaseError(
                f"Release {folder} has format {manifest['format']}, this version reads {FORMAT}. Run `bin/customs build`."
            )
        return manifest
    except FileNotFoundError:
        raise ReleaseError(f"There is no release in {folder}. Run `bin/customs build`.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"The manifest of {folder} cannot be read ({error}). Run `bin/customs build`.") from None


def open_release(folder: Path, encoder: Encodes) -> Release:
    """Open and verify a release. Raises `ReleaseError` when it is damaged or made for another encoder."""
    folder = folder.resolve()
    manifest = read_manifest(folder)
    if manifest["encoder"] != identity(encoder):
        raise ReleaseError(
            f"Release {manifest['id']} was made with the encoder {manifest['encoder']!r}, but {identity(encoder)!r} is loaded. "
            "Run `bin/customs build` to build it again, or set CUSTOMS_ENCODER, CUSTOMS_ENCODER_BACKEND and CUSTOMS_ENCODER_SECOND back."
        )
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise ReleaseError(f"Release {manifest['id']}: file {name} is missing or damaged. Run `bin/customs build`.")
    packs = json.loads((folder / "packs.json").read_text(encoding="utf-8"))
    shelves = {cc: _open_shelf(folder / cc, data) for cc, data in packs.items()}
    with np.load(folder / "scope.npz") as arrays:
        gate = scope.Gate.from_arrays(arrays)
    return Release(manifest["id"], folder, manifest, shelves, gate, finder.GoodsFinder.load(folder / "goods"))


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
