"""`customs publish`: packs checked, built, tried and served, or a word on why not."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from customs.commands.evaluate import FOLDER as LABELLED
from customs.settings import ROOT, Settings
from knowledge_base.index.manifest import CONSOLE, CURRENT, FOLDER
from knowledge_base.publishing.rolling_back import origin_of

SCOPE_EXAMPLES = ROOT / "knowledge_base" / "scope"
_STEPS = {
    "check": "checking the packs", "build": "building the release aside", "evaluate": "asking it the labelled questions",
    "switch": "switching it in",
}  # fmt: skip


@click.command(name="publish")
@click.argument("folder", required=False, type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option("--administration", "-a", multiple=True, help="Publish only these packs; default: all that are served.")
@click.option("--by", default="", help="Who publishes, for the list of releases.")
@click.option("--comment", "-m", default="", help="Why, for the list of releases.")
@click.option("--over-console", is_flag=True, help="Publish the folder though the console published what is served.")
@click.option("--no-questions", is_flag=True, help="Leave out the labelled questions: in an emergency only.")
def command(
    folder: Path | None, administration: tuple[str, ...], by: str, comment: str, over_console: bool, no_questions: bool
) -> None:
    """Publish the packs of FOLDER (default: CUSTOMS_CONTENT_DIR): check, build aside, ask the labelled questions, switch.

    When a step fails nothing is published, the served release stays, and the exit code is 1.
    """
    from knowledge_base.publishing.publisher import PublicationStopped

    settings = Settings()
    if origin_of(settings.var_dir / "releases" / CURRENT) == CONSOLE and not over_console:
        raise click.ClickException(
            "The console published what is served; the packs of a folder would take its place. Publish in the console, or give "
            "--over-console to put the folder in its place."
        )
    publisher = make_publisher(settings, with_questions=not no_questions)
    try:
        done = publisher.publish(
            folder or settings.content_dir, administration or settings.administrations, by=by, comment=comment, origin=FOLDER,
            on_step=lambda step: click.echo(f"• {_STEPS[step]}"), say=lambda line: click.echo(f"    {line}"),
        )  # fmt: skip
    except PublicationStopped as stopped:
        click.echo(
            f"customs: nothing was published, the served release stays: {_STEPS[stopped.step]} found this.", err=True
        )
        for reason in stopped.reasons:
            click.echo(f"  {reason}", err=True)
        sys.exit(1)
    for change in done.changes:
        click.echo(f"  {change}")
    for worse in done.trial.worse if done.trial else ():
        click.echo(f"  warning: {worse}")
    if done.is_new:
        took = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in done.seconds.items())
        click.echo(f"Release {done.release} is served ({took}).")
    else:
        click.echo(f"Release {done.release} is served already and made of the same.")


def make_publisher(settings: Settings, with_questions: bool = True, labelled: Path = LABELLED):  # noqa: ANN201 - imported when it is used
    """The publisher of this installation, with the encoder loaded; takes seconds. `labelled`: the folder of other labelled questions."""
    from customs.trial import FastTrial
    from knowledge_base.index.encoder import load_encoder
    from knowledge_base.index.scope import read_examples
    from knowledge_base.publishing.history import Retention
    from knowledge_base.publishing.publisher import Publisher
    from knowledge_base.tariff.catalogue import PATH, read_catalogue

    encoder = load_encoder(
        settings.encoder,
        backend=settings.encoder_backend,
        threads=settings.encoder_threads,
        models_dir=settings.models_dir,
    )
    return Publisher(
        settings.var_dir,
        encoder,
        read_examples(SCOPE_EXAMPLES),
        goods=read_catalogue() if PATH.exists() else None,
        trial=FastTrial(settings, labelled) if with_questions else None,
        keep=Retention(settings.releases_kept, settings.releases_kept_days),
    )
