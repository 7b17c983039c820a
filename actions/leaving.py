"""Goods that leave a covered administration: answered only from its guidance on leaving; where they go is for that country to say."""

from __future__ import annotations

import re

from actions.ask_back import ask_entry
from actions.context import Turn
from actions.decline import ANYWHERE, SURELY, decline, not_covered
from actions.reply import Reply, say
from actions.searching import search
from actions.show_entry import show_entry
from customs.blocks import Block, notice
from knowledge_base.model import Entry
from knowledge_base.names import country_name
from knowledge_base.places import Named
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT, MOST_CHOICES

# Answers are written in English first; what they say of leaving, or of passing through, is said with one of these.
_LEAVING = re.compile(
    r"\b(?:leav\w+|depart\w*|export\w*|re-export\w*|tak(?:e|ing) (?:\S+ ){0,4}out|send(?:ing)? (?:\w+ ){0,3}(?:out|abroad)|out of the"
    r"|in or out|going out|transit|layover|connecting|on the way out)\b",
    re.IGNORECASE,
)


def speaks_of_leaving(entry: Entry) -> bool:
    """Does the title or what decides in the answer say what holds when one leaves?"""
    return bool(_LEAVING.search(f"{entry.title}\n{entry.answer.strip().split(chr(10) * 2)[0]}"))


def answer_leaving(turn: Turn, named: Named) -> Reply:
    """The reply to "gold out of dubai to india": the guidance of the place that is left, and that the other rule is not covered."""
    turn = turn.on_day_of(turn.text, named.administration)
    found = search(turn, turn.places.abroad(turn.text, named), named.administration)
    reason = found.verdict.reason
    if reason in ANYWHERE and found.scope.get(reason, 0.0) >= SURELY:
        return decline(turn, reason, named.administration, turn.text, found)
    fitting = [c for c in found.candidates if c.probability >= ASK_BACK_AT and speaks_of_leaving(c.entry)]
    if fitting and fitting[0].probability >= ANSWER_AT:
        try:
            return show_entry(fitting[0].entry, turn, turn.text, elsewhere(turn, named))
        except LookupError:  # a figure without a value on the day that is asked about
            return decline(turn, "no_guidance", named.administration, turn.text, found)
    if fitting:
        return ask_entry([c.entry for c in fitting[:MOST_CHOICES]], turn, turn.text, elsewhere(turn, named))
    if named.uncovered:
        return not_covered(turn, named.uncovered, turn.text)
    return decline(turn, "no_guidance", named.administration, turn.text, found)


def elsewhere(turn: Turn, named: Named) -> list[Block]:
    """What the asker must know besides: the country where the goods go has rules of its own, which are not covered."""
    if not named.uncovered:
        return []
    country = country_name(named.uncovered, turn.language)
    text = say(
        turn.language,
        "This is about leaving only. I have no guidance for {country}: ask its own customs administration what may come in.",
        country=country,
    )
    return [notice(text, "warning")]
