"""A person instead of the assistant: the right office with its hours and a reference."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.ask_back import ask_administration
from actions.base import CustomsAction, Service
from actions.context import Turn
from actions.offices import office_cards
from actions.reply import Reply, say
from customs.blocks import paragraph

PENDING_HANDOVER = "/ask_human"


class HandOver(CustomsAction):
    """Names the offices of the administration."""

    action_name = "action_hand_over"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        named = None if turn.is_payload else Service.knowledge.places.find(turn.text)
        administration = (named.administration if named else None) or turn.administration
        if administration is None:
            return ask_administration(Service.knowledge.release, turn, PENDING_HANDOVER)
        return hand_over(turn, administration)


def hand_over(turn: Turn, administration: str | None = None) -> Reply:
    """The office cards of the administration, or of the one chosen so far."""
    administration = administration or turn.administration
    shelf = Service.knowledge.release.shelves[administration]
    cards = office_cards(shelf, turn.language, most=3)
    authority = shelf.administration.authority
    name = authority.get(turn.language) or authority.get("en") or shelf.administration.name_in(turn.language)
    text = say(turn.language, "You can reach {authority} here. Quote the reference {reference} if you write about this chat.",
               authority=name, reference=turn.request_id[-8:].upper())  # fmt: skip
    return Reply("handed_over", [paragraph(text), *cards], administration=administration)
