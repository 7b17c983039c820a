"""`customs export`."""

from __future__ import annotations

from pathlib import Path

import click

from customs.settings import Settings
from knowledge_base.archive import export_pack
from knowledge_base.packs import pack_folders


@click.command(name="export")
@click.argument("administration")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(administration: str, file: Path) -> None:
    """Write the pack of ADMINISTRATION (its id, such as gb) into the archive FILE.

    The same pack always gives the same file, byte for byte.
    """
    (folder,) = pack_folders(Settings().content_dir, [administration])
    names = export_pack(folder, file)
    click.echo(f"{file}: {len(names)} files of {administration}")
