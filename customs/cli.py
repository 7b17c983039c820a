"""The `customs` command: one module a subcommand in `commands/`."""

from __future__ import annotations

import importlib
import sys

import click

from customs.settings import SettingError

# Each subcommand lives in its own module and is imported when it is used: `customs --help` stays quick.
COMMANDS = {
    "allowance": "Count what a traveller brings against the allowances.",
    "ask": "Answer one question on the command line.",
    "build": "Build a knowledge release from the packs and switch it in.",
    "check": "Check packs: names file, entry, key, value and remedy of every fault.",
    "console": "Open the staff console, in which curators write, approve and publish.",
    "console-import": "Compare the console with the guidance of this version, and take it over as drafts.",
    "console-worker": "Serve what the staff console published.",
    "coverage": "Write the public list of what is covered and what is not.",
    "duty": "Work out import duty and tax on goods.",
    "evaluate": "Ask the labelled questions and report what was right, wrong or silent.",
    "export": "Write one pack into an archive, for another administration.",
    "figure": "Show what another value of a figure moves, and change it.",
    "import": "Take over a pack from an archive, if it has no faults.",
    "publish": "Check packs, build and try a release, and serve it; or say why not.",
    "releases": "List the releases that are kept and what each changed.",
    "roll-back": "Serve an earlier release again, at once.",
    "serve": "Start one part of the service: actions, chat or telegram.",
}


class _Lazy(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"customs.commands.{name.replace('-', '_')}").command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Lazy)
def main() -> None:
    """Green Channel: a customs information assistant.

    Exit codes: 0 done, 1 it could not be done or faults were found, 2 wrong use.
    """


def run() -> None:
    """Entry point: an error that a user can mend is one line, not a traceback."""
    from knowledge_base.errors import KnowledgeError

    try:
        main(prog_name="customs")
    except (KnowledgeError, SettingError) as error:
        click.echo(f"customs: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
