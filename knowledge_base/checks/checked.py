"""The pack under check, and how a fault in one of its parts is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge_base.coverage import FILE as COVERAGE_FILE
from knowledge_base.model import Entry, Pack
from knowledge_base.packs import Fault
from knowledge_base.said import Said


@dataclass(frozen=True)
class Checked:
    """A pack without faults of form, its folder, and the day it is checked for."""

    pack: Pack
    folder: Path
    today: date

    def _fault(self, file: str, item: str, key: str, value: object, remedy: str, level: str) -> Fault:
        return Fault(
            level, str(self.folder / file), item, key, value if isinstance(value, Said) else str(value), remedy
        )

    def in_entry(self, entry: Entry, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in `entry`."""
        return self._fault(f"faq/{self.pack.topics[entry.id]}.yml", entry.id, key, value, remedy, level)

    def in_figure(self, figure: str, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in the figure with this id."""
        return self._fault("figures.yml", figure, key, value, remedy, level)

    def in_source(self, source: str, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in the source with this id."""
        return self._fault("sources.yml", source, key, value, remedy, level)

    def in_head(self, item: str, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in administration.yml."""
        return self._fault("administration.yml", item, key, value, remedy, level)

    def in_rules(self, name: str, item: str, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in the rule file `name`.yml."""
        return self._fault(f"{name}.yml", item, key, value, remedy, level)

    def in_coverage(self, item: str, key: str, value: object, remedy: str, level: str = "error") -> Fault:
        """A fault in coverage.yml."""
        return self._fault(COVERAGE_FILE, item, key, value, remedy, level)

    def day_of(self, entry: Entry) -> date:
        """The day on which `entry` is read: today, or the first day on which it answers."""
        return max(self.today, entry.effective.start or self.today)


Check = Callable[[Checked], Iterator[Fault]]


def texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """The answer and its translations, each with its key."""
    yield "answer", entry.answer
    for language, translation in entry.translations.items():
        yield f"translations.{language}.answer", translation.answer
