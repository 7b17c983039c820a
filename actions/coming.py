"""What changes soon in an answer, announced in it: another figure, another answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date

from actions.context import Turn
from actions.reply import say
from customs.blocks import Block, notice
from customs.wording import direction
from knowledge_base.answer_text import figures_in
from knowledge_base.changes import EntryChange, FigureChange, entry_changes, figure_changes
from knowledge_base.figures import format_value
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry

MOST = 3
_ISOLATE, _POP = "\u2068", "\u2069"


def long_date(day: date, language: str) -> str:
    """A day in words: "1 January 2027"; English as most of the world writes it."""
    return format_date(day, "long", locale={"en": "en_GB", "zh": "zh_Hans"}.get(language, language))


def coming_changes(entry: Entry, shelf: Shelf, turn: Turn, text: str) -> list[Block]:
    """Notices of what changes within some weeks after the day of the turn in `entry`; `text` is its answer with placeholders."""
    named = sorted(figures_in(text), key=lambda name: text.find("{" + name))
    figures = [shelf.figures[name] for name in named if name in shelf.figures]
    sentences = [_of_figure(change, turn) for change in figure_changes(figures, turn.day)]
    sentences += [_of_entry(change, turn) for change in entry_changes(entry, shelf.entries, shelf.topics, turn.day)]
    return [notice(sentence) for sentence in dict.fromkeys(sentences)][:MOST]


def _of_figure(change: FigureChange, turn: Turn) -> str:
    figure = change.figure
    administration = figure.id.split(".", 1)[0]

    def written(value: Decimal | date | str) -> str:
        text = format_value(value, figure.unit, figure.currency, turn.language, administration)
        return f"{_ISOLATE}{text}{_POP}" if direction(turn.language) == "rtl" else text

    day, before = long_date(change.day, turn.language), written(change.before)
    if change.value is None:
        last = long_date(change.day - timedelta(days=1), turn.language)
        return say(
            turn.language,
            "{before} holds only until {day}; what follows is not published here yet.",
            before=before,
            day=last,
        )
    return say(
        turn.language,
        "From {day} on it is {after} instead of {before}.",
        day=day,
        after=written(change.value),
        before=before,
    )


def _of_entry(change: EntryChange, turn: Turn) -> str:
    day = long_date(change.day, turn.language)
    title = None
    if change.successor:
        translation = change.successor.translations.get(turn.language)
        title = translation.title if translation else change.successor.title
    if title is None:
        last = long_date(change.day - timedelta(days=1), turn.language)
        return say(turn.language, "This answer holds only until {day}.", day=last)
    if change.ends:
        return say(
            turn.language, "From {day} on another answer takes the place of this one: {title}", day=day, title=title
        )
    return say(turn.language, "New from {day} on: {title}", day=day, title=title)
