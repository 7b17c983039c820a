"""Somebody is in danger: the number to call, before anything else."""

from __future__ import annotations

from actions.context import Turn
from actions.offices import name_of
from actions.reply import Reply, say
from customs.blocks import Block, notice, paragraph


def emergency(turn: Turn, administration: str | None) -> Reply:
    """The emergency number of `administration`, or of each that is covered when it is not known which."""
    language = turn.language
    names = [administration] if administration else list(turn.release.shelves)
    shelves = [turn.release.shelves[name] for name in names]
    rows = [
        [name_of(shelf, language), shelf.administration.emergency.phone]
        for shelf in shelves
        if shelf.administration.emergency
    ]
    text = say(language, "If somebody is in danger or hurt, call the emergency number now or tell the nearest officer.")
    blocks: list[Block] = [notice(text, "warning")]
    if rows:
        blocks.append({"type": "card", "title": say(language, "Emergency number"), "rows": rows})
    blocks.append(
        paragraph(say(language, "I am a machine that answers customs questions and cannot send help to you."))
    )
    return Reply("handed_over", blocks, administration=administration)
