"""How an answer opens: the day it is for, and the correction of an amount that the question states."""

from __future__ import annotations

from dataclasses import dataclass

from actions.context import Turn
from actions.follow_up import apart, left_over
from actions.reply import say
from customs.blocks import Block, notice, paragraph
from customs.wording import direction
from knowledge_base.dates import format_asked
from knowledge_base.figures import format_figure
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry
from knowledge_base.premise import (
    Comparison,
    Span,
    belief_words,
    believed_directly,
    believes,
    compare,
    limit_words,
    says_no,
    without_yes,
)  # fmt: skip
from knowledge_base.quantities import find_kinds, find_quantities

_ISOLATE, _POP = "\u2068", "\u2069"
# How an amount that somebody has, or asks about, stands to the figure.
_CARRIED = {
    "over": "{said} is more than {right}, the figure that counts here.",
    "under": "{said} is less than {right}, the figure that counts here.",
}
_AT = {
    "within": "{said} is exactly {right}, and that is not over it.",
    "over": "{said} is exactly {right}, and that already counts as over it.",
}


@dataclass(frozen=True)
class Opening:
    """Blocks that go before the answer, and the answer's text, without its yes where that would contradict them."""

    blocks: list[Block]
    text: str


def open_answer(entry: Entry, shelf: Shelf, turn: Turn, said: str, before: str, text: str, language: str) -> Opening:
    """The opening of `entry` as the answer to what was `said`, which goes on with the question `before` unless that is empty.

    `text` is the answer in `language`, with placeholders.
    """
    blocks = [*date_notice(turn)]
    found = compare(said, entry.answer, shelf.figures, turn.day, turn.language, before)
    if found is None:
        # A belief that cannot be judged is not answered by a yes that is meant for another question.
        unjudged = believes(said) and find_quantities(said, turn.language)
        return Opening(blocks, without_yes(text, language) if unjudged else text)
    about_limit = _is_about_limit(said, turn)
    # What is believed of an amount may be something else than that it is the limit.
    if found.believed and not (about_limit or (found.order == "different" and _can_correct(found, said))):
        return Opening(blocks, without_yes(text, language))
    sentence = _sentence(found, said, turn, says_no(text, language))
    if sentence:
        blocks.insert(0, paragraph(sentence))
    contradicts = found.believed or found.order == "over" or (found.order == "at" and _at_limit(found) == "over")
    return Opening(blocks, without_yes(text, language) if contradicts else text)


def _is_about_limit(said: str, turn: Turn) -> bool:
    """ "the limit to dubai is 4 litres, right?": beside amount, goods, places and limit there is nothing that it says."""
    goods = [Span(start, end) for _, start, end in find_kinds(said)]
    places = turn.places.find(said).places
    spans = [*find_quantities(said, turn.language), *goods, *places, *belief_words(said), *limit_words(said)]
    return not left_over(said, apart(spans))


def _can_correct(found: Comparison, said: str) -> bool:
    return believed_directly(said, found.said) and found.said.currency is None and found.said.dimension is not None


def date_notice(turn: Turn) -> list[Block]:
    """For which day the answer is, when the question names one."""
    if turn.asked_for is None:
        return []
    when = format_asked(turn.asked_for, turn.language)
    if turn.asked_for.day < turn.today:
        return [
            notice(
                say(turn.language, "This is the rule of an earlier time: {day}. Other rules may hold today.", day=when)
            )
        ]
    return [notice(say(turn.language, "This answer is for {day}, as far as the rules are published today.", day=when))]


def _at_limit(found: Comparison) -> str | None:
    return found.figure.at_limit if found.figure else None


def _sentence(found: Comparison, asked: str, turn: Turn, no: bool) -> str | None:
    def isolated(value: str) -> str:
        return f"{_ISOLATE}{value}{_POP}" if direction(turn.language) == "rtl" else value

    # The asker's own words, so that it is plain what is meant.
    said = isolated(asked[found.said.start : found.said.end].strip())
    if found.figure is None:
        return say(turn.language, "No, not {said}; the figures that hold are these.", said=said)
    right = isolated(format_figure(found.figure, turn.day, turn.language))
    if found.believed and found.order == "different":
        return say(turn.language, "No, not {said}: it is {right}.", said=said, right=right)
    if found.believed:
        # An answer that begins with a no would take the yes back.
        return None if no else say(turn.language, "Yes, that is right: {right}.", right=right)
    if found.order == "at":
        limit = _at_limit(found)
        return say(turn.language, _AT[limit], said=said, right=right) if limit in _AT else None
    return say(turn.language, _CARRIED[found.order], said=said, right=right)
