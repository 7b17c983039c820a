"""The administrations that /country offers, and the countries that they cover; both come from outside, by default from the packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ruamel.yaml import YAML, YAMLError

from bot.web.administrations import names_from_packs
from customs.settings import Settings

# Language → (id, name in that language) in the order in which they are offered.
Administrations = Callable[[str], list[tuple[str, str]]]
# ISO code of a country → id of the administration whose rules hold there.
Covered = Mapping[str, str]


def from_packs(settings: Settings) -> Administrations:
    """The served administrations, named as on the chat page; read once, at the start."""
    administrations = names_from_packs(settings)()
    return lambda language: [(one.id, one.name(language)) for one in administrations]


def covered_from_packs(settings: Settings) -> Covered:
    """The countries of the served administrations; a pack that cannot be read covers none."""
    found: dict[str, str] = {}
    for administration in settings.administrations:
        try:
            pack = YAML(typ="safe").load(
                (settings.content_dir / administration / "administration.yml").read_text("utf-8")
            )
            found |= {str(country): administration for country in pack["covers"]}
        except (OSError, YAMLError, KeyError, TypeError):
            continue
    return found
