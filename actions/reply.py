"""One reply: blocks with one outcome, sent as the `custom` payload and as plain text with buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.context import Turn
from customs.blocks import Block, check_block, check_outcome, plain_text
from customs.wording import Wording, direction

say = Wording(Path(__file__).with_name("locale"))


@dataclass
class Reply:
    """What an action answers. `events` are Rasa events, `keep` what a follow-up may need of this answer."""

    outcome: str
    blocks: list[Block]
    reason: str | None = None
    administration: str | None = None
    entry: str | None = None
    sources: list[dict[str, Any]] = field(default_factory=list)
    language: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


def send(dispatcher: CollectingDispatcher, turn: Turn, reply: Reply, release: str | None) -> None:
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
        "administration": reply.administration or turn.administration,
        "entry": reply.entry,
        "release": release,
        "sources": reply.sources,
        "blocks": blocks,
        "request_id": turn.request_id,
    }
    text = plain_text(blocks, say(language, "checked on"))
    dispatcher.utter_message(text=text, buttons=buttons or None, json_message=custom)
