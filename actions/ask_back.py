"""Replies that ask: which country, which of two questions; and the lists of choices that several actions show."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import SlotSet

from actions.context import Turn
from actions.offices import name_of
from actions.reply import Reply, say
from actions.show_entry import title_of
from customs.blocks import Block, buttons, paragraph
from knowledge_base.model import Entry

# What most people ask first; other topics follow in the order of the pack.
_FIRST_TOPICS = ("alcohol", "tobacco", "cash", "goods", "medicines", "food", "gold", "parcels", "pets")


def administration_buttons(turn: Turn, names: Iterable[str] | None = None, label: str | None = None) -> Block:
    """A button for each administration of `names`, else of the release."""
    shelves = turn.release.shelves
    choices = [
        (name_of(shelves[name], turn.language), f'/change_administration{{"administration":"{name}"}}')
        for name in (names or shelves)
    ]
    return buttons(choices, label)


def entry_buttons(entries: Iterable[Entry], language: str, label: str | None = None) -> Block:
    """A button for each entry, in the language of the asker where its title is translated."""
    return buttons([(title_of(entry, language), f'/choose_entry{{"entry":"{entry.id}"}}') for entry in entries], label)


def ask_administration(turn: Turn, pending: str | None, names: Iterable[str] | None = None) -> Reply:
    """Ask which country; `pending` is answered once it is known. A single one in `names` is no choice: then all are offered."""
    names = list(names or ())
    text = say(turn.language, "The rules differ from country to country. Which one are you asking about?")
    blocks = [paragraph(text), administration_buttons(turn, names if len(names) > 1 else None)]
    return Reply("asked_back", blocks, "which_administration", events=[SlotSet("pending_question", pending)])


def ask_entry(entries: Iterable[Entry], turn: Turn, asked: str, extra: list[Block] | None = None) -> Reply:
    """Ask which of some questions is meant, or whether the only one is."""
    entries = list(entries)
    text = (
        say(turn.language, "Which of these do you mean?")
        if len(entries) > 1
        else say(turn.language, "Do you mean this?")
    )
    blocks = [
        *(extra or []),
        paragraph(text),
        entry_buttons(entries, turn.language),
    ]
    return Reply(
        "asked_back",
        blocks,
        "which_entry",
        administration=entries[0].administration,
        events=[SlotSet("pending_question", asked), SlotSet("administration", entries[0].administration)],
    )


def suggestions(turn: Turn, most: int = 4) -> list[Block]:
    """Questions to begin with: the most asked of the turn's administration, one a topic; none without an administration."""
    shelf = turn.release.shelves.get(turn.administration or "")
    if shelf is None:
        return []
    by_topic: dict[str, Entry] = {}
    for entry in shelf.entries:
        if entry.most_asked and entry.audience != "trader" and entry.effective.holds_on(turn.day):
            known = by_topic.setdefault(shelf.topics[entry.id], entry)
            # Within a topic, what the reader can read in the own language comes first.
            if turn.language in entry.translations and turn.language not in known.translations:
                by_topic[shelf.topics[entry.id]] = entry
    order = {topic: number for number, topic in enumerate(_FIRST_TOPICS)}
    topics = sorted(by_topic, key=lambda topic: order.get(topic, len(order)))
    chosen = [by_topic[topic] for topic in topics[:most]]
    return [entry_buttons(chosen, turn.language, say(turn.language, "People often ask"))] if chosen else []


def where_to_begin(turn: Turn) -> list[Block]:
    """Questions of the administration, or the choice of one."""
    return suggestions(turn) or [administration_buttons(turn)]


def welcome(turn: Turn) -> Reply:
    """A greeting that says what can be asked, and where to begin."""
    text = say(
        turn.language,
        "Hello. I answer customs questions: what you may bring, what to declare, what it costs, which papers it takes.",
    )
    return Reply("smalltalk", [paragraph(text), *where_to_begin(turn)])
