"""`customs build`."""

from __future__ import annotations

import sys
from datetime import date

import click

from customs.settings import ROOT, Settings
from knowledge_base.check import check_pack
from knowledge_base.packs import pack_folders, read_pack

SCOPE_EXAMPLES = ROOT / "knowledge_base" / "scope"


@click.command(name="build")
@click.option("--administration", "-a", multiple=True, help="Build only these packs; default: all that are served.")
def command(administration: tuple[str, ...]) -> None:
    """Build a knowledge release from the packs and switch it in.

    Nothing is done when the served release is made of the same. A pack with errors stops the build; the served release stays.
    """
    from knowledge_base.index.encoder import load_encoder
    from knowledge_base.index.release import build_release
    from knowledge_base.index.scope import read_examples
    from knowledge_base.tariff.catalogue import PATH, read_catalogue

    settings = Settings()
    folders = pack_folders(settings.content_dir, administration or settings.administrations)
    errors = [fault for folder in folders for fault in check_pack(folder, date.today()) if fault.level == "error"]
    for fault in errors:
        click.echo(str(fault), err=True)
    if errors:
        click.echo(f"customs: {len(errors)} errors; no release was built, the served one stays.", err=True)
        sys.exit(1)
    packs = [read_pack(folder) for folder in folders]
    encoder = load_encoder(
        settings.encoder,
        backend=settings.encoder_backend,
        threads=settings.encoder_threads,
        models_dir=settings.models_dir,
        second=settings.encoder_second,
    )
    build_release(
        packs,
        read_examples(SCOPE_EXAMPLES),
        encoder,
        settings.var_dir,
        date.today(),
        lambda line: click.echo(f"  {line}"),
        goods=read_catalogue() if PATH.exists() else None,
    )
