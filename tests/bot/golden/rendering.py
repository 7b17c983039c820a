"""What one way shows of a reply, and the facts that a person takes from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_date

from bot.replies import Reply
from customs.blocks import is_day
from tests.bot.golden.marks import bare, visible
from tests.bot.golden.replies import LANGUAGES

# A number with its unit: a sign or code of money in front, a word or per cent sign behind. 10,000.50; 10.000,50; US$800; 4 litres.
_FIGURE = re.compile(
    r"(?:\b[A-Z]{3} |\b[A-Z]{0,2}[$£€¥] ?)?"
    r"(?<![\w.,])\d+(?:[.,٬٫]\d+)*"
    r"(?: ?(?:%|[$£€¥]|[^\W\d_]+(?:\.[^\W\d_]+)*))?"
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass
class Rendering:
    """`lines` are what a person sees; `pieces` the texts that are read on their own (cells, links, labels, lines)."""

    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines with signs for what is invisible, as golden files keep them."""
        return visible("\n".join(line.rstrip() for line in self.lines))

    def without(self, figure: str) -> Rendering:
        """The same with `figure` dropped wherever it stands: what a broken renderer would show."""
        return Rendering(self.lines, [bare(piece).replace(figure, "") for piece in self.pieces], self.urls, self.titles)


@dataclass(frozen=True)
class Facts:
    """What a reply says beside words: numbers with their units, days as ISO dates among them; addresses; titles of buttons."""

    figures: Counter[str]
    urls: frozenset[str]
    titles: frozenset[str]


@cache
def _writings(day: str) -> tuple[str, ...]:
    # Both orders of English: which of them a way writes is told by its golden file, not by its facts.
    written = {format_date(date.fromisoformat(day), "long", locale=locale) for locale in (*LANGUAGES, "en_GB")}
    return tuple(sorted(written, key=len, reverse=True))


def days_of(reply: Reply) -> set[str]:
    """The days, as ISO dates, on which the sources of `reply` were checked or written."""
    return {day for block in reply.blocks for key in ("checked", "as_of") if is_day(day := block.get(key))}


def figures(pieces: Iterable[str], days: Iterable[str] = ()) -> Counter[str]:
    """Every number with its unit in the texts, in Western digits; one of `days`, however written, as an ISO date."""
    found: Counter[str] = Counter()
    for piece in pieces:
        plain = re.sub(r"https?://\S+", "", bare(piece)).translate(_DIGITS)
        for day in days:
            for writing in (day, *_writings(day)):
                found[day] += plain.count(writing)
                plain = plain.replace(writing, "|")
        found.update(match[0] for match in _FIGURE.finditer(plain))
    return +found


def facts_of_blocks(reply: Reply) -> Facts:
    """The facts of the blocks themselves, which every way must show."""
    blocks = reply.blocks
    days = Counter(day for block in blocks for key in ("checked", "as_of") if is_day(day := block.get(key)))
    return Facts(
        figures((text for block in blocks for text in _texts(block)), days) + days,
        frozenset(block["url"] for block in blocks if block.get("url")),
        frozenset(bare(item["title"]) for block in blocks if block["type"] == "buttons" for item in block["items"]),
    )


def facts_of(made: Rendering, reply: Reply) -> Facts:
    """The facts that a rendering of `reply` shows."""
    titles = frozenset(bare(title) for title in made.titles)
    return Facts(figures(made.pieces, days_of(reply)), frozenset(made.urls), titles)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    # What is read as running text: neither addresses nor what buttons carry, nor days, which each way writes out.
    if isinstance(value, str):
        if key not in {"type", "payload", "title of a button", "level", "url", "checked", "as_of"}:
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, "title of a button" if "payload" in value else name)


def differences(reply: Reply, ways: dict[str, Rendering]) -> Iterator[str]:
    """Each figure, address and button that one way lacks: of those of the blocks, and of those that another way shows."""
    wanted = facts_of_blocks(reply)
    shown = {way: facts_of(made, reply) for way, made in ways.items()}
    everywhere = set().union(*(facts.figures for facts in shown.values()))
    addresses = wanted.urls.union(*(facts.urls for facts in shown.values()))
    for way, facts in shown.items():
        lacking = wanted.figures - facts.figures
        yield from (f"{way}: the figure {figure!r} is missing, {times} ×" for figure, times in lacking.items())
        yield from (
            f"{way}: the figure {figure!r} is shown elsewhere only"
            for figure in sorted(everywhere - set(facts.figures) - set(lacking))
        )
        yield from (f"{way}: the address {url} is missing" for url in sorted(addresses - facts.urls))
        yield from (f"{way}: the button {title!r} is missing" for title in sorted(wanted.titles - facts.titles))
