"""Several questions in one message, answered in parts of one reply; what is not answered is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.ask_back import ask_administration, entry_buttons
from actions.context import Turn
from actions.decline import reason_in_words
from actions.follow_up import leans_on_last, left_over, refers_back, stands_for_something
from actions.in_context import without_day_asked
from actions.offices import name_of, office_cards
from actions.reply import Reply, say
from actions.searching import search
from actions.show_entry import remember, show_entry, title_of
from customs.blocks import Block, notice, paragraph
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.model import Entry
from knowledge_base.parts import Part, asked_of_other_goods, asks, openers, split
from knowledge_base.premise import Span
from knowledge_base.quantities import find_kinds
from knowledge_base.search import Found

# A clause without an answer is a question of its own only when the gate is so sure what it is instead; else it is a part of the story.
_SURELY = 0.8
# "do i declare gold and cash": where one entry answers the whole so surely, it is one question.
_WHOLE_AT = 0.7
_FEWEST_WORDS = 2
_REFUSED = frozenset({"unlawful", "abuse", EMERGENCY})


def answer_parts(turn: Turn, text: str, administration: str | None, extra: list[Block]) -> Reply | None:
    """One reply to the several questions of `text`; None when it is one question only."""
    parts = _own_questions(split(without_day_asked(text)))
    # "where and how much" asks twice of one thing.
    if len(parts) < 2 or not all(_content(part) for part in parts):
        return None
    found = [search(turn.on_day_of(part.text, administration), part.text, administration) for part in parts]
    if administration is None:
        several = sum(result.verdict.kind == "ask_administration" for result in found) > 1
        return ask_administration(turn, text) if several else None
    if not _are_several(turn, text, administration, parts, found):
        return None
    answered: dict[str, tuple[Entry, str]] = {}
    open_parts: list[tuple[str, Found]] = []
    for part, result in zip(parts, found):
        if result.verdict.kind == "answer":
            answered.setdefault(result.verdict.entries[0].id, (result.verdict.entries[0], part.text))
        else:
            open_parts.append((part.text, result))
    replies: list[tuple[Entry, Reply]] = []
    corrected: list[tuple[Entry, Reply]] = []
    for entry, asked in answered.values():
        try:
            reply = show_entry(entry, turn.on_day_of(asked, administration), asked)
            (replies if reply.outcome == "answered" else corrected).append((entry, reply))
        except LookupError:  # a figure without a value on the day that is asked about
            open_parts += [(asked, result) for part, result in zip(parts, found) if part.text == asked]
    if not replies:
        return corrected[0][1] if corrected else None
    blocks = list(extra)
    for entry, reply in [*replies, *corrected]:
        blocks += [{"type": "card", "title": title_of(entry, turn.language)}, *_without_buttons(reply.blocks)]
    for asked, result in open_parts:
        blocks += _not_answered(turn, asked, result, administration)
    return _together(turn, text, [reply for _, reply in replies], blocks)


def _content(part: Part) -> int:
    """How many words of a part say what it is about."""
    return len(left_over(part.text, openers(part.text), small_talk=True))


def _own_questions(parts: list[Part]) -> list[Part]:
    """`parts`, with what only goes on with the one before ("is that ok?") joined to it."""
    kept: list[Part] = []
    for part in parts:
        if kept and part.how == "sentence" and refers_back(part.text) and not _names_other_goods(part.text):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {part.text}")
        elif kept and _names_other_goods(part.text) and _only_names_goods(part.text):
            kept.append(replace(part, text=asked_of_other_goods(kept[-1].text, part.text) or part.text))
        else:
            kept.append(part)
    return kept


def _names_other_goods(text: str) -> bool:
    """ "and honey?", "水果呢": it goes on as a follow-up does, and with something new."""
    return leans_on_last(text) and bool(find_kinds(text)) and not stands_for_something(text)


def _only_names_goods(text: str) -> bool:
    return not left_over(text, [Span(start, end) for _, start, end in find_kinds(text)])


def _are_several(turn: Turn, text: str, administration: str, parts: list[Part], found: list[Found]) -> bool:
    """Does the search hold the parts for questions of their own?"""
    entries = {result.verdict.entries[0].id for result in found if result.verdict.kind == "answer"}
    others = [result for result in found if result.verdict.kind != "answer"]
    if not entries or any(result.verdict.reason in _REFUSED for result in others):
        return False
    topics = turn.release.shelves[administration].topics
    answered = {topics.get(name) for name in entries}
    for part, result in zip(parts, found):
        # What may be another subject is a question of its own, though it is not sure which.
        own = result.verdict.kind == "ask_back" and topics.get(result.verdict.entries[0].id) not in answered
        if result.verdict.kind != "answer" and not own and _is_story(part, result):
            return False
    if len(entries) < 2:
        return bool(others)
    whole = search(turn, text, administration)
    top = whole.candidates[0] if whole.candidates else None
    alone = parts[0].how == "sentence"
    return alone or top is None or top.entry.id in entries or top.probability < _WHOLE_AT


def _is_story(part: Part, result: Found) -> bool:
    """Is a part without an answer no question of its own, but what the others tell about?"""
    if part.how == "goods" or (part.how == "clause" and _content(part) < _FEWEST_WORDS):
        return True
    reason = result.verdict.reason
    surely = result.verdict.kind == "decline" and result.scope.get(reason or "", 0.0) >= _SURELY
    return not asks(part.text) or (part.how == "clause" and not surely)


def _not_answered(turn: Turn, asked: str, result: Found, administration: str) -> list[Block]:
    """That there is no answer to a part, why, and what or who may help."""
    blocks: list[Block] = [notice(say(turn.language, "I have no answer to: {question}", question=asked), "warning")]
    verdict = result.verdict
    if verdict.kind == "ask_back":
        return [*blocks, entry_buttons(verdict.entries, turn.language, say(turn.language, "Perhaps you meant"))]
    reason = verdict.reason or "no_guidance"
    blocks.append(paragraph(reason_in_words(reason, turn.language)))
    if reason in {"no_guidance", "personal_case"}:
        shelf = turn.release.shelves[administration]
        near = result.candidates[0].entry if result.candidates else None
        blocks += office_cards(shelf, turn.language, turn.audience, near, most=1)
    return blocks


def answer_for_each(turn: Turn, text: str, administrations: Iterable[str], extra: list[Block]) -> Reply | None:
    """One reply with the answer of each of several administrations, headed by its name; None when none of them answers."""
    administrations = tuple(administrations)
    replies: list[tuple[str, Reply]] = []
    corrected: list[tuple[str, Reply]] = []
    silent: list[str] = []
    for administration in administrations:
        dated = turn.on_day_of(text, administration)
        verdict = search(dated, _without_others(turn, text, administration, administrations), administration).verdict
        try:
            if verdict.kind == "answer":
                reply = show_entry(verdict.entries[0], dated, text)
                (replies if reply.outcome == "answered" else corrected).append((administration, reply))
                continue
        except LookupError:
            pass
        silent.append(administration)
    if not replies:
        return corrected[0][1] if corrected else None
    shelves = turn.release.shelves
    blocks = list(extra)
    for administration, reply in [*replies, *corrected]:
        blocks += [
            {"type": "card", "title": name_of(shelves[administration], turn.language)},
            *_without_buttons(reply.blocks),
        ]
    for administration in silent:
        name = name_of(shelves[administration], turn.language)
        blocks.append(
            notice(
                say(turn.language, "For {country} I have no sure answer; ask about it alone.", country=name), "warning"
            )
        )
    return _together(turn, text, [reply for _, reply in replies], blocks)


def _without_others(turn: Turn, text: str, administration: str, administrations: Iterable[str]) -> str:
    """`text` without the other places that are asked about: "from dubai" is another question in London."""
    for other in administrations:
        if other != administration:
            text = turn.places.without(text, other)
    return text


def _without_buttons(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block["type"] != "buttons"]


def _together(turn: Turn, text: str, replies: list[Reply], blocks: list[Block]) -> Reply:
    """One reply of several: the first one's entry and administration, everyone's entries and sources."""
    first = replies[0]
    sources = {source["url"]: source for reply in replies for source in reply.sources}
    entry = turn.release.entry(first.entry or "")
    events = [event for event in first.events if event.get("name") != "last_answer"]
    return Reply(
        "answered",
        blocks,
        administration=first.administration,
        entry=first.entry,
        entries=[reply.entry for reply in replies if reply.entry],
        # An answer without a translation says so itself; the frame is in the asker's language.
        language=first.language if len({reply.language for reply in replies}) == 1 else turn.language,
        sources=list(sources.values()),
        events=[*events, *remember(turn, text, entry)],
    )
