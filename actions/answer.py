"""The question action: which administration, which entry, or an honest decline. Decided by search, not by the intent."""

from __future__ import annotations

from knowledge_base.names import country_name
from knowledge_base.places import Named
from knowledge_base.romanised import search_forms
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import administration_buttons, ask_administration, ask_entry
from actions.base import CustomsAction, Service, failed
from actions.context import Turn
from actions.offices import office_cards
from actions.reply import Reply, say
from actions.show_entry import show_entry
from customs.blocks import Block, notice, paragraph
from knowledge_base.index.lexical import tokens
from knowledge_base.index.release import Release
from knowledge_base.search import Found, Question

# Reasons of declining, in the words that the asker reads.
_DECLINES = {
    "out_of_scope": "I can only help with customs: what you may bring or send, what to declare, what it costs and which papers it takes.",
    "no_guidance": "I have no checked guidance that answers this, so I would rather not guess. These offices can tell you:",
    "personal_case": "I cannot see individual shipments, declarations or files. Ask the carrier that has the goods, or this office:",
    "unlawful": "I cannot help with getting round customs. Declaring goods is always possible and usually cheap: use the red channel, or ask this office first:",
    "abuse": "I am here to help with customs questions. What would you like to know?",
}
_WITH_OFFICE = {"no_guidance", "personal_case", "unlawful"}


class AnswerQuestion(CustomsAction):
    """Answers whatever is not a command."""

    action_name = "action_answer_question"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        if not turn.text:
            return failed(
                turn, "empty", say(turn.language, "Your message was empty. Write your customs question in a few words.")
            )
        return answer(turn)


def answer(turn: Turn) -> Reply:
    """The reply to the text of `turn`."""
    named = Service.knowledge.places.find(turn.text)
    if named.uncovered and not named.administration:
        return not_covered(turn, named.uncovered)
    if named.administration and _only_names_a_place(turn.text, named) and turn.last_answer.get("question"):
        return answer_text(turn, turn.last_answer["question"], named.administration, named)
    return answer_text(turn, turn.text, named.administration or turn.administration, named)


def search(turn: Turn, text: str, administration: str | None) -> Found:
    """Search for `text`; romanised Arabic is tried in both spellings and the surer result counts."""
    forms = search_forms(text) if turn.romanised else [text]
    results = [
        Service.knowledge.searcher.search(Question(form, administration, language=turn.language, date=turn.day))
        for form in forms
    ]
    return max(results, key=lambda found: found.candidates[0].probability if found.candidates else 0.0)


def answer_text(turn: Turn, text: str, administration: str | None, named: Named | None = None) -> Reply:
    """Search for `text` under `administration` and turn the verdict into a reply."""
    release = Service.knowledge.release
    found = search(turn, text, administration)
    verdict = found.verdict
    extra = _region_notice(release, turn, named)
    if verdict.kind == "ask_administration":
        return ask_administration(release, turn, text, verdict.administrations)
    if verdict.kind == "ask_back":
        return ask_entry(verdict.entries, turn, text, extra)
    if verdict.kind == "decline":
        return decline(turn, verdict.reason or "no_guidance", administration)
    return show_entry(release, verdict.entries[0], turn, text, extra)


def decline(turn: Turn, reason: str, administration: str | None) -> Reply:
    """Say that there is no answer and who may have one."""
    release = Service.knowledge.release
    blocks: list[Block] = [paragraph(say(turn.language, _DECLINES[reason]))]
    if reason in _WITH_OFFICE:
        if administration:
            blocks += office_cards(release.shelves[administration], turn.language, most=2)
        else:
            blocks = [paragraph(say(turn.language, _DECLINES[reason]))]
            blocks += [
                card for shelf in release.shelves.values() for card in office_cards(shelf, turn.language, most=1)
            ]
    return Reply("declined", blocks, reason, administration=administration)


def not_covered(turn: Turn, country: str) -> Reply:
    """Decline a question about a country that no pack covers, naming those that are covered."""
    release = Service.knowledge.release
    name = country_name(country, turn.language)
    text = say(
        turn.language,
        "I have no guidance for {country}, and another country's rules would mislead you. Please ask its customs administration. I can answer for:",
        country=name,
    )
    blocks = [paragraph(text), administration_buttons(release, release.shelves, turn.language)]
    return Reply("declined", blocks, "other_administration", events=[SlotSet("pending_question", turn.text)])


def _only_names_a_place(text: str, named: Named) -> bool:
    """ "and to london?": nothing is left of the text once the places are taken away."""
    for place in sorted(named.places, key=lambda place: -place.start):
        text = text[: place.start] + " " + text[place.end :]
    return not tokens(text) and len(text.split()) <= 5


def _region_notice(release: Release, turn: Turn, named: Named | None) -> list[Block]:
    if not named or not named.region:
        return []
    text = say(
        turn.language,
        "Mind that other rules can apply in {place}; the answer says so where it knows.",
        place=named.region.title(),
    )
    return [notice(text)]
