"""`customs roll-back`: serve an earlier release again, at once."""

from __future__ import annotations

import click

from customs.settings import Settings


@click.command(name="roll-back")
@click.argument("release")
@click.option("--by", default="", help="Who goes back, for the list of releases.")
@click.option("--comment", "-m", default="", help="Why, for the list of releases.")
def command(release: str, by: str, comment: str) -> None:
    """Serve RELEASE again, one of `customs releases`. The action server swaps within CUSTOMS_RELEASE_POLL_S; no question fails.

    The packs are not changed: mend them before the next publication, or it brings back what was wrong.
    """
    from knowledge_base.publishing.rolling_back import roll_back

    row = roll_back(Settings().var_dir / "releases", release, by, comment)
    click.echo(f"Release {row.release} is served since {row.at:%H:%M:%S} UTC. Mend the packs before you publish again.")
