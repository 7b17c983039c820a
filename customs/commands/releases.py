"""`customs releases`: which releases are kept, which is served, and what each changed."""

from __future__ import annotations

import click

from customs.settings import Settings


@click.command(name="releases")
@click.option("--changes", is_flag=True, help="Say what each changed against the one that was served before it.")
def command(changes: bool) -> None:
    """List the releases that can be served again by `customs roll-back`, the one that is served first."""
    from knowledge_base.publishing.changed import changes as changes_between
    from knowledge_base.publishing.rolling_back import kept_releases, served_before

    releases = Settings().var_dir / "releases"
    kept = kept_releases(releases)
    if not kept:
        raise click.ClickException(f"There is no release in {releases}. Run `bin/customs build`.")
    for each in kept:
        mark = "*" if each.is_served else " "
        click.echo(f"{mark} {each.id}  {each.origin:8s} {each.entries} entries, built on {each.built_on}")
        for row in each.served:
            about = " ".join(part for part in (row.how, f"by {row.by}" if row.by else "", row.comment) if part)
            click.echo(f"      {row.at:%Y-%m-%d %H:%M:%S} UTC  {about}")
        if changes and (before := served_before(releases, each.id)):
            for change in changes_between(before, each.folder):
                click.echo(f"      {change}")
    click.echo("* is served. `bin/customs roll-back RELEASE` serves another.")
