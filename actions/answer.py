"""The question action: which administration, which entry, or an honest decline. Decided by search, not by the intent."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import ask_administration, ask_entry, suggestions, welcome
from actions.base import CustomsAction, failed
from actions.context import Turn
from actions.decline import decline, not_covered
from actions.follow_up import leans_on_last, left_over, only_names_places
from actions.handover import PENDING_HANDOVER, hand_over
from actions.offices import name_of
from actions.reply import Reply, say, sets
from actions.show_entry import show_entry
from customs.blocks import Block, notice, paragraph
from knowledge_base.places import Named
from knowledge_base.romanised import search_forms
from knowledge_base.search import Found, Question

# Declines that hold wherever the goods go: a joke about Japan is no question about Japan's customs.
_ANYWHERE = frozenset({"out_of_scope", "unlawful", "abuse"})


class AnswerQuestion(CustomsAction):
    """Answers whatever is not a command."""

    action_name = "action_answer_question"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        return answer(turn)


def answer(turn: Turn) -> Reply:
    """The reply to the text of `turn`."""
    if not turn.text:
        return failed(turn, "empty")
    named = turn.places.find(turn.text)
    if not named.places and not left_over(turn.text, small_talk=True):
        return welcome(turn)  # a greeting or a thank-you that was not taken for one
    bare = only_names_places(turn.text, named.places)
    waiting = turn.pending_question or turn.last_answer.get("question")
    if named.uncovered and not named.administration:
        if bare:
            return not_covered(turn, named.uncovered, waiting)
        verdict = search(turn, turn.text, None).verdict
        if verdict.kind == "decline" and verdict.reason in _ANYWHERE:
            return decline(turn, verdict.reason, None, turn.text)
        return not_covered(turn, named.uncovered, turn.text)
    if bare and named.administration:
        return set_administration(turn, named.administration, waiting, named)
    reply = answer_text(turn, turn.text, named.administration or turn.administration, named)
    # A new question: what waited before does not wait any longer.
    if turn.pending_question and not sets(reply.events, "pending_question"):
        reply.events.append(SlotSet("pending_question", None))
    return reply


def search(turn: Turn, text: str, administration: str | None) -> Found:
    """Search for `text`; what is romanised is tried in each of its spellings and the surest result counts."""
    results = [
        turn.searcher.search(Question(form, administration, language=turn.language, date=turn.day))
        for form in search_forms(text) or [text]
    ]
    return max(results, key=lambda found: found.candidates[0].probability if found.candidates else 0.0)


def answer_text(turn: Turn, text: str, administration: str | None, named: Named | None = None) -> Reply:
    """Search for `text` under `administration`, or under all, and turn the verdict into a reply."""
    found = search(turn, text, administration)
    if found.verdict.kind != "answer" and found.verdict.reason not in _ANYWHERE and leans_on_last(text):
        found = _with_last(turn, text, administration) or found
    verdict = found.verdict
    extra = _region_notice(turn, named)
    if verdict.kind == "ask_administration":
        return ask_administration(turn, text, verdict.administrations)
    if verdict.kind == "ask_back":
        return ask_entry(verdict.entries, turn, text, extra)
    if verdict.kind == "answer":
        try:
            return show_entry(verdict.entries[0], turn, text, extra)
        except LookupError:  # a figure without a value on the day that is asked about
            return decline(turn, "no_guidance", verdict.entries[0].administration, text, found)
    return decline(turn, verdict.reason or "no_guidance", administration, text, found)


def _with_last(turn: Turn, text: str, administration: str | None) -> Found | None:
    """ "what if i bring more?": what is found together with the subject of the last answer, when that is sure and not the same."""
    last = turn.release.entry(turn.last_answer.get("entry") or "")
    if last is None:
        return None
    joined = search(turn, f"{last.title} {text}", administration)
    sure = joined.verdict.kind == "answer" and joined.verdict.entries[0].id != last.id
    return joined if sure else None


def set_administration(turn: Turn, administration: str, waiting: str | None, named: Named | None = None) -> Reply:
    """Remember `administration` and answer what was `waiting` for it, if anything was."""
    turn = replace(turn, administration=administration)
    if waiting == PENDING_HANDOVER:
        reply = hand_over(turn, administration)
    elif waiting:
        reply = answer_text(turn, waiting, administration, named)
    else:
        name = name_of(turn.release.shelves[administration], turn.language)
        text = say(turn.language, "I will answer for {country}. What would you like to know?", country=name)
        reply = Reply("smalltalk", [paragraph(text), *suggestions(turn)])
    reply.administration = reply.administration or administration
    if not sets(reply.events, "pending_question"):
        reply.events.append(SlotSet("pending_question", None))
    if not sets(reply.events, "administration"):
        reply.events.append(SlotSet("administration", administration))
    return reply


def _region_notice(turn: Turn, named: Named | None) -> list[Block]:
    if not named or not named.region:
        return []
    text = say(
        turn.language,
        "Mind that other rules can apply in {place}; the answer says so where it knows.",
        place=named.region.title(),
    )
    return [notice(text)]
