"""`customs check`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from customs.settings import Settings
from knowledge_base.check import check_pack, stamp_translations
from knowledge_base.packs import pack_folders, read_pack


@click.command(name="check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--strict", is_flag=True, help="Count warnings as faults too.")
@click.option("--stamp", is_flag=True, help="Mark translations that carry no mark with the version of their original.")
@click.option("--quiet", is_flag=True, help="Show errors only.")
def command(folders: tuple[Path, ...], strict: bool, stamp: bool, quiet: bool) -> None:
    """Check the packs in FOLDERS, or all packs that are served."""
    settings = Settings()
    chosen = list(folders) or pack_folders(settings.content_dir, settings.administrations)
    failed = False
    for folder in chosen:
        faults = check_pack(folder, date.today())
        if stamp and not any(fault.level == "error" for fault in faults):
            click.echo(f"{folder.name}: {stamp_translations(folder)} translations stamped")
            faults = check_pack(folder, date.today())
        for fault in faults:
            if fault.level == "error" or not quiet:
                click.echo(str(fault))
        errors = sum(fault.level == "error" for fault in faults)
        warnings = len(faults) - errors
        failed = failed or errors > 0 or (strict and warnings > 0)
        summary = f"{folder.name}: {errors} errors, {warnings} warnings"
        if not errors:
            pack = read_pack(folder)
            questions = sum(len(texts) for entry in pack.entries.values() for texts in entry.questions.values())
            summary += f"; {len(pack.entries)} entries, {len(pack.figures)} figures, {len(pack.sources)} sources, {questions} questions"
        click.echo(summary)
    sys.exit(1 if failed else 0)
