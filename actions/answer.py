"""The question action: which administration, which entry, or an honest decline. Decided by search, not by the intent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import ask_administration, ask_entry, entry_buttons, suggestions, welcome
from actions.base import CustomsAction, failed
from actions.context import Turn
from actions.decline import ANYWHERE, SURELY, decline, not_covered
from actions.follow_up import asks_about_answer, is_small_talk, leans_on_last, only_names_places
from actions.handover import PENDING_HANDOVER, hand_over
from actions.in_context import (
    answer_from_last,
    asked_for_another_day,
    last_entry,
    last_question,
    of_other_goods,
    verdict_after_ask_back,
    verdict_in_context,
    without_day_asked,
)
from actions.leaving import answer_leaving
from actions.offices import name_of
from actions.reckoning import by_currency, with_others
from actions.reply import Reply, say, sets
from actions.searching import search
from actions.several import answer_for_each, answer_parts
from actions.show_entry import show_entry
from actions.story import at_home
from actions.sums.begin import begin
from customs.blocks import Block, notice, paragraph
from knowledge_base.model import Entry
from knowledge_base.places import Named
from knowledge_base.search import Found, Verdict


class AnswerQuestion(CustomsAction):
    """Answers whatever is not a command: by a sum where the message tells goods or money to work out, else from the guidance."""

    action_name = "action_answer_question"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        begun = begin(turn, tracker)
        if begun.reply:
            return begun.reply
        taken = by_currency(turn)
        reply = answer(taken)
        if taken.administration != turn.administration:
            reply = with_others(taken, reply)
        return replace(reply, events=[*reply.events, *begun.events])


def answer(turn: Turn) -> Reply:
    """The reply to the text of `turn`."""
    if not turn.text:
        return failed(turn, "empty")
    named = turn.places.find(turn.text)
    about_last = turn.last_answer.get("about_entry") and asks_about_answer(
        turn.text
    )  # "are you sure?" is made of small words
    if not named.places and not about_last and is_small_talk(turn.text):
        return welcome(turn)  # a greeting or a thank-you that was not taken for one
    bare = only_names_places(turn.text, named.places)
    if not bare:
        named = at_home(turn, named)
    waiting = turn.pending_question or turn.last_answer.get("question")
    # "and to japan?" asks for Japan's rules; "flying to japan with gold" is asked by somebody who leaves.
    sends = any(place.exported for place in named.places)  # "how do i export a car to germany" is asked where it leaves
    if not bare and (named.uncovered or sends) and not named.exporting:
        named = turn.places.find(turn.text, session=turn.administration)
    if named.exporting and named.administration and not bare:
        return answer_leaving(turn, named)
    if named.uncovered and not named.administration:
        if bare:
            return not_covered(turn, named.uncovered, waiting)
        found = search(turn, turn.text, None)
        reason = found.verdict.reason
        if reason in ANYWHERE and found.scope.get(reason, 0.0) >= SURELY:
            return decline(turn, reason, None, turn.text)
        return not_covered(turn, named.uncovered, turn.text)
    if len(named.destinations) > 1:
        asked = waiting if bare else turn.text
        if asked and (reply := answer_for_each(turn, asked, named.destinations, _region_notice(turn, named))):
            return reply
    if bare and named.administration:
        return set_administration(turn, named.administration, waiting, named)
    administration = named.administration or turn.administration
    if bare and named.origin and waiting:
        return answer_text(turn, _with_origin(turn, waiting), administration)
    if waiting and (again := asked_for_another_day(turn, turn.text, waiting, named.places)):
        return answer_text(turn, again, administration, named)
    return answer_text(turn, turn.text, administration, named)


def _with_origin(turn: Turn, waiting: str) -> str:
    """The question that `waiting` is, from the place that "from spain" names instead of the one of before."""
    before, comma, origin = waiting.rpartition(", ")
    if comma and only_names_places(origin, turn.places.find(origin).places):
        waiting = before
    return f"{waiting.rstrip(' ?؟？.')}, {turn.text}"


def answer_text(turn: Turn, text: str, administration: str | None, named: Named | None = None) -> Reply:
    """Search for `text` under `administration`, or under all, and turn the verdict into a reply."""
    turn = turn.on_day_of(text, administration)
    last = last_entry(turn, administration)
    origin = (named if named and text == turn.text else turn.places.find(text)).origin
    if origin is None and last and leans_on_last(text):
        origin = turn.places.find(last_question(turn, last)).origin
    turn = replace(turn, origin=origin)
    extra = _region_notice(turn, named)
    find = partial(search, turn, administration=administration)
    if last and (reply := answer_from_last(turn, text, last, find)):
        return reply
    if reply := answer_parts(turn, text, administration, extra):
        return reply
    if last and (whole := of_other_goods(turn, text, last)):
        there = find(whole)
        if there.verdict.kind == "answer":
            return _show(turn, there.verdict.entries[0], whole, extra, there)
    searched = without_day_asked(text)
    found = search(turn, searched, administration)
    if turn.asked_for and turn.day < turn.today and found.verdict.kind != "answer":
        # What held then is not known; what holds today is, and the reply says for which day it is.
        turn = turn.on_today()
        extra.append(
            notice(say(turn.language, "I only have the rules of today; this is no answer for an earlier day."))
        )
        found = search(turn, searched, administration)
    verdict = found.verdict
    if last and (verdict.kind != "answer" or leans_on_last(text)):
        within = verdict_in_context(turn, text, last, found, find)
        if within:
            # What is remembered must say without the talk before it what was asked.
            verdict, text = within, _whole_question(turn, within, text, last)
    if not last and verdict.kind == "decline" and turn.pending_question and leans_on_last(text):
        joined = f"{turn.pending_question.rstrip(' ?؟？.')}. {text}"
        if within := verdict_after_ask_back(found, find(joined)):
            verdict, text = within, joined
    if verdict.kind == "ask_administration":
        return ask_administration(turn, text, verdict.administrations)
    if verdict.kind == "ask_back":
        return ask_entry(verdict.entries, turn, text, extra)
    if verdict.kind == "answer":
        reply = _show(turn, verdict.entries[0], text, extra, found)
        if len(verdict.entries) > 1 and reply.entry:
            reply.blocks.append(
                entry_buttons(verdict.entries[1:], turn.language, say(turn.language, "Perhaps you meant"))
            )
        return reply
    return decline(turn, verdict.reason or "no_guidance", administration, text, found)


def _whole_question(turn: Turn, verdict: Verdict, text: str, last: Entry) -> str:
    return verdict.entries[0].title if verdict.kind == "answer" else f"{last_question(turn, last)}. {text}"


def _show(turn: Turn, entry: Entry, text: str, extra: list[Block], found: Found) -> Reply:
    """The entry for the day that is asked about; where that day has no figures, today's, and it says so, or nothing."""
    try:
        return show_entry(entry, turn, text, extra)
    except LookupError:  # a figure without a value on the day that is asked about
        if turn.asked_for is None or turn.day >= turn.today:
            return decline(turn, "no_guidance", entry.administration, text, found)
    only_today = notice(say(turn.language, "I only have the rules of today; this is no answer for an earlier day."))
    try:
        return show_entry(entry, turn.on_today(), text, [*extra, only_today])
    except LookupError:
        return decline(turn, "no_guidance", entry.administration, text, found)


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
