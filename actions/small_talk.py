"""Greeting, thanks, help, restart. A question inside a greeting is answered, never greeted away."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import answer, search, set_administration
from actions.ask_back import administration_buttons, welcome, where_to_begin
from actions.base import CustomsAction
from actions.choices import choose_entry
from actions.context import Turn
from actions.follow_up import left_over
from actions.offices import name_of
from actions.reply import Reply, say
from actions.sums.talk import start_over
from customs.blocks import Block, paragraph

# A greeting is answered by `welcome`.
_WORDS = {
    "goodbye": "Goodbye, and a good journey.",
    "thank": "You are welcome. Is there anything else about customs?",
    "affirm": "Good. What would you like to know about customs?",
    "deny": "All right. Ask me whenever you have a customs question.",
}


class SmallTalk(CustomsAction):
    """Replies to greetings, thanks, yes and no."""

    action_name = "action_small_talk"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        if question := _question_inside(turn):
            return question
        intent = ((tracker.latest_message or {}).get("intent") or {}).get("name")
        if intent not in _WORDS:
            return welcome(turn)
        return Reply("smalltalk", [paragraph(say(turn.language, _WORDS[intent]))])


def _question_inside(turn: Turn) -> Reply | None:
    """ "thanks, and cigars?": the answer, when more than small talk is said and the search makes something of it."""
    if turn.is_payload or not turn.text:
        return None
    named = turn.places.find(turn.text)
    if not left_over(turn.text, named.places, small_talk=True):
        # "hello dubai" still says where; "hello" says nothing.
        return (
            answer(turn)
            if named.places and (named.administration or named.uncovered) and turn.pending_question
            else None
        )
    verdict = search(turn, turn.text, named.administration or turn.administration).verdict
    return answer(turn) if verdict.kind != "decline" else None


class Start(CustomsAction):
    """Opens a conversation, or shows what a deep link names."""

    action_name = "action_start"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        wanted = turn.values.get("entry")
        if wanted in turn.release.shelves:
            return set_administration(turn, wanted, None)
        if wanted:
            return choose_entry(turn, wanted)
        return welcome(turn)


class Help(CustomsAction):
    """Says what the assistant can do and how to use it."""

    action_name = "action_help"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        shelves = turn.release.shelves.values()
        names = ", ".join(name_of(shelf, turn.language) for shelf in shelves)
        lines: Block = {
            "type": "list",
            "items": [
                say(turn.language, "Ask in your own words, for example: how much cash may I carry to Dubai?"),
                say(turn.language, "I cover: {countries}.", countries=names),
                say(turn.language, "Every answer names its source and the day on which it was checked."),
                say(
                    turn.language,
                    "I am a program: I cannot see your parcel or your file, and my answers are information, not a ruling.",
                ),
            ],
        }
        return Reply("smalltalk", [paragraph(say(turn.language, "How I can help")), lines, *where_to_begin(turn)])


class Restart(CustomsAction):
    """Forgets the conversation; the language stays. While a sum asks, it begins only that anew."""

    action_name = "action_restart"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        if turn.served and (reply := start_over(turn, tracker)):
            return reply
        text = say(turn.language, "We start afresh. What would you like to know?")
        # Forgetting works without guidance too.
        choices = [administration_buttons(turn)] if turn.served else []
        restarted = {"event": "restart", "timestamp": None}
        return Reply("smalltalk", [paragraph(text), *choices], events=[restarted, SlotSet("language", turn.language)])
