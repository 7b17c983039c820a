"""A person instead of the assistant: the right office with its hours and a reference."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import ask_administration
from actions.base import CustomsAction
from actions.context import Turn
from actions.offices import name_of, office_cards
from actions.reply import Reply, say
from customs.blocks import paragraph

PENDING_HANDOVER = "/ask_human"


class HandOver(CustomsAction):
    """Names the offices of the administration."""

    action_name = "action_hand_over"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        named = None if turn.is_payload else turn.places.find(turn.text)
        administration = (named.administration if named else None) or turn.administration
        if administration is None:
            return ask_administration(turn, PENDING_HANDOVER)
        return hand_over(turn, administration)


def hand_over(turn: Turn, administration: str) -> Reply:
    """The office cards of `administration`, the one about what was answered last first."""
    shelf = turn.release.shelves[administration]
    near = shelf.entry(turn.last_answer.get("entry") or "")
    authority = shelf.administration.authority
    name = authority.get(turn.language) or authority.get("en") or name_of(shelf, turn.language)
    text = say(turn.language, "You can reach {authority} here. Quote the reference {reference} if you write about this chat.",
               authority=name, reference=turn.request_id[-8:].upper())  # fmt: skip
    cards = office_cards(shelf, turn.language, turn.audience, near, most=3)
    events = [SlotSet("administration", administration), SlotSet("pending_question", None)]
    return Reply("handed_over", [paragraph(text), *cards], administration=administration, events=events)
