"""An entry as a reply: the answer in the asker's language where there is one, its sources, and what is related."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.coming import coming_changes
from actions.context import Turn
from actions.offices import office_cards
from actions.openings import open_answer
from actions.reply import Reply, say
from actions.sums.invitation import invitations
from actions.switched_off import being_corrected, off_for
from customs.blocks import Block, buttons, notice
from knowledge_base.answer_text import figures_in, fill, to_blocks
from knowledge_base.index.release import Shelf
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


def remember(turn: Turn, asked: str, entry: Entry | None = None) -> list[dict]:
    """The slots that follow-ups and feedback need: what was asked last and what was answered.

    `about_entry` and `about_question` are the last answer's also after a question that got none: people go on from it.
    """
    kept = {
        "entry": entry.id if entry else None,
        "question": asked,
        "about_entry": entry.id if entry else turn.last_answer.get("about_entry"),
        "about_question": asked if entry else turn.last_answer.get("about_question"),
        "release": turn.release.id,
        "request_id": turn.request_id,
    }
    return [SlotSet("last_answer", kept)]


def show_entry(
    entry: Entry, turn: Turn, asked: str, extra: list[Block] | None = None, said: str | None = None
) -> Reply:
    """The reply that gives `entry`; `asked` is the question it answers, kept for follow-ups, `extra` blocks go before the answer.

    `said` is what the asker wrote where that is not `asked`: "and 40?", whose amount is compared with the answer's figures.

    An entry that is switched off is declined. Raises LookupError when a figure of it has no value on the day of the turn.
    """
    if off_for(turn, entry.id):
        events = [
            *remember(turn, asked),
            SlotSet("administration", entry.administration),
            SlotSet("pending_question", None),
        ]
        return being_corrected(turn, entry.administration, entry, events)
    shelf = turn.release.shelves[entry.administration]
    translation = entry.translations.get(turn.language)
    language = turn.language if translation else "en"
    text = translation.answer if translation else entry.answer
    opening = open_answer(entry, shelf, turn, said or asked, asked if said else "", text, language)
    blocks: list[Block] = [*opening.blocks, *(extra or [])]
    if language != turn.language:
        blocks.append(notice(say(turn.language, "There is no translation of this answer yet; here it is in English.")))
    blocks += to_blocks(fill(opening.text, shelf.figures, turn.day, language))
    blocks += coming_changes(entry, shelf, turn, text)
    blocks += _cautions(shelf, entry, turn, text)
    sources = [source_block(shelf.sources[source]) for source in entry.sources]
    blocks += sources
    related = [other for name in entry.related if (other := shelf.entry(name)) and other.effective.holds_on(turn.day)]
    if related:
        choices = [
            (title_of(other, turn.language), f'/choose_entry{{"entry":"{other.id}"}}')
            for other in related[:MAX_RELATED]
        ]
        blocks.append(buttons(choices, say(turn.language, "Related questions")))
    blocks += invitations(shelf, turn.language, shelf.topics[entry.id])
    return Reply(
        "answered",
        blocks,
        administration=entry.administration,
        entry=entry.id,
        language=language,
        sources=[{key: value for key, value in source.items() if key != "type"} for source in sources],
        events=[
            *remember(turn, asked, entry),
            SlotSet("last_entry", entry.id),
            SlotSet("last_topic", shelf.topics.get(entry.id)),
            SlotSet("administration", entry.administration),
            SlotSet("pending_question", None),
            *([SlotSet("audience", entry.audience)] if entry.audience != "both" else []),
        ],
    )


def _cautions(shelf: Shelf, entry: Entry, turn: Turn, text: str) -> list[Block]:
    """What the asker must know about how sure the answer is."""
    figures = [shelf.figures[figure] for figure in sorted(figures_in(text)) if figure in shelf.figures]
    found: list[Block] = []
    if any(figure.status == "conflicting" for figure in figures):
        caution = say(
            turn.language,
            "Official pages differ on a figure in this answer. We give the safer one; ask before you rely on more.",
        )
        found.append(notice(caution, "warning"))
    if any(figure.value_on(turn.day) is None for figure in figures):
        cards = office_cards(shelf, turn.language, turn.audience, entry, most=1)
        caution = (
            say(turn.language, "One figure in this answer is not known to us. This office can tell you:")
            if cards
            else say(turn.language, "One figure in this answer is not known to us. Ask before you rely on it.")
        )
        found += [notice(caution, "warning"), *cards]
    return found
