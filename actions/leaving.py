"""Goods that leave a covered administration: answered only from its guidance on leaving; where they go is for that country to say."""

from __future__ import annotations

import re

from actions.context import Turn
from actions.decline import ANYWHERE, SURELY, decline, not_covered
from actions.reply import Reply, say
from actions.searching import search
from actions.show_entry import show_entry
from customs.blocks import Block, notice
from knowledge_base.model import Entry
from knowledge_base.names import country_name
from knowledge_base.places import Named
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT

# Answers are written in English first; what they say of leaving is said with one of these.
_LEAVING = re.compile(
    r"\b(?:leav\w+|depart\w*|export\w*|re-export\w*|tak(?:e|ing) (?:\w+ ){0,3}out|send(?:ing)? (?:\w+ ){0,3}(?:out|abroad)|out of the country|in or out|going out)\b",
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
    for at, candidate in enumerate(found.candidates):
        enough = ASK_BACK_AT if at == 0 else ANSWER_AT  # only few entries speak of leaving at all
        if candidate.probability < enough or not speaks_of_leaving(candidate.entry):
            continue
        try:
            return show_entry(candidate.entry, turn, turn.text, _elsewhere(turn, named))
        except LookupError:  # a figure without a value on the day that is asked about
            continue
    if named.uncovered:
        return not_covered(turn, named.uncovered, turn.text)
    return decline(turn, "no_guidance", named.administration, turn.text, found)


def _elsewhere(turn: Turn, named: Named) -> list[Block]:
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
