"""`customs coverage`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from customs.settings import ROOT, Settings
from knowledge_base.coverage_pages import coverage_page, read_covered, topics_page
from knowledge_base.packs import pack_folders


@click.command(name="coverage")
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is not what the packs say.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "docs", help="Folder of the pages."
)
def command(check: bool, into: Path) -> None:
    """Write docs/coverage.md and docs/topics.md: what the packs that are served cover, what not, and why.

    The pages depend on the packs alone, not on the day.
    """
    settings = Settings()
    packs = read_covered(pack_folders(settings.content_dir, settings.administrations))
    pages = {into / "coverage.md": coverage_page(packs), into / "topics.md": topics_page(packs)}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            click.echo(f"customs: {path} is not what the packs say; run `bin/customs coverage`.", err=True)
        else:
            into.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8")
            click.echo(f"{path} written")
    if not stale:
        click.echo("the pages are up to date")
    sys.exit(1 if check and stale else 0)
