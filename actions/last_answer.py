"""Questions about the last answer itself: is it per person, since when, who says so, why, how much in another currency.

They are answered from the entry that was shown, its figures, dates and sources; what these do not say is not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from babel.numbers import get_currency_name

from actions.coming import long_date
from actions.context import Turn
from actions.follow_up import speaks_of_persons
from actions.offices import office_cards
from actions.reply import Reply, say
from actions.show_entry import remember, show_entry, source_block
from customs.blocks import Block, notice, paragraph
from knowledge_base.answer_text import figures_in, fill, to_blocks
from knowledge_base.figures import format_figure
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry, Figure
from knowledge_base.search import Found

Search = Callable[[str], Found]
# What "is that per person" asks in full, as the search understands it.
_SHARING = "can a couple or a family put their allowances together"
_SENTENCE = re.compile(r"(?<=[.!?۔।؟])\s+|(?<=[。！？])")


def tell_about(entry: Entry, turn: Turn, about: str, asked: str, search: Search) -> Reply:
    """The reply to what is asked `about` the last answer `entry` (see follow_up.yml); `asked` is the question it answered.

    `search` searches the entry's administration: where the answer does not say for whom it is, another may say whether people share.
    """
    shelf = turn.release.shelves[entry.administration]
    language = turn.language if turn.language in entry.translations else "en"
    if about == "per_person" and not _says_for_whom(entry, shelf, turn, language):
        if other := _entry_on_persons(entry, shelf, turn, search):
            return show_entry(other, turn, other.title)
    tell = {
        "per_person": _per_person, "since_when": _since_when, "source": _source, "why": _why, "convert": _convert,
    }[about]  # fmt: skip
    blocks = tell(entry, shelf, turn, language)
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


def _says_for_whom(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[str]:
    """The sentences of the answer that say for whom it is."""
    filled = fill(_text(entry, language), shelf.figures, turn.day, language)
    lines = [line for block in to_blocks(filled) for line in ([block["text"]] if "text" in block else block["items"])]
    return [part for line in lines for part in _SENTENCE.split(line) if speaks_of_persons(part)]


def _entry_on_persons(entry: Entry, shelf: Shelf, turn: Turn, search: Search) -> Entry | None:
    """The entry on sharing: related to `entry`, or of its topic, or, where `entry` decides by a limit, of the administration."""
    related = [other for name in entry.related if (other := shelf.entry(name))]
    same_topic = [other for other in shelf.entries if shelf.topics[other.id] == shelf.topics[entry.id]]
    fitting = (
        other for other in [*related, *same_topic] if other.id != entry.id and other.effective.holds_on(turn.day)
    )
    if own := next((other for other in fitting if speaks_of_persons(other.title)), None):
        return own
    verdict = search(_SHARING).verdict if any(figure.at_limit for figure in _deciding(entry, shelf)) else None
    return verdict.entries[0] if verdict and verdict.kind == "answer" else None


def _text(entry: Entry, language: str) -> str:
    return entry.translations[language].answer if language in entry.translations else entry.answer


def _office(entry: Entry, shelf: Shelf, turn: Turn) -> list[Block]:
    return office_cards(shelf, turn.language, turn.audience, entry, most=1)


def _per_person(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    telling = _says_for_whom(entry, shelf, turn, language)
    if not telling:
        text = say(
            turn.language, "The guidance does not say for how many people this counts. This office can tell you:"
        )
        return [paragraph(text), *_office(entry, shelf, turn)]
    return [paragraph(say(turn.language, "This is what the guidance says about it:")), paragraph(" ".join(telling))]


def _since_when(entry: Entry, shelf: Shelf, turn: Turn, language: str) -> list[Block]:
    """The day from which the entry or its figures hold, as far as it is known, and when it was last read."""
    start = entry.effective.start
    lines: list[str] = []
    if start:
        lines.append(say(turn.language, "This holds since {day}.", day=long_date(start, turn.language)))
    for figure in _deciding(entry, shelf):
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

    def with_money(figures: list[Figure]) -> list[Figure]:
        return [figure for figure in figures if figure.currency and figure.value_on(turn.day) is not None]

    money = with_money(_deciding(entry, shelf)) or with_money(_figures(entry, shelf))
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


def _deciding(entry: Entry, shelf: Shelf) -> list[Figure]:
    """Those of its first paragraph, which decides."""
    deciding = figures_in(entry.answer.strip().split("\n\n")[0])
    return [figure for figure in _figures(entry, shelf) if figure.id in deciding]
