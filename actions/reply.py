"""One reply: blocks with one outcome, sent as the `custom` payload and as plain text with buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.context import Turn
from customs.blocks import Block, check_block, check_outcome, plain_text
from customs.wording import Wording, direction

say = Wording(Path(__file__).with_name("locale"))

# Replies that are about no administration, whatever the conversation is set to.
_OF_NONE = frozenset({"other_administration", "which_administration"})


@dataclass
class Reply:
    """What an action answers.

    `language` is that of the blocks when it is not the asker's (an answer without a translation); `entries` are all that a reply in
    parts shows, of which `entry` is the first; `events` are Rasa events.
    """

    outcome: str
    blocks: list[Block]
    reason: str | None = None
    administration: str | None = None
    entry: str | None = None
    entries: list[str] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    language: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


def sets(events: Iterable[dict[str, Any]], slot: str) -> bool:
    """Do `events` set `slot`?"""
    return any(event.get("event") == "slot" and event.get("name") == slot for event in events)


def send(dispatcher: CollectingDispatcher, turn: Turn, reply: Reply) -> None:
    """Utter `reply` as the one message of the turn. Raises `BlockError` when it breaks the contract."""
    check_outcome(reply.outcome, reply.reason)
    blocks = [check_block(block) for block in reply.blocks]
    language = reply.language or turn.language
    buttons = [button for block in blocks if block["type"] == "buttons" for button in block["items"]]
    custom = {
        "outcome": reply.outcome,
        "reason": reply.reason,
        "language": language,
        "direction": direction(language),
        "administration": None if reply.reason in _OF_NONE else reply.administration or turn.administration,
        "entry": reply.entry,
        "release": turn.served.release.id if turn.served else None,
        "sources": reply.sources,
        "blocks": blocks,
        "request_id": turn.request_id,
    }
    if language != turn.language and not sets(reply.events, "language"):  # who changes it is answered in the new one
        custom["asker_language"] = turn.language
    if len(reply.entries) > 1:
        custom["entries"] = reply.entries
    text = plain_text(blocks, turn.language)
    dispatcher.utter_message(text=text, buttons=buttons or None, json_message=custom)
