"""`customs console-import`."""

from __future__ import annotations

import os
from typing import Any

import click


@click.command(name="console-import")
@click.argument("administrations", nargs=-1)
@click.option(
    "--take",
    "name",
    metavar="NAME",
    help="Submit what nobody has changed in the console, as drafts of the account NAME.",
)
@click.option(
    "--over-ours", is_flag=True, help="With --take: also what staff changed since, and what is shipped no more."
)
def command(administrations: tuple[str, ...], name: str | None, over_ours: bool) -> None:
    """Say what the guidance that came with this version would change in the console, for ADMINISTRATIONS or all.

    Nothing is changed without --take, and nothing is served before a second person has approved it. The console has a page for it, on
    which single things are chosen: "Shipped guidance".
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    django.setup()
    from knowledge_base.console.guidance.models import Administration

    user = _account(name) if name else None
    known = {each.key: each for each in Administration.objects.order_by("key")}
    for key in administrations or known:
        if key not in known:
            raise click.ClickException(
                f"The console has no administration {key!r}; there: {', '.join(known) or 'none'}."
            )
        _one(known[key], user, over_ours)


def _account(name: str) -> Any:
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise click.ClickException(f"There is no active account {name!r} in the console.")
    if not user.has_perm("exchange.bring_shipped"):
        raise click.ClickException(f"The account {name!r} has no role that takes over shipped guidance; an author has.")
    return user


def _one(administration: Any, user: Any, over_ours: bool) -> None:
    from knowledge_base.console.exchange.models import ShippedLook
    from knowledge_base.console.exchange.shipped import REMOVED, offers
    from knowledge_base.console.exchange.shipped_errands import shipped_folder, take_shipped

    found = offers(administration, shipped_folder(administration.key), user)
    for offer in found:
        told = "; ".join(filter(None, [offer.conflict, offer.blocked if user else ""]))
        click.echo(f"{offer.how:8} {offer.kind} {offer.key}: {offer.title}" + (f" ({told})" if told else ""))
    click.echo(f"{administration.key}: {len(found)} to take over")
    if user is None:
        return
    chosen = [
        offer for offer in found if not offer.blocked and (over_ours or not (offer.conflict or offer.how == REMOVED))
    ]
    if not chosen:
        return
    wish = {"take": [[offer.kind, offer.key, offer.mark] for offer in chosen]}
    # Begun: the worker that runs beside leaves it alone.
    look = ShippedLook.objects.create(
        administration=administration, user=user, step=ShippedLook.Step.TAKE, begun=True, wish=wish
    )
    take_shipped(look)
    if look.step != ShippedLook.Step.DONE:
        raise click.ClickException(
            f"{administration.key}: somebody changed something meanwhile; nothing was taken over. Run it again."
        )
    click.echo(
        f"{administration.key}: {len(look.result['drafted'])} drafts of {user.get_username()} wait for a second person"
    )
