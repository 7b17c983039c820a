"""What comes back from Rasa, made into one checked reply.

Rasa is another process, perhaps of another version: what it sends is checked block by block, and a bad block is dropped
with a log line. A reply that reaches a channel can always be shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.turn import PayloadError, Turn, check_payload
from customs.blocks import (
    Block,
    BlockError,
    buttons,
    check_block,
    check_outcome,
    notice,
    paragraph,
)
from customs.wording import Wording, direction

log = logging.getLogger(__name__)
say = Wording(Path(__file__).parent / "locale")

FAILURES = {
    "empty": "Please write your question in words first.",
    "rasa_down": "The assistant is not available right now, so your question was not answered. "
    "Please try again in a few minutes.",
    "action_server_down": "The guidance cannot be reached right now, so your question was not answered. "
    "Please try again in a few minutes.",
    "timeout": "Finding the answer took too long, so the search was stopped. Please try again in a moment.",
    "error": "Something went wrong on our side, so your question was not answered. Please try again in a moment.",
}
CUT = "Your question was too long: only its first part was read. Please ask the rest in a second question."
SOURCE_KEYS = ("title", "url", "publisher", "checked", "as_of")

_LINK = re.compile(r"(https?://|mailto:|tel:)[^\s<>\"]{1,2000}", re.IGNORECASE)
# A text message before a custom one is its plain rendering when at least this share of its words stands in the blocks.
_ECHO_SHARE = 0.6


@dataclass
class Reply:
    """The answer to one turn, ready for any channel; the keys are those of the chat API.

    `language` is that of the blocks, `asker_language` that of the asker, which differs where an answer has no translation.
    """

    conversation: str
    outcome: str
    reason: str | None = None
    language: str = "en"
    asker_language: str = ""
    direction: str = "ltr"
    administration: str | None = None
    blocks: list[Block] = field(default_factory=list)
    entry: str | None = None
    entries: list[str] = field(default_factory=list)
    release: str | None = None
    sources: list[dict[str, str]] = field(default_factory=list)
    request_id: str = ""

    def __post_init__(self) -> None:
        self.asker_language = self.asker_language or self.language

    def as_dict(self) -> dict[str, Any]:
        """The reply as plain data for JSON; its blocks and sources are the reply's own."""
        return dict(vars(self))

    @property
    def may_retry(self) -> bool:
        """True when asking the same again later may succeed."""
        return self.outcome == "failed" and self.reason != "empty"


def failure(turn: Turn, reason: str) -> Reply:
    """A reply that says honestly, in the asker's language, why there is no answer; `reason` is a key of `FAILURES`."""
    language = turn.language or "en"
    return Reply(
        conversation=turn.conversation,
        outcome="failed",
        reason=reason,
        language=language,
        direction=direction(language),
        administration=turn.administration,
        blocks=[notice(say(language, FAILURES[reason]), "warning")],
        request_id=turn.request_id,
    )


def reply_of(turn: Turn, messages: Any) -> Reply:
    """Merge Rasa's `messages` for `turn` into one reply; whatever they hold, this does not raise."""
    if messages == []:
        log.warning("conversation %s: action_server_down, request %s: Rasa sent []", turn.conversation, turn.request_id)
        return failure(turn, "action_server_down")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        log.warning("conversation %s: Rasa sent no list of messages but %.80r", turn.conversation, messages)
        return failure(turn, "error")
    blocks: list[Block] = []
    stock: list[Block] = []
    head: dict[str, Any] | None = None
    for message in messages:
        custom = message.get("custom")
        made = list(_checked(custom.get("blocks"), turn)) if isinstance(custom, dict) else []
        if not made:
            stock += _stock_blocks(message, turn)
        else:
            # Rasa's REST channel sends an utterance's text as messages of its own in front of its custom part; ours does not.
            seen = _words(made) if stock else set()
            blocks += [block for block in stock if not _is_echo(block, seen)] + made
            stock = []
        if isinstance(custom, dict) and _has_outcome(custom, turn):
            head = custom
    blocks += stock
    if not blocks:
        log.warning("conversation %s: nothing in Rasa's %d messages can be shown", turn.conversation, len(messages))
        return failure(turn, "error")
    return _reply(turn, head or {"outcome": "smalltalk"}, blocks)


def _reply(turn: Turn, head: dict[str, Any], blocks: list[Block]) -> Reply:
    language = _text(head.get("language")) or turn.language or "en"
    listed = head.get("sources") if isinstance(head.get("sources"), list) else []
    shown_entries = head.get("entries") if isinstance(head.get("entries"), list) else []
    listed = [{"type": "source", **_pick(row)} for row in listed if isinstance(row, dict)]
    sources = list(_checked(listed, turn))
    shown = {block["url"] for block in blocks if block["type"] == "source"}
    blocks += [source for source in sources if source["url"] not in shown]
    if turn.cut:
        blocks.insert(0, notice(say(language, CUT)))
    return Reply(
        conversation=turn.conversation,
        outcome=head["outcome"],
        reason=head.get("reason") or None,
        language=language,
        asker_language=_text(head.get("asker_language")) or language,
        direction=direction(language),
        administration=_text(head.get("administration")),
        blocks=blocks,
        entry=_text(head.get("entry")),
        entries=[each for each in shown_entries if isinstance(each, str)],
        release=_text(head.get("release")),
        sources=[_pick(source) for source in sources],
        request_id=turn.request_id,
    )


def _pick(source: dict[str, Any]) -> dict[str, Any]:
    return {key: source[key] for key in SOURCE_KEYS if key in source}


def _has_outcome(custom: dict[str, Any], turn: Turn) -> bool:
    if "outcome" not in custom:
        return False
    try:
        check_outcome(custom["outcome"], custom.get("reason"))
    except (BlockError, TypeError) as error:
        log.warning("conversation %s: %s", turn.conversation, error)
        return False
    return True


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _stock_blocks(message: dict[str, Any], turn: Turn) -> list[Block]:
    """A message of stock Rasa (a response of the domain) as blocks."""
    made = [paragraph(message["text"])] if _text(message.get("text")) and message["text"].strip() else []
    if isinstance(message.get("buttons"), list):
        items = [item for item in message["buttons"] if isinstance(item, dict)]
        made += _checked([buttons((item.get("title"), item.get("payload")) for item in items)], turn)
    return made


def _checked(blocks: Any, turn: Turn) -> Iterator[Block]:
    """The blocks that can be shown; each other one is logged and left out."""
    for block in blocks if isinstance(blocks, list) else []:
        try:
            yield _check_values(check_block(dict(block)), turn)
        except (BlockError, TypeError, ValueError, AttributeError) as error:
            log.warning("conversation %s: a block was dropped: %s", turn.conversation, error)


def _check_values(block: Block, turn: Turn) -> Block:
    """Return `block` without unsafe links and foreign buttons; raise if what is left has the wrong shape."""
    kind = block["type"]
    for key in ("text", "title", "caption", "label", "checked", "publisher", "as_of", "url"):
        if block.get(key) is None:
            block.pop(key, None)
        elif not isinstance(block[key], str):
            raise BlockError(f"{kind}: {key} is {type(block[key]).__name__}, expected text.")
    check_block(block)
    if kind == "source" and not _LINK.fullmatch(block["url"]):
        raise BlockError(f"source: {block['url']!r} is no web address.")
    if "url" in block and not _LINK.fullmatch(block["url"]):
        log.warning("conversation %s: the link %.80r was left out", turn.conversation, block.pop("url"))
    if kind == "notice" and block["level"] not in {"info", "warning"}:
        raise BlockError(f"notice: level is {block['level']!r}, expected info or warning.")
    if kind == "list":
        _texts(kind, block["items"])
        block["ordered"] = bool(block.get("ordered"))
    if kind == "table":
        _texts(kind, block["columns"])
    if not isinstance(block.get("rows", []), list):
        raise BlockError(f"{kind}: rows is {type(block['rows']).__name__}, expected a list.")
    for row in block.get("rows", []):
        _texts(kind, row)
        if kind == "card" and len(row) != 2:
            raise BlockError(f"card: a row has {len(row)} cells, expected a label and a value.")
    if kind == "buttons":
        pressable = [item for item in block["items"] if _is_button(item, turn)]
        block["items"] = [{"title": item["title"], "payload": check_payload(item["payload"])} for item in pressable]
        if not block["items"]:
            raise BlockError("buttons: none of its buttons can be pressed.")
    return block


def _texts(kind: str, values: Any) -> None:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BlockError(f"{kind}: {str(values)[:80]} is no list of texts.")


def _is_button(item: Any, turn: Turn) -> bool:
    try:
        if not _text(item["title"]):
            raise PayloadError("it has no title")
        check_payload(item["payload"])
    except (PayloadError, TypeError, KeyError) as error:
        log.warning("conversation %s: a button was dropped: %s", turn.conversation, error)
        return False
    return True


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (leaf for part in value.values() for leaf in _leaves(part))
    elif isinstance(value, list):
        yield from (leaf for part in value for leaf in _leaves(part))


def _words(value: Any) -> set[str]:
    return {word for leaf in _leaves(value) for word in re.findall(r"\w+", leaf.lower())}


def _is_echo(block: Block, seen: set[str]) -> bool:
    if block["type"] == "buttons":
        return all(_words(item["title"]) <= seen for item in block["items"])
    words = _words(block["text"])
    return len(words & seen) >= _ECHO_SHARE * len(words)
