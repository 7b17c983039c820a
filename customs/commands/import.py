"""`customs import`."""

from __future__ import annotations

from pathlib import Path

import click

from customs.settings import Settings
from knowledge_base.archive import import_pack


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs; default: the one served from."
)
@click.option("--replace", is_flag=True, help="Put it in the place of the pack of that id.")
def command(file: Path, into: Path | None, replace: bool) -> None:
    """Take over the pack in the archive FILE, if it is whole and has no errors; otherwise nothing is changed."""
    folder = import_pack(file, into or Settings().content_dir, replace)
    click.echo(f"{folder} imported. Serve it by its id in CUSTOMS_ADMINISTRATIONS, then run `bin/customs build`.")
