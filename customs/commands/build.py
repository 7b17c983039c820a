"""`customs build`."""

from __future__ import annotations

import sys
from datetime import date

import click

from customs.settings import ROOT, Settings
from knowledge_base.packs import pack_folders
from knowledge_base.publishing.checking import CheckedPacks

SCOPE_EXAMPLES = ROOT / "knowledge_base" / "scope"


@click.command(name="build")
@click.option("--administration", "-a", multiple=True, help="Build only these packs; default: all that are served.")
@click.option(
    "--over-console", is_flag=True, help="Build the content folder though the console published what is served."
)
def command(administration: tuple[str, ...], over_console: bool) -> None:
    """Build a knowledge release from the packs and switch it in.

    Nothing is done when the served release is made of the same. A pack with errors stops the build; the served release stays. Where the
    console published what is served, its packs are built again (after a change of the encoder, say) and not those of the folder.
    """
    from knowledge_base.publishing.lock import BUILDING, held

    settings = Settings()
    releases = settings.var_dir / "releases"
    # What is built is decided inside: a publication while this waits would be replaced by what lay there before it.
    with held(releases, BUILDING, waiting=lambda: click.echo("  Somebody publishes just now; this waits for it.")):
        _build(settings, administration, over_console)


def _build(settings: Settings, administration: tuple[str, ...], over_console: bool) -> None:
    from knowledge_base.index.encoder import load_encoder
    from knowledge_base.index.manifest import CONSOLE, CONTENT, CURRENT, FOLDER
    from knowledge_base.index.release import build_release
    from knowledge_base.index.scope import read_examples
    from knowledge_base.publishing.rolling_back import origin_of
    from knowledge_base.tariff.catalogue import PATH, read_catalogue

    served = settings.var_dir / "releases" / CURRENT
    published = served.resolve() / CONTENT
    from_console = not over_console and origin_of(served) == CONSOLE and published.is_dir()
    if from_console:
        click.echo("  The console published what is served: its packs are built, not those of the content folder.")
        click.echo("  bin/customs build --over-console puts the folder in their place.")
    content = published if from_console else settings.content_dir
    there = tuple(name for name in settings.administrations if (content / name).is_dir())
    names = administration or (there if from_console else settings.administrations)
    folders = pack_folders(content, names)
    packs, faults = CheckedPacks().read(folders, date.today())
    errors = [fault for fault in faults if fault.startswith("error: ")]
    for fault in errors:
        click.echo(fault, err=True)
    if errors:
        click.echo(f"customs: {len(errors)} errors; no release was built, the served one stays.", err=True)
        sys.exit(1)
    encoder = load_encoder(
        settings.encoder,
        backend=settings.encoder_backend,
        threads=settings.encoder_threads,
        models_dir=settings.models_dir,
    )
    build_release(
        packs,
        read_examples(SCOPE_EXAMPLES),
        encoder,
        settings.var_dir,
        date.today(),
        lambda line: click.echo(f"  {line}"),
        goods=read_catalogue() if PATH.exists() else None,
        origin=CONSOLE if from_console else FOLDER,
        content=published if from_console else None,
        anew=True,
    )
