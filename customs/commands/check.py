"""`customs check`."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from customs.settings import Settings
from knowledge_base.check import checked_pack, faults_of, in_order, stamp_translations
from knowledge_base.checks.source_list import FORMATS, as_text, listed
from knowledge_base.packs import Fault, PackFaults, pack_folders
from knowledge_base.reading import entry_grade

if TYPE_CHECKING:
    from knowledge_base.checks.checked import Checked
    from knowledge_base.checks.meaning import Vectors


@click.command(name="check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--strict", is_flag=True, help="Count warnings as faults too.")
@click.option("--stamp", is_flag=True, help="Mark translations that carry no mark with the version of their original.")
@click.option("--quiet", is_flag=True, help="Show errors only.")
@click.option("--meaning", is_flag=True, help="Look with the encoder too: questions that find another entry, twins.")
@click.option("--sources", is_flag=True, help="Print every figure beside its source, to tick off.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Of --sources.")
def command(
    folders: tuple[Path, ...], strict: bool, stamp: bool, quiet: bool, meaning: bool, sources: bool, form: str
) -> None:
    """Check the packs in FOLDERS, or all packs that are served."""
    settings = Settings()
    chosen = list(folders) or pack_folders(settings.content_dir, settings.administrations)
    if sources:
        click.echo(as_text([row for folder in chosen for row in listed(checked_pack(folder, date.today()))], form))
        return
    vectors = _vectors(settings) if meaning else None
    failed = False
    for folder in chosen:
        failed = _check(folder, strict, stamp, quiet, vectors) or failed
    sys.exit(1 if failed else 0)


def _check(folder: Path, strict: bool, stamp: bool, quiet: bool, vectors: Vectors | None) -> bool:
    """Check one pack and say what was found; True when it has faults that count."""
    checked, faults = _read(folder)
    if stamp and checked and not any(fault.level == "error" for fault in faults):
        click.echo(f"{folder.name}: {stamp_translations(folder)} translations stamped")
        checked, faults = _read(folder)
    found = ""
    if checked and vectors:
        from knowledge_base.checks.meaning import Meanings

        meanings = Meanings(checked, vectors)
        faults = in_order([*faults, *meanings.faults()])
        found = f"{meanings.found} of {meanings.asked} questions find their entry without their own wording"
    for fault in faults:
        if fault.level == "error" or not quiet:
            click.echo(str(fault))
    errors = sum(fault.level == "error" for fault in faults)
    warnings = len(faults) - errors
    summary = [f"{folder.name}: {errors} errors, {warnings} warnings"]
    if checked:
        summary += _counts(checked)
    click.echo("; ".join(filter(None, [*summary, found])))
    return errors > 0 or (strict and warnings > 0)


def _read(folder: Path) -> tuple[Checked | None, list[Fault]]:
    """The pack, None when it has faults of form, and its faults."""
    try:
        checked = checked_pack(folder, date.today())
    except PackFaults as error:
        return None, error.faults
    return checked, faults_of(checked)


def _counts(checked: Checked) -> Iterator[str]:
    pack = checked.pack
    questions = sum(len(texts) for entry in pack.entries.values() for texts in entry.questions.values())
    yield f"{len(pack.entries)} entries, {len(pack.figures)} figures, {len(pack.sources)} sources, {questions} questions"
    grades = [entry_grade(entry, pack.figures, checked.today) for entry in pack.entries.values()]
    read = sorted(grade for grade in grades if grade is not None)
    if read:
        hard = read[int(len(read) * 0.9)]
        yield f"reading grade {statistics.median(read):.1f} (median), {hard:.1f} (hardest tenth), {read[-1]:.1f} (hardest)"


def _vectors(settings: Settings) -> Vectors:
    from knowledge_base.index.embeddings import EmbeddingCache
    from knowledge_base.index.encoder import load_encoder

    encoder = load_encoder(
        settings.encoder, backend=settings.encoder_backend, threads=settings.encoder_threads,
        models_dir=settings.models_dir,
    )  # fmt: skip
    return EmbeddingCache(settings.var_dir / "cache" / "embeddings.db", encoder).vectors
