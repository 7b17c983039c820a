"""The real packs as the sums read them, without an index: figures, rules, entries and places, at once on every machine."""

from __future__ import annotations

from functools import cache
from typing import Any

from actions.knowledge import Served
from customs.settings import ROOT
from knowledge_base.index.release import Release, Shelf
from knowledge_base.packs import read_pack
from knowledge_base.places import Administrations

PACKS = ("ae", "us", "gb", "eu")


class RulesOnly:
    """Stands where `Knowledge` does; it cannot search."""

    release_id = "rules-only"
    problem = None

    def __init__(self, served: Served) -> None:
        self.served = served


@cache
def rules_only() -> RulesOnly:
    """The shipped packs, read once."""
    shelves = {name: _shelf(name) for name in PACKS}
    nothing: Any = None
    release = Release("rules-only", ROOT, {}, shelves, nothing)
    places = Administrations(shelf.administration for shelf in shelves.values())
    return RulesOnly(Served(release, nothing, places))


def _shelf(name: str) -> Shelf:
    pack = read_pack(ROOT / "knowledge_base" / "content" / name)
    unused: Any = None
    return Shelf(
        administration=pack.administration, sources=pack.sources, figures=pack.figures, entries=list(pack.entries.values()),
        topics=pack.topics, bank=unused, question_text=[], lexical=unused, letters=None, calibration=unused, rules=pack.rules,
    )  # fmt: skip
