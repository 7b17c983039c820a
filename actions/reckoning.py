"""Whose customs are asked about when nothing tells it but the money: "courier wants £62 for trainers, can i say no".

The reply says what was taken for granted and offers the other administrations, which answer the same question at a press.
"""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.ask_back import administration_buttons
from actions.context import Turn
from actions.offices import name_of
from actions.reply import Reply, say


def by_currency(turn: Turn) -> Turn:
    """`turn` under the administration in whose money its text reckons, where neither the conversation nor the text names one."""
    if turn.administration or turn.is_payload:
        return turn
    told = turn.places.reckoning_in(turn.text, turn.language)
    if told is None:
        return turn
    named = turn.places.find(turn.text)
    # Who comes from there reckons in that money wherever they go.
    if named.administration or named.uncovered or told in named.others:
        return turn
    return replace(turn, administration=told)


def with_others(turn: Turn, reply: Reply) -> Reply:
    """`reply`, which takes the administration of `turn` for granted, with a button for each other one."""
    shelves = turn.release.shelves
    others = [name for name in shelves if name != turn.administration]
    told = reply.outcome == "answered" or reply.reason == "which_entry"
    if not told or reply.administration != turn.administration or not others:
        return reply
    label = say(
        turn.language,
        "Your amount is in local currency ({country}), so this is about customs there. If you mean somewhere else:",
        country=name_of(shelves[turn.administration], turn.language),
    )
    kept = [event for event in reply.events if event.get("name") != "pending_question"]
    return replace(
        reply,
        blocks=[*reply.blocks, administration_buttons(turn, others, label)],
        events=[*kept, SlotSet("pending_question", turn.text)],
    )
