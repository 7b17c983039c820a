"""The question action: which administration, which entry, or an honest decline. Decided by search, not by the intent."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import ask_administration, ask_entry, suggestions, welcome
from actions.base import CustomsAction, failed
from actions.context import Turn
from actions.decline import decline, not_covered
from actions.follow_up import is_small_talk, leans_on_last, only_names_places
from actions.handover import PENDING_HANDOVER, hand_over
from actions.offices import name_of
from actions.reply import Reply, say, sets
from actions.show_entry import show_entry
from customs.blocks import Block, notice, paragraph
from knowledge_base.places import Named
from knowledge_base.romanised import search_forms
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT, MOST_CHOICES, Found, Question, Verdict

# Declines that hold wherever the goods go: a joke about Japan is no question about Japan's customs.
_ANYWHERE = frozenset({"out_of_scope", "unlawful", "abuse"})
# In doubt it is a question about customs: only a sure joke is no question about the other country.
_SURELY = 0.8
_SURELY_OUTSIDE = 0.85


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
    if not named.places and is_small_talk(turn.text):
        return welcome(turn)  # a greeting or a thank-you that was not taken for one
    bare = only_names_places(turn.text, named.places)
    waiting = turn.pending_question or turn.last_answer.get("question")
    if named.uncovered and not named.administration:
        if bare:
            return not_covered(turn, named.uncovered, waiting)
        found = search(turn, turn.text, None)
        reason = found.verdict.reason
        if reason in _ANYWHERE and found.scope.get(reason, 0.0) >= _SURELY:
            return decline(turn, reason, None, turn.text)
        return not_covered(turn, named.uncovered, turn.text)
    if bare and named.administration:
        return set_administration(turn, named.administration, waiting, named)
    return answer_text(turn, turn.text, named.administration or turn.administration, named)


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
    verdict = found.verdict
    if verdict.kind != "answer" and leans_on_last(text):
        verdict = _with_last(turn, text, administration, found) or verdict
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


def _with_last(turn: Turn, text: str, administration: str | None, found: Found) -> Verdict | None:
    """The verdict on "what if i bring more?" after an answer; None when that answer does not help to understand it.

    Such a message is too short for the gate, which is believed only when it is sure. What the search finds for it alone answers
    when it is sure enough; else the asker chooses between that and what lies next to the last answer.
    """
    last = turn.release.entry(turn.last_answer.get("entry") or "")
    outside = found.verdict.reason in found.scope and found.scope[found.verdict.reason] >= _SURELY_OUTSIDE
    if last is None or last.administration != administration or outside:
        return None
    topics = turn.release.shelves[administration].topics
    alone = [c for c in found.candidates if c.probability >= ASK_BACK_AT]
    if any(c.entry.id == last.id for c in alone[:1]):
        return None
    alone.sort(key=lambda c: topics[c.entry.id] != topics[last.id])  # the subject that they talk about comes first
    if alone and alone[0].probability >= ANSWER_AT:
        return Verdict("answer", entries=(alone[0].entry,))
    joined = search(turn, f"{last.title} {text}", administration)
    beside = [c.entry for c in joined.candidates if topics[c.entry.id] == topics[last.id]]
    choices = {entry.id: entry for entry in [*(c.entry for c in alone[:2]), *beside] if entry.id != last.id}
    return Verdict("ask_back", "which_entry", tuple(choices.values())[:MOST_CHOICES]) if choices else None


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
