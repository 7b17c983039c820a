"""A draft as readers will see it on the web page and on Telegram, and the answers that a figure moves, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import mark_safe

from customs.trying import as_telegram, as_web, entry_reply
from knowledge_base.console.guidance.topics import language_name
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft
from knowledge_base.exchange.figure_uses import AnswerMove, answer_moves
from knowledge_base.index.release import Shelf
from knowledge_base.model import Pack
from knowledge_base.search import Searcher

MOST_MOVES = 40


@dataclass(frozen=True)
class Shown:
    """An answer on both channels: `web` a page for a frame, `telegram` escaped HTML with the `buttons` below it."""

    title: str
    language: str
    direction: str
    web: str
    telegram: str
    buttons: list[str]


def shown(searcher: Searcher, entry_id: str, language: str) -> Shown:
    """The answer `entry_id` as `searcher`'s release gives it today."""
    entry = searcher.release.entry(entry_id)
    custom = entry_reply(searcher, entry, language)
    return render(custom, entry.title)


def render(custom: dict[str, Any], title: str = "") -> Shown:
    """A reply on both channels."""
    html, buttons = as_telegram(custom)
    web = as_web(custom, desk.settings())
    # Telegram's HTML has three tags, and everything else in it is escaped (bot/telegram/render.py).
    return Shown(title, custom["language"], custom["direction"], web, mark_safe(html), buttons)  # noqa: S308


def languages_of(searcher: Searcher, entry_id: str) -> list[tuple[str, str]]:
    """The languages in which the answer is written, with their names."""
    entry = searcher.release.entry(entry_id)
    return [(code, language_name(code)) for code in dict.fromkeys(["en", *entry.translations])]


def figure_moves(draft: Draft, served: Shelf, layer: Shelf) -> list[AnswerMove]:
    """Every answer and translation that reads otherwise with the draft's figures, today or from the day on which they change."""
    found: list[AnswerMove] = []
    pack = pack_of(served)
    for name, figure in draft.change.figures.items():
        days = {date.today()} | {
            period.start for period in figure.valid if period.start and period.start > date.today()
        }
        for day in sorted(days):
            found += [move for move in answer_moves(pack, name, layer.figures, day) if (move.entry, move.language, move.after) not in
                      {(known.entry, known.language, known.after) for known in found}]  # fmt: skip
    return found[:MOST_MOVES]


def pack_of(shelf: Shelf) -> Pack:
    """What is served of one administration, as a pack."""
    return Pack.model_construct(
        administration=shelf.administration,
        sources=shelf.sources,
        figures=shelf.figures,
        entries={entry.id: entry for entry in shelf.entries},
        topics=shelf.topics,
        rules=shelf.rules,
    )
