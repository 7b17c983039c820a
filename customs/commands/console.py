"""`customs console`."""

from __future__ import annotations

import os
import sys

import click

from customs.settings import Settings


@click.command(name="console")
@click.option("--prepare", "only_prepare", is_flag=True, help="Set up what is missing and stop.")
@click.option("--no-prepare", is_flag=True, help="Only serve; everything was set up before.")
@click.option("--new-password", metavar="NAME", help="Give the account NAME a new one-time password, print it and stop.")
def command(only_prepare: bool, no_prepare: bool, new_password: str | None) -> None:
    """Open the staff console: tables, roles, the shipped packs and a first user are made where they are missing.

    The one-time password of the first user is printed once. What is published is served by `customs console-worker`, which `make console`
    starts beside it.
    """
    settings = Settings()
    if not no_prepare:
        _prepare(settings)
    if new_password:
        _new_password(new_password)
    elif not only_prepare:
        _serve(settings)


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    django.setup()


def _prepare(settings: Settings) -> None:
    _django()
    from django.core.management import call_command

    from knowledge_base.console.accounts.prepare import prepare

    prepare(settings.content_dir, settings.administrations, click.echo)
    call_command("collectstatic", interactive=False, verbosity=0)


def _new_password(name: str) -> None:
    from django.contrib.auth import get_user_model

    from knowledge_base.console.accounts.prepare import new_password

    try:
        password = new_password(name)
    except get_user_model().DoesNotExist:
        names = ", ".join(get_user_model().objects.order_by("username").values_list("username", flat=True)[:20])
        raise click.ClickException(f"There is no account {name!r}; there: {names}.") from None
    click.echo(f"Sign in as  {name}  with the one-time password  {password}")


def _serve(settings: Settings) -> None:
    click.echo(f"The console is open at  http://{settings.console_host}:{settings.console_port}/")
    sys.stdout.flush()
    # gunicorn takes over this process, so that whoever started it stops the console with it.
    os.execv(
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "knowledge_base.console.wsgi", "--bind", f"{settings.console_host}:{settings.console_port}",
            "--workers", str(settings.console_workers), "--threads", "4", "--timeout", "60", "--log-level", "warning",
        ],
    )  # fmt: skip
