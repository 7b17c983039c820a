"""One message to a sum: begin it, answer what was asked, correct it, ask something else meanwhile, go back, give up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.ask_back import administration_buttons
from actions.context import Turn
from actions.follow_up import is_short, leans_on_last
from actions.leaving import elsewhere
from actions.reply import Reply, say
from actions.searching import search
from actions.show_entry import remember
from actions.sums import words
from actions.sums.calculator import ADMINISTRATION, Calculator, Heard
from actions.sums.calculators import CALCULATORS, of_kind
from actions.sums.invitation import invitations
from actions.sums.state import State, closed, kept, read_state, waiting
from actions.sums.telling import no_ruling, of_sources
from customs.blocks import Block, buttons, paragraph
from knowledge_base.index.release import Shelf
from knowledge_base.places import Named
from knowledge_base.premise import believes

Other = Callable[[Turn, Tracker], Reply]
_EDIT = "edit:"  # what is asked for while a line is being changed
SURELY_NOTHING = 0.97
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
        return Begun(_press_start(turn, calculator, state) if calculator else None)
    goes_on = state is not None and _goes_on(turn, state)
    for calculator in CALCULATORS:
        if not (goes_on and state and state.kind == calculator.kind) and calculator.begins(turn, turn.text, intent):
            return _begin(turn, calculator, state)
    if state is not None and goes_on:
        calculator, named = of_kind(state.kind), turn.places.find(turn.text)
        heard = _heard(turn, calculator, state, named)
        if heard.changed and not is_refused(turn, state.administration):
            return Begun(_after(turn, calculator, _with(state, heard, turn, named, calculator), heard))
    return Begun()


def _begin(turn: Turn, calculator: Calculator, before: State | None) -> Begun:
    """A new sum of what the message tells, unless it asks for the rule rather than for the sum."""
    leans = turn.last_answer.get("about_entry") and leans_on_last(turn.text)
    named = turn.places.find(turn.text)
    # A country that we do not cover, or two at once, are matters of the guidance.
    elsewhere = len(named.destinations) > 1 or (named.uncovered and not named.administration and not _leaves(turn, named))
    if leans or elsewhere or believes(turn.text):
        return Begun()
    state, heard = _new(turn, calculator, turn.text, before, named, None)
    if not heard.changed or not _has_data(turn, calculator, state.administration):
        return Begun()
    if is_refused(turn, state.administration):
        return Begun()
    if _asks_for_rule(turn, calculator, state.administration):
        return Begun(events=[kept(state)])
    return Begun(_after(turn, calculator, state, heard, first=True, extra=_rules_elsewhere(turn, named)))


def is_refused(turn: Turn, administration: str | None) -> bool:
    """Is it surely no matter of customs, or of getting round them, or of somebody in danger? A few words never are."""
    if is_short(turn.text, _FEW_WORDS, _FEW_SIGNS):
        return False
    found = search(turn, turn.text, administration)
    reason = found.verdict.reason
    if found.verdict.kind != "decline" or reason == "no_guidance":
        return False
    # Goods and amounts have been read in it: where the gate knows the language less well, it must be surer that it is about nothing.
    least = SURELY_NOTHING if reason == "out_of_scope" and turn.language != "en" else 0.0
    return found.scope.get(reason or "", 0.0) >= least


def _asks_for_rule(turn: Turn, calculator: Calculator, administration: str | None) -> bool:
    """Does the guidance surely answer it by an entry that the sum does not stand for: "can we split one watch"?"""
    shelf = turn.release.shelves.get(administration or "")
    if shelf is None:
        return False
    verdict = search(turn, turn.text, administration).verdict
    return verdict.kind == "answer" and verdict.entries[0].id not in calculator.entries(shelf)


def _rules_elsewhere(turn: Turn, named: Named) -> list[Block]:
    """That a country which somebody leaves for has rules of its own, which are not covered."""
    left = turn.places.find(turn.text, session=turn.administration) if named.uncovered else named
    return elsewhere(turn, left) if left.exporting else []


def _leaves(turn: Turn, named: Named) -> bool:
    """Is somebody leaving the administration of the conversation for a country that no pack covers?"""
    return turn.places.find(turn.text, session=turn.administration).exporting


def _goes_on(turn: Turn, state: State) -> bool:
    """Does a message outside the form go on with the sum that was told or left: by its words, or because nothing was said since?"""
    leads = any(words.begins_with(name, turn.text) for name in ("instead", "also", "what_if", "remove")) or words.says(
        "remove", turn.text
    )
    return leads or turn.last_answer.get("request_id") == state.request


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
        return _anew(turn, calculator, state.administration)
    if words.says_only("back", turn.text):
        return _ask(turn, calculator, state.gone_back())
    asked = state.asked
    if asked and words.says_only("unknown", turn.text, most=1):
        return _skip(turn, calculator, state, asked)
    named = turn.places.find(turn.text)
    if asked == ADMINISTRATION and named.administration:
        chosen = state.changed(administration=named.administration, asked=None, request=turn.request_id)
        heard = _heard(turn, calculator, chosen, named)
        return _after(turn, calculator, chosen.model_copy(update={"data": _dump(heard.data)}), heard)
    heard = _heard(turn, calculator, state, named)
    if heard.changed and not is_refused(turn, state.administration):
        return _after(turn, calculator, _with(state, heard, turn, named, calculator), heard)
    for another in CALCULATORS:
        if another.kind != calculator.kind and another.begins(turn, turn.text, intent_of(tracker)):
            begun = _begin(turn, another, None)
            if begun.reply:
                return begun.reply
    return _interrupted(turn, tracker, calculator, state, other)


def start_over(turn: Turn, tracker: Tracker) -> Reply | None:
    """ "start over", typed while a sum asks: that sum anew. None when none asks; Rasa gives this intent to its action, form or not."""
    state = read_state(tracker)
    if turn.is_payload or state is None or state.told or state.asked is None:
        return None
    return _anew(turn, of_kind(state.kind), state.administration)


def press(turn: Turn, tracker: Tracker, other: Other) -> Reply:
    """The reply to a button while a sum runs or after it was told."""
    state, intent = read_state(tracker), intent_of(tracker)
    started = next((one for one in CALCULATORS if one.intent == intent), None)
    if started:
        return _press_start(turn, started, state)
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
        return _anew(turn, calculator, state.administration)
    if intent == "go_back":
        return _ask(turn, calculator, state.gone_back())
    if intent == "change_administration" and turn.values.get("administration") in turn.release.shelves:
        state = state.changed(
            administration=turn.values["administration"], asked=None, unknown=(), request=turn.request_id
        )
        return _ask(turn, calculator, state)
    if intent == "set_fact":
        fact, value = turn.values.get("fact", ""), turn.values.get("value", "")
        if value == "unknown":
            return _skip(turn, calculator, state, fact)
        try:
            data = calculator.set_fact(data, fact, value)
        except ValueError:  # a button of another version, or none of ours
            return _ask(turn, calculator, state)
        return _ask(turn, calculator, state.changed(data=_dump(data), asked=None, request=turn.request_id))
    line = turn.values.get("line", "")
    if intent == "confirm_heading":
        try:
            data = calculator.set_fact(data, f"{line}.good", turn.values.get("good", ""))
        except ValueError:
            return _ask(turn, calculator, state)
        return _ask(turn, calculator, state.changed(data=_dump(data), asked=None, request=turn.request_id))
    if intent == "remove_line":
        return _ask(
            turn,
            calculator,
            state.changed(data=_dump(calculator.without_line(data, line)), asked=None, request=turn.request_id),
        )
    if intent == "edit_line":
        return _edit(turn, calculator, state, data, line)
    return _interrupted(turn, tracker, calculator, state, other)


def intent_of(tracker: Tracker) -> str | None:
    """The intent of the message."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name")


def _dump(data: Any) -> dict[str, Any]:
    return data.model_dump(mode="json", exclude_defaults=True)


def _heard(turn: Turn, calculator: Calculator, state: State, named: Named) -> Heard:
    data = calculator.model.model_validate(state.data)
    asked = state.asked.removeprefix(_EDIT) if state.asked else None
    shelf = turn.release.shelves.get(state.administration or "")
    return calculator.read(turn, turn.text, data, asked, named, shelf.administration.currency if shelf else None)


def _with(state: State, heard: Heard, turn: Turn, named: Named, calculator: Calculator) -> State:
    """The state after a message, under another administration where the message goes elsewhere."""
    administration = state.administration
    if named.administration and named.destination and not named.exporting:
        administration = named.administration
    return state.changed(
        administration=administration, data=_dump(heard.data), asked=None, request=turn.request_id, told=False
    )


def _press_start(turn: Turn, calculator: Calculator, before: State | None) -> Reply:
    """A sum begun by its button: with what the last message told, where the guidance answered that; else without goods."""
    wanted = turn.values.get("administration")
    untold = before is not None and not before.told and before.asked is None and before.kind == calculator.kind
    if before is not None and untold and wanted in {None, before.administration}:
        return _ask(turn, calculator, before, first=True)
    return _anew(turn, calculator, wanted if wanted in turn.release.shelves else turn.administration, before)


def _anew(turn: Turn, calculator: Calculator, administration: str | None, before: State | None = None) -> Reply:
    """An empty sum: its first question."""
    state, _ = _new(turn, calculator, "", before, None, administration)
    return _ask(turn, calculator, state)


def _new(
    turn: Turn, calculator: Calculator, text: str, before: State | None, named: Named | None, administration: str | None
) -> tuple[State, Heard]:
    """A new sum of what `text` tells."""
    administration = (named.administration if named else None) or administration or turn.administration
    data = calculator.model()
    if before is not None and before.kind == calculator.kind:
        data = calculator.kept(calculator.model.model_validate(before.data))
    state = State(kind=calculator.kind, administration=administration, data=_dump(data), began=text, request=turn.request_id)
    heard = _heard(turn, calculator, state, named or turn.places.find(text)) if text else Heard(data, False)
    return state.model_copy(update={"data": _dump(heard.data)}), heard


def _has_data(turn: Turn, calculator: Calculator, administration: str | None) -> bool:
    shelf = turn.release.shelves.get(administration or "")
    return shelf is None or calculator.rules in shelf.rules


def _after(
    turn: Turn, calculator: Calculator, state: State, heard: Heard, first: bool = False, extra: Sequence[Block] = ()
) -> Reply:
    """The reply after a message that said something; what could not be placed is told, and `extra` before all."""
    reply = _ask(turn, calculator, state, first)
    reply.blocks[1:1] = extra
    if heard.unclear:
        told = say(
            turn.language, "I could not place this: {words}. It is not in the sum.", words=", ".join(heard.unclear)
        )
        reply.blocks.insert(0, {"type": "notice", "level": "warning", "text": told})
    return reply


def _skip(turn: Turn, calculator: Calculator, state: State, fact: str) -> Reply:
    fact = fact.removeprefix(_EDIT)
    return _ask(turn, calculator, state.changed(unknown=(*state.unknown, fact), asked=None, request=turn.request_id))


def _give_up(turn: Turn, calculator: Calculator) -> Reply:
    text = say(turn.language, "All right, I have stopped. Ask me anything, or begin again whenever you like.")
    return Reply("smalltalk", [paragraph(text)], events=closed(None))


def _ask(turn: Turn, calculator: Calculator, state: State, first: bool = False) -> Reply:
    """Ask for the first fact that is missing, or tell the result."""
    state = state.model_copy(update={"request": turn.request_id})
    shelf = turn.release.shelves.get(state.administration or "")
    if shelf is None:
        return _ask_administration(turn, calculator, state)
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
    missing = [fact for fact in calculator.missing(data, result) if fact not in state.unknown]
    if missing:
        return _ask_fact(turn, calculator, state, shelf, data, result, missing[0], first)
    return _tell(turn, calculator, state, shelf, data, result)


def _ask_fact(
    turn: Turn, calculator: Calculator, state: State, shelf: Shelf, data: Any, result: Any, fact: str, first: bool
) -> Reply:
    told = calculator.tell(turn, shelf, data, result, certain_only=True) if first else []
    state = state.model_copy(update={"asked": fact, "told": False})
    blocks = [*told, *_question_blocks(turn, calculator, state, shelf, data, result)]
    sources = of_sources(told)
    events = [*waiting(state), *_of_conversation(state)]
    known = shelf.entry(calculator.entry(shelf, result) or "") if first else None
    if known:
        events += remember(turn, state.began or known.title, known)  # what "how do I declare it?" meanwhile is about
    return Reply(
        "asked_back", blocks, "which_fact", administration=state.administration, entry=known.id if known and told else None,
        sources=sources, events=events,
    )  # fmt: skip


def _question_blocks(
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


def _ask_administration(turn: Turn, calculator: Calculator, state: State) -> Reply:
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


def _edit(turn: Turn, calculator: Calculator, state: State, data: Any, line: str) -> Reply:
    lines = dict(calculator.lines(turn, data, state.administration or ""))
    shelf = turn.release.shelves.get(state.administration or "")
    if shelf is not None and line in dict(calculator.facts(turn, data, state.administration or "")):
        state = state.model_copy(update={"asked": line, "told": False})
        blocks = _question_blocks(turn, calculator, state, shelf, data, None)
        return Reply("asked_back", blocks, "which_fact", administration=state.administration, events=waiting(state))
    if line not in lines:
        return _ask(turn, calculator, state)
    state = state.model_copy(update={"asked": _EDIT + line, "told": False})
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
        again = _ask_administration(turn, calculator, state).blocks
    elif state.asked and state.asked.startswith(_EDIT):
        again = _edit(
            turn, calculator, state, calculator.model.model_validate(state.data), state.asked.removeprefix(_EDIT)
        ).blocks
    else:
        data = calculator.model.model_validate(state.data)
        again = _question_blocks(turn, calculator, state, shelf, data, calculator.check(turn, shelf, data))
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
