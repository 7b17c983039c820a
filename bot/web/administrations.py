"""The administrations that are served, with their names in the asker's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from babel import Locale
from ruamel.yaml import YAML, YAMLError

from customs.settings import Settings


@dataclass(frozen=True)
class Administration:
    """An administration: its id as in settings and payloads, its names by language."""

    id: str
    names: dict[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Its name in `language`: the pack's own; else the usual one, where that means the same; else English."""
        english = self.names.get("en") or next(iter(self.names.values()), self.id.upper())
        if language in self.names:
            return self.names[language]
        # "Great Britain" is not the "United Kingdom": a usual name is taken only where the English ones agree.
        code = self.id.upper()
        if Locale("en").territories.get(code) == english:
            return Locale.parse(language).territories.get(code, english)
        return english


Names = Callable[[], list[Administration]]


def names_from_packs(settings: Settings) -> Names:
    """A callable that reads the served administrations' names from their packs; without a pack the id is the name."""

    def read() -> list[Administration]:
        found = []
        for identifier in settings.administrations:
            path = settings.content_dir / identifier / "administration.yml"
            try:
                names = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["name"]
            except (OSError, YAMLError, KeyError, TypeError):
                names = {}
            names = {str(key): str(value) for key, value in names.items()} if isinstance(names, dict) else {}
            found.append(Administration(identifier, names))
        return found

    return read
