"""Greeting, thanks, help, restart. A question inside a greeting is answered, never greeted away."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import answer_text, not_covered, search
from actions.ask_back import administration_buttons, suggestions
from actions.base import CustomsAction, Service
from actions.choices import choose_entry, set_administration
from actions.context import Turn
from actions.reply import Reply, say
from customs.blocks import Block, paragraph

# Longer messages are looked at for a question before small talk is made of them.
SHORT = 3

_WORDS = {
    "greet": "Hello. I answer customs questions: what you may bring, what to declare, what it costs, which papers it takes.",
    "goodbye": "Goodbye, and a good journey.",
    "thank": "You are welcome. Is there anything else about customs?",
    "affirm": "Good. What would you like to know about customs?",
    "deny": "All right. Ask me whenever you have a customs question.",
}


def opening(turn: Turn, text: str) -> list[Block]:
    """`text`, and where to begin: questions of the administration, or the choice of one."""
    release = Service.knowledge.release
    choices = suggestions(release, turn.administration, turn.language) or [
        administration_buttons(release, release.shelves, turn.language)
    ]
    return [paragraph(text), *choices]


class SmallTalk(CustomsAction):
    """Replies to greetings, thanks, yes and no."""

    action_name = "action_small_talk"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        intent = ((tracker.latest_message or {}).get("intent") or {}).get("name") or "greet"
        if not turn.is_payload and len(turn.text.split()) > SHORT:
            question = self._question_inside(turn)
            if question:
                return question
        text = say(turn.language, _WORDS.get(intent, _WORDS["greet"]))
        return Reply("smalltalk", opening(turn, text) if intent == "greet" else [paragraph(text)])

    @staticmethod
    def _question_inside(turn: Turn) -> Reply | None:
        named = Service.knowledge.places.find(turn.text)
        administration = named.administration or turn.administration
        found = search(turn, turn.text, administration)
        if found.verdict.kind == "decline":
            return None
        if named.uncovered and not named.administration:
            return not_covered(turn, named.uncovered)
        return answer_text(turn, turn.text, administration, named)


class Start(CustomsAction):
    """Opens a conversation, or shows what a deep link names."""

    action_name = "action_start"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        wanted = turn.values.get("entry")
        if wanted in Service.knowledge.release.shelves:
            return set_administration(turn, wanted)
        if wanted:
            return choose_entry(turn, wanted)
        return Reply("smalltalk", opening(turn, say(turn.language, _WORDS["greet"])))


class Help(CustomsAction):
    """Says what the assistant can do and how to use it."""

    action_name = "action_help"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        release = Service.knowledge.release
        names = ", ".join(shelf.administration.name_in(turn.language) for shelf in release.shelves.values())
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
        return Reply("smalltalk", [*opening(turn, say(turn.language, "How I can help")), lines])


class Restart(CustomsAction):
    """Forgets the conversation; the language stays."""

    action_name = "action_restart"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        release = Service.knowledge.release
        text = say(turn.language, "We start afresh. What would you like to know?")
        blocks = [paragraph(text), administration_buttons(release, release.shelves, turn.language)]
        restarted = {"event": "restart", "timestamp": None}
        return Reply("smalltalk", blocks, events=[restarted, SlotSet("language", turn.language)])
