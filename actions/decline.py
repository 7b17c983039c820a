"""Saying no honestly: why there is no answer, who may have one, and what could be asked instead."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.ask_back import administration_buttons, entry_buttons, suggestions
from actions.context import Turn
from actions.emergency import emergency
from actions.offices import office_cards
from actions.reply import Reply, say
from actions.show_entry import remember
from customs.blocks import Block, paragraph
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.names import country_name
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT, Found

# Reasons of declining, in the words that the asker reads.
_WORDS = {
    "out_of_scope": "I can only help with customs: what you may bring or send, what to declare, what it costs and which papers it takes.",
    "no_guidance": "I have no checked guidance that answers this, and I would rather not guess.",
    "personal_case": "I cannot see individual parcels, declarations or files. The carrier that has the goods can, or the customs office.",
    "unlawful": "I cannot help with getting round customs. Declaring is always possible: use the red channel, or ask customs before you travel.",
    "abuse": "I am here to help with customs questions. What would you like to know?",
}
# Declines that hold wherever the goods go: a joke about Japan is no question about Japan's customs.
ANYWHERE = frozenset({"out_of_scope", "unlawful", "abuse", EMERGENCY})
# In doubt it is a question about customs: only a sure joke is no question about the other country.
SURELY = 0.8
# For these an office helps; the others are no matter for one.
_WITH_OFFICE = frozenset({"no_guidance", "personal_case", "unlawful"})
# Less sure than this, a neighbouring question is not worth a button.
_NEAR_AT = ASK_BACK_AT / 2
_MOST_NEAR = 2


def reason_in_words(reason: str, language: str) -> str:
    """Why there is no answer, in `language`."""
    return say(language, _WORDS[reason])


def decline(turn: Turn, reason: str, administration: str | None, asked: str, found: Found | None = None) -> Reply:
    """Say that there is no answer to `asked`, and who may have one; `found` is what the search came near to."""
    if reason == EMERGENCY:
        return emergency(turn, administration)
    sure = {c.entry.id: c.probability for c in found.candidates} if found and administration else {}
    near = [c.entry for c in found.candidates if sure[c.entry.id] >= _NEAR_AT] if found and sure else []
    blocks: list[Block] = [paragraph(reason_in_words(reason, turn.language))]
    # A declined question can be asked about another country, and feedback can be given on the decline.
    events = [*remember(turn, asked), SlotSet("pending_question", None)]
    if reason in _WITH_OFFICE and administration:
        shelf = turn.release.shelves[administration]
        blocks += office_cards(shelf, turn.language, turn.audience, near[0] if near else None)
        if reason == "no_guidance" and near:
            blocks.append(entry_buttons(near[:_MOST_NEAR], turn.language, say(turn.language, "Perhaps you meant")))
    elif reason in _WITH_OFFICE:
        label = say(turn.language, "Choose the country and I will name the office that can tell you.")
        blocks.append(administration_buttons(turn, label=label))
        events[-1] = SlotSet("pending_question", asked)
    elif reason == "abuse" and (meant := [entry for entry in near if sure[entry.id] >= ANSWER_AT]):
        # An insult with a question in it: what it may ask is offered.
        blocks.append(entry_buttons(meant[:_MOST_NEAR], turn.language, say(turn.language, "Perhaps you meant")))
    elif reason == "out_of_scope":
        blocks += suggestions(turn, most=3)
    return Reply("declined", blocks, reason, administration=administration, events=events)


def not_covered(turn: Turn, country: str, pending: str | None) -> Reply:
    """Decline for a country that no pack covers, naming those that are; choosing one answers `pending`."""
    text = say(
        turn.language,
        "I have no guidance for {country}, and another country's rules would mislead you. Please ask its own customs administration.",
        country=country_name(country, turn.language),
    )
    blocks = [paragraph(text), administration_buttons(turn, label=say(turn.language, "I can answer for"))]
    return Reply("declined", blocks, "other_administration", events=[SlotSet("pending_question", pending)])
