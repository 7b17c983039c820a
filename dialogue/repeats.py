"""A message that a channel sends again, because it was killed before it saw the reply, gets the reply that it had and no second turn.

A second turn would count: "and two litres of wine" twice is four litres. A channel names each message by `message` in the
metadata, the same for each sending; Rasa keeps the metadata and the replies with the conversation, in the one write that ends
a turn, so that a repetition is known also after Rasa itself was killed. What failed is tried anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered

from dialogue.tracker_store import SessionStore, unwrapped

PARTS = ("buttons", "custom", "image", "attachment")


def earlier_replies(events: Iterable[Event], message: UserMessage) -> list[dict[str, Any]]:
    """What was said to `message` when it came before, as messages of the REST channel; empty unless it was the last and did not fail."""
    name = (message.metadata or {}).get("message")
    replies: list[dict[str, Any]] = []
    for event in reversed(list(events)) if name else ():
        if isinstance(event, BotUttered):
            parts = {part: event.data[part] for part in PARTS if event.data.get(part)}
            text = {"text": event.text} if event.text else {}
            replies.insert(0, {"recipient_id": message.sender_id, **text, **parts})
        elif isinstance(event, UserUttered):
            same = event.metadata.get("message") == name and event.text == message.text
            return replies if same and not any(_failed(reply) for reply in replies) else []
    return []


def _failed(reply: dict[str, Any]) -> bool:
    custom = reply.get("custom")
    return isinstance(custom, dict) and custom.get("outcome") == "failed"


async def _events(store: TrackerStore, sender: str) -> list[Event]:
    own = unwrapped(store)
    if isinstance(own, SessionStore):
        return own.events(sender)
    tracker = await store.retrieve(sender)
    return list(tracker.events) if tracker else []


def answer_once() -> None:
    """Let Rasa's processor look for an earlier reply before it takes a turn; it is called under the conversation's lock."""
    take_turn = MessageProcessor.handle_message

    async def handle_message(self: MessageProcessor, message: UserMessage) -> list[dict[str, Any]] | None:
        if (message.metadata or {}).get("message") and isinstance(message.output_channel, CollectingOutputChannel):
            if replies := earlier_replies(await _events(self.tracker_store, message.sender_id), message):
                message.output_channel.messages.extend(replies)
                return message.output_channel.messages
        return await take_turn(self, message)

    MessageProcessor.handle_message = handle_message
