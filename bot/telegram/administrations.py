"""The administrations that /country offers; the names come from outside, by default from the packs."""

from __future__ import annotations

from collections.abc import Callable

from bot.web.administrations import names_from_packs
from customs.settings import Settings

# Language → (id, name in that language) in the order in which they are offered.
Administrations = Callable[[str], list[tuple[str, str]]]


def from_packs(settings: Settings) -> Administrations:
    """The served administrations, named as on the chat page; read once, at the start."""
    administrations = names_from_packs(settings)()
    return lambda language: [(one.id, one.name(language)) for one in administrations]
