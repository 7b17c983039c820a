"""Actions behind buttons and commands that set something: entry, administration, language; and a bare place name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from babel.dates import format_date
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import answer, set_administration
from actions.ask_back import administration_buttons, ask_administration, entry_buttons, suggestions, where_to_begin
from actions.base import CustomsAction, Service
from actions.context import Turn
from actions.decline import decline, not_covered
from actions.handover import PENDING_HANDOVER
from actions.reply import Reply, say
from actions.show_entry import show_entry
from customs.blocks import Block, buttons, paragraph
from knowledge_base.model import Entry
from knowledge_base.names import language_named, own_name


class ChooseEntry(CustomsAction):
    """Shows the entry that a button or a link names."""

    action_name = "action_choose_entry"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        return choose_entry(turn, turn.values.get("entry", ""))


def find_entry(turn: Turn, wanted: str) -> Entry | None:
    """The entry with the id `wanted`, or with its dots written as underscores, as links carry it."""
    return turn.release.entry(wanted) or next(
        (
            entry
            for shelf in turn.release.shelves.values()
            for entry in shelf.entries
            if entry.id.replace(".", "_") == wanted
        ),
        None,
    )


def choose_entry(turn: Turn, wanted: str) -> Reply:
    """The entry `wanted`, or an honest word that it is not there (any more, or yet)."""
    entry = find_entry(turn, wanted)
    if entry is None:
        return _gone(turn, say(turn.language, "That answer is no longer there. Ask your question in your own words."))
    asked = turn.pending_question if turn.pending_question != PENDING_HANDOVER else None
    if not entry.effective.holds_on(turn.day):
        start = entry.effective.start
        if start and turn.day < start:
            text = say(turn.language, "That answer holds only from {day} on.", day=_long(start, turn.language))
        else:
            text = say(turn.language, "That answer is out of date. Ask your question in your own words.")
        return _gone(turn, text)
    try:
        return show_entry(entry, turn, asked or entry.title)
    except LookupError:  # a figure without a value on the day that is asked about
        return decline(turn, "no_guidance", entry.administration, asked or entry.title)


def _long(day: date, language: str) -> str:
    # English as most of the world writes a date.
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def _gone(turn: Turn, text: str) -> Reply:
    blocks: list[Block] = [paragraph(text), *where_to_begin(turn)]
    return Reply("declined", blocks, "no_guidance", events=[SlotSet("pending_question", None)])


class ChangeAdministration(CustomsAction):
    """Sets the administration and answers what waited for it; without one, asks which."""

    action_name = "action_change_administration"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        wanted = turn.values.get("administration", "")
        if wanted in turn.release.shelves:
            return set_administration(turn, wanted, turn.pending_question)
        if not turn.is_payload:
            named = turn.places.find(turn.text)
            if named.administration:
                return set_administration(turn, named.administration, turn.pending_question)
            if named.uncovered:
                return not_covered(turn, named.uncovered, turn.pending_question)
        blocks = [
            paragraph(say(turn.language, "Which country's customs rules are you asking about?")),
            administration_buttons(turn),
        ]
        return Reply("asked_back", blocks, "which_administration")


class Inform(CustomsAction):
    """A bare place name: the answer to our question, or the last question for another country. Else it is a question."""

    action_name = "action_inform"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        named = turn.places.find(turn.text)
        # "i am flying to dubai on monday" says more than a place, but with a question waiting it is the answer to it.
        if named.administration and turn.pending_question:
            return set_administration(turn, named.administration, turn.pending_question, named)
        return answer(turn)


class ChangeLanguage(CustomsAction):
    """Sets the language of the replies; without one, asks which."""

    action_name = "action_change_language"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        languages = Service.settings.languages
        wanted = turn.values.get("language") or (None if turn.is_payload else language_named(turn.text, languages))
        if wanted not in languages:
            items = [(own_name(language), f'/change_language{{"language":"{language}"}}') for language in languages]
            return Reply("smalltalk", [paragraph(say(turn.language, "Which language would you like?")), buttons(items)])
        text = say(wanted, "I will answer in English. What would you like to know?")
        reply = Reply("smalltalk", [paragraph(text)], language=wanted, events=[SlotSet("language", wanted)])
        if turn.served:  # the language can be changed while there is no guidance
            reply.blocks += _go_on(replace(turn, language=wanted))
        return reply


def _go_on(turn: Turn) -> list[Block]:
    """Where the conversation was, in its new language: the country asked for, or the last answer, or where to begin."""
    if turn.pending_question:
        return ask_administration(turn, turn.pending_question).blocks
    if last := turn.release.entry(turn.last_answer.get("entry") or ""):
        return [entry_buttons([last], turn.language, say(turn.language, "Read the last answer again"))]
    return suggestions(turn)
