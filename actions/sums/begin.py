"""A sum begun: by a message that tells goods or money, by a button; and the last one corrected by a message outside its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker

from actions.context import Turn
from actions.follow_up import is_short, leans_on_last
from actions.leaving import elsewhere
from actions.reply import Reply, say
from actions.searching import search
from actions.sums import words
from actions.sums.asking import EDIT, ask
from actions.sums.calculator import Calculator, Heard
from actions.sums.calculators import CALCULATORS, of_kind
from actions.sums.state import State, kept, read_state
from customs.blocks import Block
from knowledge_base.parts import asks
from knowledge_base.places import Named
from knowledge_base.premise import believes
from knowledge_base.search import Found

SURELY, SURELY_NOTHING, LIKELY_NOTHING = 0.9, 0.97, 0.5
SURELY_A_RULE = 0.5
_FEW_WORDS, _FEW_SIGNS = 4, 8  # so few are an answer to a question, and no plan to smuggle


@dataclass
class Begun:
    """What became of a message outside a form: a reply; or none, and the events that keep what it told for a button."""

    reply: Reply | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


def begin(turn: Turn, tracker: Tracker) -> Begun:
    """A sum begun by a message outside its form, or the last one corrected; nothing when the message is about neither."""
    intent = intent_of(tracker)
    state = read_state(tracker)
    if turn.is_payload:
        calculator = next((one for one in CALCULATORS if one.intent == intent), None)
        return Begun(press_start(turn, calculator, state) if calculator else None)
    goes_on = state is not None and _goes_on(turn, state)
    for calculator in CALCULATORS:
        if not (goes_on and state and state.kind == calculator.kind) and calculator.begins(turn, turn.text, intent):
            return begin_with(turn, calculator, state)
    if state is not None and goes_on:
        calculator, named = of_kind(state.kind), turn.places.find(turn.text)
        heard = hear(turn, calculator, state, named)
        if heard.changed and is_for_sum(turn, calculator, state):
            return Begun(after(turn, calculator, told_more(state, heard, turn, named, calculator), heard))
    return Begun()


def begin_with(turn: Turn, calculator: Calculator, before: State | None) -> Begun:
    """A new sum of what the message tells, unless it asks for the rule rather than for the sum."""
    leans = turn.last_answer.get("about_entry") and leans_on_last(turn.text)
    named = turn.places.find(turn.text)
    # A country that we do not cover, or two at once, are matters of the guidance.
    not_ours = len(named.destinations) > 1 or (
        named.uncovered and not named.administration and not _leaves(turn, named)
    )
    sends = calculator.kind == "duty" and _leaves(turn, named)  # duty is due where goods arrive
    if leans or not_ours or sends or believes(turn.text):
        return Begun()
    state, heard = new(turn, calculator, turn.text, before, named, None)
    if not heard.changed or not has_data(turn, calculator, state.administration):
        return Begun()
    if is_refused(turn, state.administration):
        return Begun()
    if _asks_for_rule(turn, calculator, state):
        return Begun(events=[kept(state)])
    reply = after(turn, calculator, state, heard, first=True, extra=_rules_elsewhere(turn, named))
    if reply.outcome == "asked_back" and _is_answered_without(turn, state, reply.entry):
        return Begun(events=[kept(state)])
    return Begun(reply)


def is_refused(turn: Turn, administration: str | None, running: bool = False) -> bool:
    """Is it surely no matter of customs, or of getting round them, or of somebody in danger? A few words never are.

    `running`: a sum goes on with it, and "what if my wife takes 5 bottles" is no plan to split a load.
    """
    if is_short(turn.text, _FEW_WORDS, _FEW_SIGNS):
        return False
    # A sum may have been begun under a release with an administration that this one lacks.
    found = _searched(turn, administration if administration in turn.release.shelves else None)
    reason = found.verdict.reason
    if found.verdict.kind != "decline" or reason == "no_guidance":
        return False
    # Goods and amounts have been read in it, so the gate must be surer that it is about nothing, most where it knows the language less well.
    nothing = LIKELY_NOTHING if turn.language == "en" else SURELY_NOTHING
    least = max(SURELY if running else 0.0, nothing if reason == "out_of_scope" else 0.0)
    return found.scope.get(reason or "", 0.0) >= least


def _searched(turn: Turn, administration: str | None) -> Found:
    """What the guidance says to the message: asked as it will be when there is no sum, so that it is searched for once."""
    return search(replace(turn, origin=turn.places.find(turn.text).origin), turn.text, administration)


def is_for_sum(turn: Turn, calculator: Calculator, state: State) -> bool:
    """Is a message that tells goods or facts meant for the sum that runs, and neither refused nor a question of its own?"""
    return not is_refused(turn, state.administration, running=True) and not _asks_something_else(turn, calculator, state)


def _asks_something_else(turn: Turn, calculator: Calculator, state: State) -> bool:
    """Is it a whole question that the guidance answers by entries that the sum does not stand for: "can I take ham to a friend"?

    It need not be sure by which of them. "The watch cost 600 actually" tells a fact, however surely an entry is near it; "what if I take
    two more" and what is short go on with the sum.
    """
    if is_short(turn.text, _FEW_WORDS, _FEW_SIGNS) or not asks(turn.text) or _leads_on(turn.text):
        return False
    return any(_has_own_answer(turn, calculator, name) for name in {state.administration, turn.administration} - {None})


def _has_own_answer(turn: Turn, calculator: Calculator, administration: str) -> bool:
    """Does the guidance answer the message, or offer answers, by entries of which none is what the sum stands for?"""
    shelf = turn.release.shelves.get(administration)
    if shelf is None:
        return False
    verdict = _searched(turn, administration).verdict
    # Of the entries that are offered none has to do with the sum: "is there an export form for a 90 euro bowl to boston".
    meant = verdict.entries[:1] if verdict.kind == "answer" else verdict.entries
    return verdict.kind in {"answer", "ask_back"} and not any(
        calculator.stands_for(shelf, entry.id, turn.text) for entry in meant
    )


def _asks_for_rule(turn: Turn, calculator: Calculator, state: State) -> bool:
    """Does the guidance surely answer it by an entry that the sum does not stand for: "can we split one watch"?

    Who only says what they bring, without a question, wants to know about their own goods.
    """
    on_the_way = words.says("luggage", turn.text) or (state.data.get("traveller") or {}).get("by")
    if on_the_way and not asks(turn.text):
        return False
    return _has_own_answer(turn, calculator, state.administration or "")


def _is_answered_without(turn: Turn, state: State, told: str | None) -> bool:
    """Is it a question, not after an amount, that the guidance surely answers by another entry than the one that the sum has `told`?

    "400 fags, so i only pay on the other half?" wants to hear of the whole; the button below the answer works it out with what was told.
    """
    if state.administration not in turn.release.shelves or not asks(turn.text) or words.says("how_much", turn.text):
        return False
    found = _searched(turn, state.administration)
    return found.verdict.kind == "answer" and found.verdict.entries[0].id != told and found.candidates[0].probability >= SURELY_A_RULE


def _rules_elsewhere(turn: Turn, named: Named) -> list[Block]:
    """That a country which somebody leaves for has rules of its own, which are not covered."""
    left = turn.places.find(turn.text, session=turn.administration) if named.uncovered else named
    return elsewhere(turn, left) if left.exporting else []


def _leaves(turn: Turn, named: Named) -> bool:
    """Is somebody leaving the administration of the conversation for a country that no pack covers?"""
    return turn.places.find(turn.text, session=turn.administration).exporting


def _goes_on(turn: Turn, state: State) -> bool:
    """Does a message outside the form go on with the sum that was told or left: by its words, or because nothing was said since?"""
    return _leads_on(turn.text) or turn.last_answer.get("request_id") == state.request


def _leads_on(text: str) -> bool:
    led = any(words.begins_with(name, text) for name in ("instead", "also", "what_if", "remove"))
    return led or (words.says("remove", text) and not asks(text))  # "how much gold without tax?" takes nothing out


def press_start(turn: Turn, calculator: Calculator, before: State | None) -> Reply:
    """A sum begun by its button: with what the last message told, where the guidance answered that; else without goods."""
    wanted = turn.values.get("administration")
    untold = before is not None and not before.told and before.asked is None and before.kind == calculator.kind
    if before is not None and untold and wanted in {None, before.administration}:
        return ask(turn, calculator, before, first=True)
    return anew(turn, calculator, wanted if wanted in turn.release.shelves else turn.administration, before)


def anew(turn: Turn, calculator: Calculator, administration: str | None, before: State | None = None) -> Reply:
    """An empty sum: its first question."""
    state, _ = new(turn, calculator, "", before, None, administration)
    return ask(turn, calculator, state)


def new(
    turn: Turn, calculator: Calculator, text: str, before: State | None, named: Named | None, administration: str | None
) -> tuple[State, Heard]:
    """A new sum of what `text` tells."""
    administration = (named.administration if named else None) or administration or turn.administration
    data = calculator.model()
    if before is not None and before.kind == calculator.kind:
        data = calculator.kept(calculator.model.model_validate(before.data))
    state = State(
        kind=calculator.kind, administration=administration, data=dump(data), began=text, request=turn.request_id
    )
    heard = hear(turn, calculator, state, named or turn.places.find(text)) if text else Heard(data, False)
    return state.model_copy(update={"data": dump(heard.data)}), heard


def has_data(turn: Turn, calculator: Calculator, administration: str | None) -> bool:
    shelf = turn.release.shelves.get(administration or "")
    return shelf is None or calculator.rules in shelf.rules


def after(
    turn: Turn, calculator: Calculator, state: State, heard: Heard, first: bool = False, extra: Sequence[Block] = ()
) -> Reply:
    """The reply after a message that said something; what could not be placed is told, and `extra` before all."""
    reply = ask(turn, calculator, state, first)
    reply.blocks[1:1] = extra
    if heard.unclear:
        told = say(
            turn.language, "I could not place this: {words}. It is not in the sum.", words=", ".join(heard.unclear)
        )
        reply.blocks.insert(0, {"type": "notice", "level": "warning", "text": told})
    return reply


def hear(turn: Turn, calculator: Calculator, state: State, named: Named) -> Heard:
    data = calculator.model.model_validate(state.data)
    asked = state.asked.removeprefix(EDIT) if state.asked else None
    shelf = turn.release.shelves.get(state.administration or "")
    return calculator.read(turn, turn.text, data, asked, named, shelf.administration.currency if shelf else None)


def told_more(state: State, heard: Heard, turn: Turn, named: Named, calculator: Calculator) -> State:
    """The state after a message, under another administration where the message goes elsewhere."""
    administration, data, unknown = state.administration, heard.data, state.unknown
    if named.administration and named.destination and not named.exporting:
        administration = named.administration
    if administration != state.administration:
        data, unknown = calculator.elsewhere(data), ()
    return state.changed(
        administration=administration, data=dump(data), unknown=unknown, asked=None, request=turn.request_id, told=False
    )


def dump(data: Any) -> dict[str, Any]:
    return data.model_dump(mode="json", exclude_defaults=True)


def intent_of(tracker: Tracker) -> str | None:
    """The intent of the message."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name")
