"""Replies that ask: which country, which of two questions; and the lists of choices that several actions show."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import SlotSet

from actions.context import Turn
from actions.reply import Reply, say
from actions.show_entry import title_of
from customs.blocks import Block, buttons, paragraph
from knowledge_base.index.release import Release
from knowledge_base.model import Entry


def administration_buttons(release: Release, names: Iterable[str], language: str) -> Block:
    """A button for each administration."""
    return buttons(
        [
            (
                release.shelves[name].administration.name_in(language),
                f'/change_administration{{"administration":"{name}"}}',
            )
            for name in names
        ]
    )


def ask_administration(release: Release, turn: Turn, pending: str, names: Iterable[str] | None = None) -> Reply:
    """Ask which country; `pending` is answered once it is known."""
    text = say(turn.language, "The rules differ from country to country. Which one are you asking about?")
    blocks = [paragraph(text), administration_buttons(release, names or release.shelves, turn.language)]
    return Reply("asked_back", blocks, "which_administration", events=[SlotSet("pending_question", pending)])


def ask_entry(entries: Iterable[Entry], turn: Turn, asked: str, extra: list[Block] | None = None) -> Reply:
    """Ask which of two questions is meant."""
    entries = list(entries)
    choices = [(title_of(entry, turn.language), f'/choose_entry{{"entry":"{entry.id}"}}') for entry in entries]
    blocks = [*(extra or []), paragraph(say(turn.language, "Which of these do you mean?")), buttons(choices)]
    return Reply(
        "asked_back",
        blocks,
        "which_entry",
        administration=entries[0].administration,
        events=[SlotSet("pending_question", asked), SlotSet("administration", entries[0].administration)],
    )


def suggestions(release: Release, administration: str | None, language: str, most: int = 4) -> list[Block]:
    """Questions to begin with: the most asked of the administration, one a topic."""
    if administration not in release.shelves:
        return []
    shelf = release.shelves[administration]
    by_topic: dict[str, Entry] = {}
    for entry in sorted(shelf.entries, key=lambda entry: not entry.most_asked):
        if entry.audience != "trader":
            by_topic.setdefault(shelf.topics[entry.id], entry)
    chosen = [entry for entry in by_topic.values() if entry.most_asked][:most]
    if not chosen:
        return []
    items = [(title_of(entry, language), f'/choose_entry{{"entry":"{entry.id}"}}') for entry in chosen]
    return [buttons(items, say(language, "People often ask"))]
