"""A short message read with the answer before it: "and cigars?", "what if i have more", "what about 40?".

A message that stands alone is never bent: only one that leans on the last answer by its words comes here, and what it asks for is
decided by searching for it alone, with the topic of the last answer, and with the last question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.context import Turn
from actions.follow_up import apart, asks_about_answer, is_short, leans_on_last, left_over, names_code, refers_back
from actions.last_answer import tell_about
from actions.reply import Reply
from actions.show_entry import show_entry
from knowledge_base.answer_text import figures_in
from knowledge_base.dates import find_day
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.model import Entry
from knowledge_base.parts import asked_of_other_goods, split
from knowledge_base.premise import Span, belief_words, believes, compare, limit_words, without_yes
from knowledge_base.quantities import find_kinds, find_quantities, is_within, wider_kind
from knowledge_base.search import ANSWER_AT, MOST_CHOICES, Found, Verdict

Search = Callable[[str], Found]
# What three searches together must say for an entry: to be shown, by which lead, and to be offered. Chosen on our own dialogues.
SHOWN_AT, OFFERED_AT = 0.85, 0.35
# Other goods are searched for without the topic of the last answer.
SHOWN_OTHER_AT, OFFERED_OTHER_AT = 0.4, 0.2
LEAD = 0.2
LAST_SHARE = 0.5
# After "how much wine", "and cigarettes?" asks for the allowance rather than for what happens beyond it.
SAME_ASPECT = 0.15
TOPIC_ALONE_AT = 0.4
# The gate says nothing for certain about two words; so sure of another subject, it is believed.
SURELY_OUTSIDE = 0.85
DANGER_AT = 0.6

# The day that a follow-up before this one asked for.
_DAY_BEFORE = re.compile(r"\s*\([^()]*\)$")


def last_entry(turn: Turn, administration: str | None) -> Entry | None:
    """The entry that was answered last, when it is of `administration`."""
    entry = turn.release.entry(turn.last_answer.get("about_entry") or "")
    return entry if entry and entry.administration == administration and entry.effective.holds_on(turn.day) else None


def last_question(turn: Turn, last: Entry) -> str:
    """What `last` was the answer to."""
    return turn.last_answer.get("about_question") or last.title


def answer_from_last(turn: Turn, text: str, last: Entry, search: Search) -> Reply | None:
    """The reply that the last answer itself gives: to a question about it, to another amount, to goods that it speaks of."""
    question = last_question(turn, last)
    if (about := asks_about_answer(text)) and not _is_no_matter_of_rules(search(text)):
        return tell_about(last, turn, about, question, search)
    if not _only_amount_or_goods(text, turn.language) or names_code(text):
        return None
    # "7501" is the number of a form where an entry answers to it.
    if text.strip().isdigit() and search(text).verdict.kind == "answer":
        return None
    kinds = {kind for kind, _, _ in find_kinds(text)}
    if find_quantities(text, turn.language):
        return _compared(turn, text, last, question)
    return (
        show_entry(last, turn, question, said=text) if leans_on_last(text) and kinds <= _kinds_of(last, turn) else None
    )


def _is_no_matter_of_rules(found: Found) -> bool:
    """Is somebody in danger, or up to something? Then no answer of before is gone on with."""
    return any(found.scope.get(label, 0.0) >= DANGER_AT for label in (EMERGENCY, "unlawful"))


def of_other_goods(turn: Turn, text: str, last: Entry) -> str | None:
    """The last question asked of the goods that "and cigars?" names; None when the text says anything else."""
    if not leans_on_last(text) or not _only_amount_or_goods(text, turn.language):
        return None
    whole = asked_of_other_goods(last_question(turn, last), text)
    return None if whole is None or turn.places.find(whole).exporting else whole


def _only_amount_or_goods(text: str, language: str) -> bool:
    """ "what about 40?", "it's 90 litres right?", "and beer?": an amount or goods, and nothing else that says something."""
    goods = [Span(start, end) for _, start, end in find_kinds(text)]
    found = [*find_quantities(text, language), *goods]
    beliefs = belief_words(text) if believes(text) else []
    return bool(found) and not left_over(text, apart([*found, *beliefs]))


def _compared(turn: Turn, text: str, last: Entry, question: str) -> Reply | None:
    """The entry whose figure the amount in `text` is about: the last one, or one beside it; the last one for an amount of none.

    None when the text names goods that neither speaks of.
    """
    shelf = turn.release.shelves[last.administration]
    topic = shelf.topics[last.id]
    beside = [entry for name in last.related if (entry := shelf.entry(name))]
    beside += [entry for entry in shelf.entries if shelf.topics[entry.id] == topic]
    kinds = {kind for kind, _, _ in find_kinds(text)}
    for entry in [last, *beside]:
        known = _kinds_of(entry, turn)
        if not entry.effective.holds_on(turn.day) or not all(
            kind in known or wider_kind(kind) in known for kind in kinds
        ):
            continue
        if compare(text, entry.answer, shelf.figures, turn.day, turn.language, question):
            return show_entry(entry, turn, question, said=text)
    return None if kinds - _kinds_of(last, turn) else show_entry(last, turn, question, said=text)


def _kinds_of(entry: Entry, turn: Turn) -> set[str]:
    """The goods that the figures of an entry are about."""
    figures = turn.release.shelves[entry.administration].figures
    labels = " ".join(f"{figures[name].label}." for name in figures_in(entry.answer) if name in figures)
    return {kind for kind, _, _ in find_kinds(f"{entry.title}. {labels}")}


@dataclass
class _Evidence:
    """What the searches say for one entry: probabilities alone, with the topic, with the last question; and in how many it comes first."""

    entry: Entry
    alone: float = 0.0
    topic: float = 0.0
    question: float = 0.0
    firsts: int = 0

    def total(self, last: Entry, other_goods: bool) -> float:
        # The search with the last question finds the last answer anyway, and other goods are not what that is about.
        share = (0.0 if other_goods else LAST_SHARE) if self.entry.id == last.id else 1.0
        same_aspect = other_goods and self.entry.id.split(".")[-1] == last.id.split(".")[-1]
        return self.alone + self.topic + share * self.question + SAME_ASPECT * same_aspect


def verdict_in_context(turn: Turn, text: str, last: Entry, alone: Found, search: Search) -> Verdict | None:
    """What a short `text` asks for after `last`; `alone` is what was found for it by itself. None: it is not understood so."""
    leaning = leans_on_last(text)
    surely_outside = alone.scope.get(alone.verdict.reason or "", 0.0) >= SURELY_OUTSIDE
    # "my friend collapsed", "C88": no answer of before is gone on with, however short they are.
    if _is_no_matter_of_rules(alone) or names_code(text):
        return None
    question = last_question(turn, last)
    other_goods = bool(find_kinds(text)) and not _shares_goods(text, f"{question} {last.title}")
    if not is_short(text) or (other_goods and alone.verdict.kind == "answer"):
        return None  # it stands alone
    shelf = turn.release.shelves[last.administration]
    topic = shelf.topics[last.id]
    with_topic = None if other_goods else search(f"{text} {topic}")
    found = _gather(last, alone, with_topic, search(f"{question}. {text}"))
    likely = {candidate.entry.id for candidate in alone.candidates if candidate.probability >= ANSWER_AT}
    near = [
        item
        for name, item in found.items()
        if (item.alone if other_goods else shelf.topics.get(name) == topic or name in last.related or name in likely)
    ]
    near.sort(key=lambda item: -item.total(last, other_goods))
    if not near:
        return None
    best, total = near[0], near[0].total(last, other_goods)
    # A message that shows no sign of going on is read so only when the gate leaves it open and the topic makes much of it: the topic
    # alone always leads back to the last answer.
    signs = leaning or (refers_back(text) and not surely_outside)
    if not signs and (surely_outside or best.entry.id == last.id):
        return None
    shown_at, offered_at = (SHOWN_OTHER_AT, OFFERED_OTHER_AT) if other_goods else (SHOWN_AT, OFFERED_AT)
    if total < offered_at or (not signs and best.topic < TOPIC_ALONE_AT):
        return None
    lead = total - (near[1].total(last, other_goods) if len(near) > 1 else 0.0)
    offered = [item.entry for item in near if item.total(last, other_goods) >= total / 3][:MOST_CHOICES]
    if (lead >= LEAD and total >= shown_at and best.firsts > 1) or offered == [last]:
        return Verdict("answer", entries=(best.entry,))
    return Verdict("ask_back", "which_entry", tuple(offered))


def verdict_after_ask_back(alone: Found, joined: Found) -> Verdict | None:
    """What a message may ask that goes on with a question which was asked back; `joined` is what is found for both together.

    It is asked back again: nothing was answered yet, so nothing tells which of the two the entries are for.
    """
    surely_outside = alone.scope.get(alone.verdict.reason or "", 0.0) >= SURELY_OUTSIDE
    if surely_outside or _is_no_matter_of_rules(alone) or joined.verdict.kind not in {"answer", "ask_back"}:
        return None
    return Verdict("ask_back", "which_entry", tuple(found.entry for found in joined.candidates[:MOST_CHOICES]))


def _gather(last: Entry, alone: Found, with_topic: Found | None, with_question: Found) -> dict[str, _Evidence]:
    """The evidence for every entry that one of the searches found."""
    found: dict[str, _Evidence] = {}
    for part, result in (("alone", alone), ("topic", with_topic), ("question", with_question)):
        first = True
        for candidate in result.candidates if result else ():
            item = found.setdefault(candidate.entry.id, _Evidence(candidate.entry))
            setattr(item, part, candidate.probability)
            if part == "question" and item.entry.id == last.id:
                continue  # it comes first there whatever is asked
            item.firsts += first
            first = False
    return found


def _shares_goods(text: str, before: str) -> bool:
    return any(
        is_within(kind, other) or is_within(other, kind)
        for kind, _, _ in find_kinds(text)
        for other, _, _ in find_kinds(before)
    )


def without_day_asked(question: str) -> str:
    """`question` without the other day that a follow-up asked for: it is no part of what is searched for."""
    return _DAY_BEFORE.sub("", question)


def asked_for_another_day(turn: Turn, text: str, question: str, places: list) -> str | None:
    """ "and in march?": the last `question` with that day instead of its own; None when the text says more or names no day."""
    day = find_day(text, turn.today)
    if day is None or left_over(text, apart([day, *places])):
        return None
    question = without_day_asked(question)
    earlier = find_day(question, turn.today)
    kept = f"{question[: earlier.start]} {question[earlier.end :]}" if earlier else question
    return f"{' '.join(kept.split())} ({text})"


def read_words() -> None:
    """Read the word lists that a first question would else wait for: amounts, days, parts, follow-ups, premises."""
    text = "and if i bring 2 litres of wine and 200 cigarettes in march, right?"
    split(text)
    find_day(text, date.today())
    leans_on_last(text)
    refers_back(text)
    asks_about_answer("why")
    left_over(text, apart([*find_quantities(text), *belief_words(text), *limit_words(text)]), small_talk=True)
    believes(text)
    without_yes(text, "en")
