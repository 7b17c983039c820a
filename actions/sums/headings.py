"""Which goods of the tariff a description may mean, by the finder of the release."""

from __future__ import annotations

from actions.context import Turn
from knowledge_base.tariff.catalogue import CatalogueGood, read_catalogue
from knowledge_base.tariff.finder import Verdict


def good_named(good: str | None) -> CatalogueGood | None:
    """The good of the catalogue with that id."""
    return read_catalogue().good(good) if good else None


def possible_goods(turn: Turn, description: str) -> tuple[Verdict, list[CatalogueGood]]:
    """What `description` may be, the likeliest first; "unsure" and nothing where the release has no finder."""
    finder = turn.release.goods
    if finder is None or not description.strip():
        return "unsure", []
    found = finder.find(description, turn.searcher.encoder)
    goods = [good for candidate in found.candidates if (good := good_named(candidate.good))]
    return (found.verdict, goods) if goods else ("unsure", [])


def code_of(good: CatalogueGood) -> str:
    """The six digits as they are written: 8518 22."""
    return f"{good.hs[:4]} {good.hs[4:]}"
