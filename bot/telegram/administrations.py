"""The administrations that /country offers; the names come from outside, by default from the packs."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from customs.settings import Settings

log = logging.getLogger(__name__)

# Language → (id, name in that language) in the order in which they are offered.
Administrations = Callable[[str], list[tuple[str, str]]]


def from_packs(settings: Settings) -> Administrations:
    """The served administrations, named as in the `administration.yml` of each pack; one without a name shows its id."""
    names: dict[str, dict[str, str]] = {}
    for administration in settings.administrations:
        path = settings.content_dir / administration / "administration.yml"
        try:
            names[administration] = dict(YAML(typ="safe").load(path)["name"])
        except (OSError, YAMLError, KeyError, TypeError, ValueError) as error:
            log.warning("%s cannot be read (%s), so /country shows %s by its id", path, error, administration)
            names[administration] = {}

    def offered(language: str) -> list[tuple[str, str]]:
        return [(key, name.get(language) or name.get("en") or key.upper()) for key, name in names.items()]

    return offered
