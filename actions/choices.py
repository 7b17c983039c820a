"""Actions behind buttons and commands that set something: entry, administration, language; and a bare place name."""

from __future__ import annotations

from dataclasses import replace

from knowledge_base.names import language_named, own_name
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import answer, answer_text, not_covered
from actions.ask_back import administration_buttons, suggestions
from actions.base import CustomsAction, Service
from actions.context import Turn
from actions.handover import PENDING_HANDOVER, hand_over
from actions.reply import Reply, say
from actions.show_entry import show_entry
from customs.blocks import buttons, notice, paragraph


class ChooseEntry(CustomsAction):
    """Shows the entry that a button or a link names."""

    action_name = "action_choose_entry"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        return choose_entry(turn, turn.values.get("entry", ""))


def choose_entry(turn: Turn, wanted: str) -> Reply:
    """The entry `wanted`: an id, or an id with underscores for dots as links carry it."""
    release = Service.knowledge.release
    entry = release.entry(wanted) or next(
        (
            entry
            for shelf in release.shelves.values()
            for entry in shelf.entries
            if entry.id.replace(".", "_") == wanted
        ),
        None,
    )
    if entry is None or not entry.effective.holds_on(turn.day):
        text = say(turn.language, "That answer is no longer there. Ask your question in your own words.")
        return Reply("failed", [notice(text, "warning")], "error")
    return show_entry(release, entry, turn, turn.pending_question or entry.title)


class ChangeAdministration(CustomsAction):
    """Sets the administration and answers what waited for it; without one, asks which."""

    action_name = "action_change_administration"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        wanted = turn.values.get("administration", "")
        if wanted in Service.knowledge.release.shelves:
            return set_administration(turn, wanted)
        if not turn.is_payload:
            named = Service.knowledge.places.find(turn.text)
            if named.administration:
                return set_administration(turn, named.administration)
            if named.uncovered:
                return not_covered(turn, named.uncovered)
        release = Service.knowledge.release
        blocks = [
            paragraph(say(turn.language, "Which country's customs rules are you asking about?")),
            administration_buttons(release, release.shelves, turn.language),
        ]
        return Reply("asked_back", blocks, "which_administration")


def set_administration(turn: Turn, administration: str) -> Reply:
    """Remember `administration`; answer the question that waited, if any."""
    release = Service.knowledge.release
    turn = replace(turn, administration=administration)
    remember = SlotSet("administration", administration)
    if turn.pending_question == PENDING_HANDOVER:
        reply = hand_over(turn)
    elif turn.pending_question:
        reply = answer_text(turn, turn.pending_question, administration)
    else:
        name = release.shelves[administration].administration.name_in(turn.language)
        text = say(turn.language, "I will answer for {country}. What would you like to know?", country=name)
        reply = Reply("smalltalk", [paragraph(text), *suggestions(release, administration, turn.language)])
    reply.administration = administration
    if not any(event.get("name") == "pending_question" for event in reply.events):
        reply.events.append(SlotSet("pending_question", None))
    reply.events.append(remember)
    return reply


class Inform(CustomsAction):
    """A bare place name: the answer to our question, or a change of country. Anything else is a question."""

    action_name = "action_inform"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        named = Service.knowledge.places.find(turn.text)
        if named.administration and turn.pending_question:
            return set_administration(turn, named.administration)
        if named.administration and len(turn.text.split()) <= 3 and not turn.last_answer.get("question"):
            return set_administration(turn, named.administration)
        return answer(turn)


class ChangeLanguage(CustomsAction):
    """Sets the language of the replies; without one, asks which."""

    action_name = "action_change_language"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        languages = Service.settings.languages
        wanted = turn.values.get("language") or (None if turn.is_payload else language_named(turn.text, languages))
        if wanted in languages:
            text = say(wanted, "I will answer in English. What would you like to know?")
            reply = Reply("smalltalk", [paragraph(text)], language=wanted, events=[SlotSet("language", wanted)])
            reply.blocks += suggestions(Service.knowledge.release, turn.administration, wanted)
            return reply
        items = [(own_name(language), f'/change_language{{"language":"{language}"}}') for language in languages]
        return Reply("smalltalk", [paragraph(say(turn.language, "Which language would you like?")), buttons(items)])
