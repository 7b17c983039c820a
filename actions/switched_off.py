"""What staff have switched off is not answered, and what they must say at once is said: the last look at every reply.

An answer, a topic, an administration or a channel is off for as long as `knowledge_base.switches` says so. An emergency number is never
held back.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actions.offices import name_of, office_cards
from actions.reply import Reply, say
from customs.blocks import Block, notice, paragraph
from knowledge_base.model import Entry
from knowledge_base.switches import Off, targets_of

if TYPE_CHECKING:
    from actions.context import Turn

REASON = "switched_off"
_GIVES = frozenset({"answered", "calculated"})
# Of an asking back too: a sum tells what holds already, and a choice that is no choice is none.
_HELD_BACK = _GIVES | {"asked_back"}
_SHOWS_ENTRY = re.compile(r"/(?:choose_entry|start)(\{.*\})")
_BEGINS_SUM = re.compile(r"/(?:check_allowance|estimate_duty|declare_cash)(\{.*\})")


def off_for(turn: Turn, entry: str) -> Off | None:
    """What switches the entry off; None when it is on, or not there."""
    shelf = turn.release.shelves.get(entry.split(".", 1)[0])
    return turn.switches.off_for(entry, shelf.topics.get(entry) if shelf else None)


def being_corrected(
    turn: Turn, administration: str | None, entry: Entry | None = None, events: list[dict[str, Any]] | None = None
) -> Reply:
    """The honest word in place of an answer that is switched off: that it is being corrected, and which office can tell."""
    shelf = turn.release.shelves.get(administration or "")
    cards = office_cards(shelf, turn.language, turn.audience, entry) if shelf else []
    if shelf and turn.switches.topic_off(shelf.administration.id, ()):
        country = name_of(shelf, turn.language)
        text = say(
            turn.language, "The answers for {country} are being corrected just now, so I give none.", country=country
        )
    else:
        text = say(turn.language, "This answer is being corrected just now, so I do not give it.")
    asks = (
        say(turn.language, "This office can tell you:")
        if cards
        else say(turn.language, "Please ask the customs office.")
    )
    return Reply(
        "declined", [notice(text, "warning"), paragraph(asks), *cards], REASON, administration=administration,
        events=list(events or ()),
    )  # fmt: skip


def channel_closed(turn: Turn, public_url: str = "") -> Reply:
    """The word of a channel that is switched off, and where else to ask."""
    blocks: list[Block] = [notice(say(turn.language, "I do not answer here for the time being."), "warning")]
    if public_url and turn.channel != "web":
        title = say(turn.language, "You can ask on this page instead:")
        blocks.append({"type": "card", "title": title, "url": public_url})
    if turn.served:
        shelves = turn.release.shelves
        names = [turn.administration] if turn.administration in shelves else list(shelves)
        cards = [card for name in names for card in office_cards(shelves[name], turn.language, turn.audience, most=1)]
        blocks += [paragraph(say(turn.language, "The customs office can tell you:")), *cards] if cards else []
    return Reply("declined", blocks, REASON)


def keep_to_switches(turn: Turn, reply: Reply, public_url: str = "") -> Reply:
    """`reply` as the switches and notices of the turn allow it."""
    switches = turn.switches
    if not switches.off and not switches.notices or reply.outcome == "failed" or _is_emergency(reply):
        return reply
    if switches.channel_off(turn.channel):
        return channel_closed(turn, public_url)
    if not turn.served:
        return reply
    if reply.outcome in _HELD_BACK and _is_off(turn, reply):
        entry = turn.release.entry(reply.entry or "")
        kept = [
            event for event in reply.events if event.get("name") in {"administration", "language", "pending_question"}
        ]
        return being_corrected(turn, reply.administration, entry, kept)
    return replace(reply, blocks=[*_notices(turn, reply), *_without_ways_to(turn, reply)])


def _is_emergency(reply: Reply) -> bool:
    return reply.outcome == "handed_over"


def _is_off(turn: Turn, reply: Reply) -> bool:
    shown = reply.entries or ([reply.entry] if reply.entry else [])
    if any(off_for(turn, entry) for entry in shown):
        return True
    if reply.administration and turn.switches.topic_off(reply.administration, ()):
        return True
    if reply.reason != "which_entry":
        return False
    choices = [entry for block in reply.blocks for item in block.get("items", ()) if (entry := _entry_behind(item))]
    return bool(choices) and all(off_for(turn, entry) for entry in choices)


def _entry_behind(item: Any) -> str | None:
    """The entry that a button shows."""
    found = _SHOWS_ENTRY.fullmatch(item["payload"]) if isinstance(item, dict) else None
    return json.loads(found[1]).get("entry") if found else None


def _without_ways_to(turn: Turn, reply: Reply) -> list[Block]:
    """The blocks without buttons to what is off. Where somebody is asked which they mean it stays: the other one is no better answer."""
    if reply.reason == "which_entry":
        return reply.blocks
    blocks = []
    for block in reply.blocks:
        if block["type"] == "buttons":
            items = [item for item in block["items"] if not _leads_to_off(turn, item)]
            if not items:
                continue
            block = block | {"items": items}
        blocks.append(block)
    return blocks


def _leads_to_off(turn: Turn, item: dict[str, str]) -> bool:
    if entry := _entry_behind(item):
        return off_for(turn, entry) is not None
    found = _BEGINS_SUM.fullmatch(item["payload"])
    administration = json.loads(found[1]).get("administration") if found else None
    return bool(administration and turn.switches.topic_off(administration, ()))


def _notices(turn: Turn, reply: Reply) -> list[Block]:
    """The urgent notices that concern what `reply` gives; first of all, as whoever reads two lines reads these."""
    if reply.outcome not in _GIVES and reply.reason != "which_fact":
        return []
    targets = notice_targets(turn, reply.administration, *(reply.entries or [reply.entry or ""]))
    return urgent(turn, targets)


def notice_targets(turn: Turn, administration: str | None, *entries: str) -> set[str]:
    """What a notice must name to be shown beside these entries of an administration."""
    targets = {f"administration:{administration}"} if administration else set()
    for entry in filter(None, entries):
        shelf = turn.release.shelves.get(entry.split(".", 1)[0])
        targets.update(targets_of(entry, shelf.topics.get(entry) if shelf else None))
    return targets


def urgent(turn: Turn, targets: set[str]) -> list[Block]:
    """The notices for `targets` as blocks, in the asker's language."""
    found = turn.switches.notices_for(targets)
    return [notice(text, "warning") for text in dict.fromkeys(each.text_in(turn.language) for each in found)]
