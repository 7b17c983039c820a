"""What a sum replies: the next question, what is to be changed, the result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions.ask_back import administration_buttons
from actions.context import Turn
from actions.reply import Reply, say
from actions.show_entry import remember
from actions.sums.calculator import ADMINISTRATION, Calculator
from actions.sums.off import sum_off
from actions.sums.state import State, closed, waiting
from actions.sums.telling import entry_card, no_ruling, of_sources
from actions.switched_off import being_corrected
from customs.blocks import Block, buttons, paragraph
from knowledge_base.index.release import Shelf

EDIT = "edit:"  # what is asked for while a line is being changed


def ask(turn: Turn, calculator: Calculator, state: State, first: bool = False) -> Reply:
    """Ask for the first fact that is missing, or tell the result."""
    state = state.model_copy(update={"request": turn.request_id})
    shelf = turn.release.shelves.get(state.administration or "")
    if shelf is None:
        return ask_administration(turn, calculator, state)
    if calculator.rules not in shelf.rules:
        text = say(
            turn.language, "I have no figures for this sum in this country. Ask the question in your own words instead."
        )
        return Reply(
            "declined", [paragraph(text)], "no_guidance", administration=state.administration, events=closed(None)
        )
    turn = replace(turn, administration=state.administration).on_day_of(state.began, state.administration)
    data = calculator.model.model_validate(state.data)
    result = calculator.check(turn, shelf, data)
    if sum_off(turn, calculator, shelf, result):
        known = shelf.entry(calculator.entry(shelf, result) or "")
        return being_corrected(turn, state.administration, known, [*closed(None), *_of_conversation(state)])
    missing = [fact for fact in calculator.missing(data, result) if fact not in state.unknown]
    if missing:
        return _ask_fact(turn, calculator, state, shelf, data, result, missing[0], first)
    return _tell(turn, calculator, state, shelf, data, result)


def _ask_fact(
    turn: Turn, calculator: Calculator, state: State, shelf: Shelf, data: Any, result: Any, fact: str, first: bool
) -> Reply:
    told = calculator.tell(turn, shelf, data, result, certain_only=True) if first else []
    if told and not any(block["type"] == "card" for block in told):
        told[1:1] = entry_card(
            turn, shelf, calculator.entry(shelf, result)
        )  # the rule itself, whatever the answer will be
    state = state.model_copy(update={"asked": fact, "told": False})
    blocks = [*told, *question_blocks(turn, calculator, state, shelf, data, result)]
    sources = of_sources(told)
    events = [*waiting(state), *_of_conversation(state)]
    known = shelf.entry(calculator.entry(shelf, result) or "") if first else None
    if known:
        events += remember(turn, state.began or known.title, known)  # what "how do I declare it?" meanwhile is about
    return Reply(
        "asked_back", blocks, "which_fact", administration=state.administration, entry=known.id if known and told else None,
        sources=sources, events=events,
    )  # fmt: skip


def question_blocks(
    turn: Turn, calculator: Calculator, state: State, shelf: Shelf, data: Any, result: Any
) -> list[Block]:
    question = calculator.question(turn, shelf, state.asked or "", data, result)
    choices = list(question.choices)
    if state.asked and calculator.can_skip(state.asked):
        choices.append((say(turn.language, "I do not know"), f'/set_fact{{"fact":"{state.asked}","value":"unknown"}}'))
    if state.earlier:
        choices.append((say(turn.language, "Back"), "/go_back"))
    choices.append((say(turn.language, "Stop"), "/give_up"))
    return [paragraph(question.text), buttons(choices)]


def ask_administration(turn: Turn, calculator: Calculator, state: State) -> Reply:
    state = state.model_copy(update={"asked": ADMINISTRATION})
    names = [name for name, shelf in turn.release.shelves.items() if calculator.rules in shelf.rules]
    text = say(turn.language, "Which country's customs will you pass?")
    blocks = [paragraph(text), administration_buttons(turn, names or None)]
    return Reply("asked_back", blocks, "which_administration", events=waiting(state))


def _tell(turn: Turn, calculator: Calculator, state: State, shelf: Shelf, data: Any, result: Any) -> Reply:
    """The result, what was understood with buttons to change it, and where it comes from."""
    state = state.model_copy(update={"told": True, "asked": None})
    decided, *rest = calculator.tell(turn, shelf, data, result, certain_only=False)
    entry = calculator.entry(shelf, result)
    sources = [block for block in rest if block["type"] == "source"]
    rest = [block for block in rest if block["type"] != "source"]
    blocks = [
        decided,
        *understood(turn, calculator, data, state.administration or ""),
        *rest,
        no_ruling(turn),
        *sources,
    ]
    known = shelf.entry(entry or "")
    asked = state.began or (known.title if known else "")
    return Reply(
        "calculated", blocks, administration=state.administration, entry=known.id if known else None, sources=of_sources(sources),
        events=[*closed(state), *_of_conversation(state), *remember(turn, asked, known)],
    )  # fmt: skip


def understood(turn: Turn, calculator: Calculator, data: Any, administration: str) -> list[Block]:
    """What was understood: a button for each line, to change it."""
    lines = [*calculator.lines(turn, data, administration), *calculator.facts(turn, data, administration)]
    choices = [(text, f'/edit_line{{"line":"{line}"}}') for line, text in lines]
    choices.append((say(turn.language, "Begin a new sum"), "/calculate_again"))
    told = say(turn.language, "I understood: {lines}.", lines="; ".join(text for _, text in lines))
    return [
        *([paragraph(told)] if lines else []),
        buttons(choices, say(turn.language, "Is something not right? Press it, or write it.")),
    ]


def edit(turn: Turn, calculator: Calculator, state: State, data: Any, line: str) -> Reply:
    lines = dict(calculator.lines(turn, data, state.administration or ""))
    shelf = turn.release.shelves.get(state.administration or "")
    if shelf is not None and line in dict(calculator.facts(turn, data, state.administration or "")):
        state = state.model_copy(update={"asked": line, "told": False})
        blocks = question_blocks(turn, calculator, state, shelf, data, None)
        return Reply("asked_back", blocks, "which_fact", administration=state.administration, events=waiting(state))
    if line not in lines:
        return ask(turn, calculator, state)
    state = state.model_copy(update={"asked": EDIT + line, "told": False})
    text = say(turn.language, "What is it instead of this: {line}?", line=lines[line])
    choices = (
        [(say(turn.language, "Take it out"), f'/remove_line{{"line":"{line}"}}')] if calculator.can_remove(line) else []
    )
    choices.append((say(turn.language, "Leave it so"), f'/set_fact{{"fact":"{line}","value":"same"}}'))
    return Reply(
        "asked_back",
        [paragraph(text), buttons(choices)],
        "which_fact",
        administration=state.administration,
        events=waiting(state),
    )


def _of_conversation(state: State) -> list[dict[str, Any]]:
    return [SlotSet("administration", state.administration), SlotSet("pending_question", None)]
