"""One message to a sum that runs: answer what was asked, correct it, ask something else meanwhile, go back, give up; and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rasa_sdk import Tracker

from actions.context import Turn
from actions.reply import Reply, say
from actions.sums import words
from actions.sums.asking import EDIT, ask, ask_administration, edit, question_blocks
from actions.sums.begin import after, anew, begin_with, dump, hear, intent_of, is_for_sum, press_start, told_more
from actions.sums.calculator import ADMINISTRATION, Calculator
from actions.sums.calculators import CALCULATORS, of_kind
from actions.sums.invitation import invitations
from actions.sums.state import State, closed, read_state, waiting
from customs.blocks import Block, paragraph

Other = Callable[[Turn, Tracker], Reply]


def go_on(turn: Turn, tracker: Tracker, other: Other) -> Reply:
    """The reply of a running form to a message. `other` answers whatever is not about the sum; then the form asks again."""
    state = read_state(tracker)
    if state is None:  # the slot was lost: the form has nothing to go on with
        reply = other(turn, tracker)
        return replace(reply, events=[*reply.events, *closed(None)])
    calculator = of_kind(state.kind)
    if turn.is_payload:
        return press(turn, tracker, other)
    if words.says_only("give_up", turn.text):
        return _give_up(turn, calculator)
    if words.says_only("start_over", turn.text):
        return anew(turn, calculator, state.administration)
    if words.says_only("back", turn.text):
        return ask(turn, calculator, state.gone_back())
    asked = state.asked
    if asked and words.says_only("unknown", turn.text, most=1):
        return _skip(turn, calculator, state, asked)
    named = turn.places.find(turn.text)
    if asked == ADMINISTRATION and named.administration:
        chosen = state.changed(administration=named.administration, asked=None, request=turn.request_id)
        heard = hear(turn, calculator, chosen, named)
        return after(turn, calculator, chosen.model_copy(update={"data": dump(heard.data)}), heard)
    heard = hear(turn, calculator, state, named)
    if heard.changed and is_for_sum(turn, calculator, state):
        return after(turn, calculator, told_more(state, heard, turn, named, calculator), heard)
    for another in CALCULATORS:
        if another.kind != calculator.kind and another.begins(turn, turn.text, intent_of(tracker)):
            begun = begin_with(turn, another, None)
            if begun.reply:
                return begun.reply
    return _interrupted(turn, tracker, calculator, state, other)


def start_over(turn: Turn, tracker: Tracker) -> Reply | None:
    """ "start over", typed while a sum asks: that sum anew. None when none asks; Rasa gives this intent to its action, form or not."""
    state = read_state(tracker)
    if turn.is_payload or state is None or state.told or state.asked is None:
        return None
    return anew(turn, of_kind(state.kind), state.administration)


def press(turn: Turn, tracker: Tracker, other: Other) -> Reply:
    """The reply to a button while a sum runs or after it was told."""
    state, intent = read_state(tracker), intent_of(tracker)
    started = next((one for one in CALCULATORS if one.intent == intent), None)
    if started:
        return press_start(turn, started, state)
    if state is None:
        text = say(turn.language, "That sum is no longer there. Tell me again what you want to check.")
        return Reply(
            "smalltalk",
            [paragraph(text), *invitations(turn.release.shelves.get(turn.administration or ""), turn.language)],
            events=closed(None),
        )
    calculator = of_kind(state.kind)
    data = calculator.model.model_validate(state.data)
    if intent == "give_up":
        return _give_up(turn, calculator)
    if intent == "calculate_again":
        return anew(turn, calculator, state.administration)
    if intent == "go_back":
        return ask(turn, calculator, state.gone_back())
    if intent == "change_administration" and turn.values.get("administration") in turn.release.shelves:
        chosen = turn.values["administration"]
        if state.administration and chosen != state.administration:
            data = calculator.elsewhere(data)
        state = state.changed(administration=chosen, data=dump(data), asked=None, unknown=(), request=turn.request_id)
        return ask(turn, calculator, state, first=True)
    if intent == "set_fact":
        fact, value = turn.values.get("fact", ""), turn.values.get("value", "")
        if value == "unknown":
            return _skip(turn, calculator, state, fact)
        try:
            data = calculator.set_fact(data, fact, value)
        except ValueError:  # a button of another version, or none of ours
            return ask(turn, calculator, state)
        return ask(turn, calculator, state.changed(data=dump(data), asked=None, request=turn.request_id))
    line = turn.values.get("line", "")
    if intent == "confirm_heading":
        try:
            data = calculator.set_fact(data, f"{line}.good", turn.values.get("good", ""))
        except ValueError:
            return ask(turn, calculator, state)
        return ask(turn, calculator, state.changed(data=dump(data), asked=None, request=turn.request_id))
    if intent == "remove_line":
        return ask(
            turn,
            calculator,
            state.changed(data=dump(calculator.without_line(data, line)), asked=None, request=turn.request_id),
        )
    if intent == "edit_line":
        return edit(turn, calculator, state, data, line)
    return _interrupted(turn, tracker, calculator, state, other)


def _skip(turn: Turn, calculator: Calculator, state: State, fact: str) -> Reply:
    fact = fact.removeprefix(EDIT)
    return ask(turn, calculator, state.changed(unknown=(*state.unknown, fact), asked=None, request=turn.request_id))


def _give_up(turn: Turn, calculator: Calculator) -> Reply:
    text = say(turn.language, "All right, I have stopped. Ask me anything, or begin again whenever you like.")
    return Reply("smalltalk", [paragraph(text)], events=closed(None))


def _interrupted(turn: Turn, tracker: Tracker, calculator: Calculator, state: State, other: Other) -> Reply:
    """The answer to something else, and what was asked once more."""
    reply = other(turn, tracker)
    if any(event.get("event") == "restart" for event in reply.events):
        return reply
    language = next((event["value"] for event in reply.events if event.get("name") == "language"), None)
    if language:  # "speak spanish please"
        turn = replace(turn, language=language)
    shelf = turn.release.shelves.get(state.administration or "")
    again: list[Block]
    if state.told:
        again = []
    elif shelf is None:
        again = ask_administration(turn, calculator, state).blocks
    elif state.asked and state.asked.startswith(EDIT):
        again = edit(
            turn, calculator, state, calculator.model.model_validate(state.data), state.asked.removeprefix(EDIT)
        ).blocks
    else:
        data = calculator.model.model_validate(state.data)
        again = question_blocks(turn, calculator, state, shelf, data, calculator.check(turn, shelf, data))
    not_understood = (
        reply.outcome == "declined" and reply.reason in {"out_of_scope", "no_guidance"} or reply.reason == "which_entry"
    )
    if not_understood and again and len(turn.text.split()) <= 3:
        text = say(turn.language, "I did not understand that here.")
        reply = Reply("asked_back", [paragraph(text)], "which_fact", administration=state.administration)
    # The country that a question meanwhile named is no other country of the sum.
    others = [event for event in reply.events if event.get("name") not in {"administration", "pending_question"}]
    events = closed(state) if state.told else waiting(state)
    # Beside the answers to our question, those to "which of these do you mean" are the only ones that are wanted.
    dropped = {"buttons"} if again and reply.outcome != "asked_back" else set()
    blocks = [*(block for block in reply.blocks if block["type"] not in dropped), *again]
    return replace(reply, blocks=blocks, events=[*others, *events])
