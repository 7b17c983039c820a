"""An entry as a reply: the answer in the asker's language where there is one, its sources, and what is related."""

from __future__ import annotations

from actions.context import Turn
from actions.reply import Reply, say
from customs.blocks import Block, buttons, notice
from knowledge_base.answer_text import figures_in, fill, to_blocks
from knowledge_base.index.release import Release, Shelf
from knowledge_base.model import Entry, Source

MAX_RELATED = 3


def title_of(entry: Entry, language: str) -> str:
    """The entry's title in `language`, else in English."""
    translation = entry.translations.get(language)
    return translation.title if translation else entry.title


def source_block(source: Source) -> Block:
    """A source with the day on which it was read."""
    block = {
        "type": "source", "title": source.title, "url": source.url, "publisher": source.publisher,
        "checked": source.checked.isoformat(),
    }  # fmt: skip
    return block | ({"as_of": source.as_of} if source.as_of != "undated" else {})


def show_entry(release: Release, entry: Entry, turn: Turn, asked: str, extra: list[Block] | None = None) -> Reply:
    """The reply that gives `entry`; `asked` is the question it answers, kept for follow-ups, `extra` blocks go first."""
    shelf = release.shelves[entry.administration]
    translation = entry.translations.get(turn.language)
    language = turn.language if translation else "en"
    text = translation.answer if translation else entry.answer
    blocks: list[Block] = list(extra or [])
    if language != turn.language:
        blocks.append(notice(say(turn.language, "There is no translation of this answer yet; here it is in English.")))
    blocks += to_blocks(fill(text, shelf.figures, turn.day, language))
    blocks += _cautions(shelf, entry, turn)
    sources = [shelf.sources[source] for source in entry.sources]
    blocks += [source_block(source) for source in sources]
    related = [found for related in entry.related if (found := shelf.entry(related))][:MAX_RELATED]
    if related:
        blocks.append(
            buttons(
                [(title_of(other, turn.language), f'/choose_entry{{"entry":"{other.id}"}}') for other in related],
                say(turn.language, "Related questions"),
            )
        )
    kept = {"entry": entry.id, "question": asked, "release": release.id, "request_id": turn.request_id}
    return Reply(
        "answered",
        blocks,
        administration=entry.administration,
        entry=entry.id,
        language=language,
        sources=[{key: value for key, value in source_block(source).items() if key != "type"} for source in sources],
        events=[
            {"event": "slot", "name": "last_answer", "value": kept, "timestamp": None},
            {"event": "slot", "name": "last_entry", "value": entry.id, "timestamp": None},
            {"event": "slot", "name": "last_topic", "value": shelf.topics.get(entry.id), "timestamp": None},
            {"event": "slot", "name": "administration", "value": entry.administration, "timestamp": None},
            {"event": "slot", "name": "pending_question", "value": None, "timestamp": None},
        ],
    )


def _cautions(shelf: Shelf, entry: Entry, turn: Turn) -> list[Block]:
    """What the asker must know about how sure the answer is."""
    figures = [shelf.figures[figure] for figure in figures_in(entry.answer) if figure in shelf.figures]
    found = []
    if any(figure.value_on(turn.day) is None for figure in figures):
        found.append(
            notice(say(turn.language, "One figure in this answer is not known to us; ask the office below."), "warning")
        )
    if any(figure.status == "conflicting" for figure in figures):
        found.append(
            notice(
                say(
                    turn.language,
                    "Official pages differ on a figure in this answer. We give the safer one; ask before you rely on more.",
                ),
                "warning",
            )
        )
    return found
