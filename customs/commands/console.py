"""`customs console`."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

import click

from customs.settings import Settings

_T = TypeVar("_T")


@click.command(name="console")
@click.option("--prepare", "only_prepare", is_flag=True, help="Set up what is missing and stop.")
@click.option("--no-prepare", is_flag=True, help="Only serve; everything was set up before.")
@click.option(
    "--new-password", metavar="NAME", help="Give the account NAME a new one-time password, print it and stop."
)
@click.option(
    "--drop-second-factor", metavar="NAME", help="For NAME, who lost the app and the emergency codes; then stop."
)
def command(only_prepare: bool, no_prepare: bool, new_password: str | None, drop_second_factor: str | None) -> None:
    """Open the staff console: tables, roles, the shipped packs and a first user are made where they are missing.

    The one-time password of the first user is printed once; --new-password NAME makes another, on record in the audit log. What is published
    is served by `customs console-worker`, which `make console` starts beside it.
    """
    settings = Settings()
    with _explained():
        _django()
        if not no_prepare:
            _prepare(settings)
        if new_password:
            _new_password(new_password)
        if drop_second_factor:
            _drop_second_factor(drop_second_factor)
    if not (only_prepare or new_password or drop_second_factor):
        _serve(settings)


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    django.setup()


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What an operator can mend is told in a line: a database that is away, a folder that cannot be written."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(
            f"{error}. Is the disk full, or may this user not write there? CUSTOMS_VAR_DIR names another folder."
        ) from None
    except Exception as error:
        if type(error).__name__ == "DatabaseProblem":  # importing it needs the settings, which may be what is wrong
            raise click.ClickException(str(error)) from None
        raise


def _prepare(settings: Settings) -> None:
    from django.core.management import call_command

    from knowledge_base.console.accounts.prepare import FIRST_USER, prepare, waits_for_first_sign_in
    from knowledge_base.console.tables import explained

    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        click.echo(f"    {line}")

    with explained():
        prepare(settings.content_dir, settings.administrations, say)
        if waits_for_first_sign_in() and not any("one-time password" in line for line in said):
            click.echo(
                f"    Nobody has signed in yet. Is the one-time password lost? bin/customs console --new-password {FIRST_USER}"
            )
    call_command("collectstatic", interactive=False, verbosity=0)


def _new_password(name: str) -> None:
    from knowledge_base.console.accounts.prepare import new_password

    password = _of_account(name, lambda: new_password(name, at="command line", login=_login()))
    click.echo(f"Sign in as  {name}  with the one-time password  {password}")


def _drop_second_factor(name: str) -> None:
    from knowledge_base.console.accounts.prepare import drop_second_factor

    dropped = _of_account(name, lambda: drop_second_factor(name, at="command line", login=_login()))
    click.echo(f"{name} signs in by the password alone now." if dropped else f"{name} has no second factor.")


def _of_account(name: str, act: Callable[[], _T]) -> _T:
    from django.contrib.auth import get_user_model

    from knowledge_base.console.tables import explained

    users = get_user_model()
    with explained():
        try:
            done = act()
        except users.DoesNotExist:
            names = ", ".join(users.objects.order_by("username").values_list("username", flat=True)[:20])
            raise click.ClickException(f"There is no account {name!r}; there: {names}.") from None
        if not users.objects.get(username=name).is_active:
            click.echo(f"The account {name} is switched off; a manager switches it on under Settings, Users.", err=True)
    return done


def _login() -> str:
    """Who is at the command line, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


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
