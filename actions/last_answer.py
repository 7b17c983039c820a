"""Questions about the last answer itself: is it per person, since when, who says so, why, how much in another currency.

They are answered from the entry that was shown, its figures, dates and sources; what these do not say is not said.
"""

from __future__ import annotations

import re

from babel.numbers import get_currency_name

from actions.coming import long_date
from actions.context import Turn
from actions.follow_up import speaks_of_persons
from actions.offices import office_cards
from actions.reply import Reply, say
from actions.show_entry import remember, source_block
from customs.blocks import Block, notice, paragraph
from knowledge_base.answer_text import figures_in, fill, to_blocks
from knowledge_base.figures import format_figure
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry, Figure

_SENTENCE = re.compile(r"(?<=[.!?۔।؟])\s+|(?<=[。！？])")


def tell_about(entry: Entry, turn: Turn, about: str, asked: str) -> Reply | None:
    """The reply to what is asked `about` the last answer `entry` (see follow_up.yml); `asked` is the question it answered.

    None when the answer says nothing of it, and another one may: whether an allowance is for each person.
    """
    shelf = turn.release.shelves[entry.administration]
    language = turn.language if turn.language in entry.translations else "en"
    tell = {
        "per_person": _per_person, "since_when": _since_when, "source": _source, "why": _why, "convert": _convert,
    }[about]  # fmt: skip
    blocks = tell(entry, shelf, turn, language)
    if not blocks:
        return None
    sources = [source_block(shelf.sources[name]) for name in entry.sources]
    return Reply(
        "answered",
        [*blocks, *sources],
        administration=entry.administration,
        entry=entry.id,
        language=turn.language,
        sources=[{key: value for key, value in source.items() if key != "type"} for source in sources],
        events=remember(turn, asked, entry),
    )


def _text(entry: Entry, language: str) -> str:
    return entry.translations[language].answer if language in entry.translations else entry.answer


def _office(entry: Entry, shelf: Shelf, turn: Turn) -> list[Block]:
    return office_cards(shelf, turn.language, turn.audience, entry, most=1)


def _per_person(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    """The sentences of the answer that say for whom it is."""
    filled = fill(_text(entry, language), shelf.figures, turn.day, language)
    lines = [line for block in to_blocks(filled) for line in ([block["text"]] if "text" in block else block["items"])]
    telling = [part for line in lines for part in _SENTENCE.split(line) if speaks_of_persons(part)]
    if not telling:
        return []
    return [paragraph(say(turn.language, "This is what the guidance says about it:")), paragraph(" ".join(telling))]


def _since_when(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    """The day from which the entry or its figures hold, as far as it is known, and when it was last read."""
    start = entry.effective.start
    lines: list[str] = []
    if start:
        lines.append(say(turn.language, "This holds since {day}.", day=long_date(start, turn.language)))
    for figure in _figures(entry, shelf):
        period = next((period for period in figure.valid if period.holds_on(turn.day)), None)
        if period and period.start and period.start != start:
            value = format_figure(figure, turn.day, turn.language)
            day = long_date(period.start, turn.language)
            lines.append(say(turn.language, "{value} holds since {day}.", value=value, day=day))
    if not lines:
        lines.append(say(turn.language, "The guidance does not say since when this holds."))
    return [*(paragraph(line) for line in dict.fromkeys(lines)), *_checked(entry, shelf, turn)]


def _source(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    text = say(turn.language, "The answer was written from the pages below, and nothing was added to them.")
    return [paragraph(text), *_checked(entry, shelf, turn)]


def _checked(entry: Entry, shelf: Shelf, turn: Turn) -> list[Block]:
    """When the pages were last read, and by when they will be again."""
    checked = max(shelf.sources[name].checked for name in entry.sources)
    text = say(
        turn.language,
        "The pages were last read on {checked}; they are read again by {review} at the latest.",
        checked=long_date(checked, turn.language),
        review=long_date(entry.review_by, turn.language),
    )
    return [notice(text)]


def _why(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    text = say(
        turn.language,
        "The guidance says what the rule is, and seldom why. These pages and this office can tell you more:",
    )
    return [paragraph(text), *_office(entry, shelf, turn)]


def _convert(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    """The amounts in their own currency, and plainly that there is no rate to convert them by."""
    money = [figure for figure in _figures(entry, shelf) if figure.currency and figure.value_on(turn.day) is not None]
    deciding = figures_in(entry.answer.strip().split("\n\n")[0])
    money = [figure for figure in money if figure.id in deciding] or money
    if not money:
        return [
            paragraph(say(turn.language, "The last answer names no amount of money, and I have no exchange rates."))
        ]
    amounts = [format_figure(figure, turn.day, turn.language) for figure in money]
    locale = {"zh": "zh_Hans"}.get(turn.language, turn.language)
    currencies = [get_currency_name(name, locale=locale) for name in dict.fromkeys(f.currency for f in money) if name]
    text = say(
        turn.language,
        "I have no exchange rates, so I cannot convert it. The rule is set in this currency: {currency}. The amounts are: {amounts}.",
        currency=", ".join(currencies),
        amounts=", ".join(dict.fromkeys(amounts)),
    )
    return [paragraph(text)]


def _figures(entry: Entry, shelf: Shelf) -> list[Figure]:
    """The figures that the answer names, in its order."""
    names = sorted(figures_in(entry.answer), key=lambda name: entry.answer.find("{" + name))
    return [shelf.figures[name] for name in names if name in shelf.figures]
