"""The REST channel: Rasa's own, whose messages stay whole, which forgets a conversation and refuses malformed requests.

- `POST /webhooks/rest/webhook` as in Rasa, but text, buttons and custom part of an utterance are one message, as
  docs/contracts.md has it, where Rasa makes several and splits the text at blank lines. A body that is no JSON object, or without a message, is a 400, not an exception.
- `GET /webhooks/rest/` says that the engine is up; it only listens once the model is loaded.
- `DELETE /webhooks/rest/conversations/<sender>` removes the conversation, what it rated and what staff may read of it: `{"deleted": true}`, or `false` when
  there was none. 503 while the action server is away, 501 where the conversations are in a store that cannot do it.
- Every hour conversations without a message for CUSTOMS_CONVERSATION_DAYS are deleted.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from dialogue import kept
from dialogue.ahead import Ahead
from dialogue.channels.asked import recorder
from dialogue.environment import own_settings

logger = logging.getLogger(__name__)

MAX_SENDER_CHARACTERS = 128
PARTS = ("text", "buttons", "custom", "image", "attachment")


def ahead_of(actions_url: str) -> Ahead | None:
    """What tells the action server at this address of questions; None where the address is no plain HTTP."""
    try:
        return Ahead(actions_url)
    except ValueError:
        return None


class WholeMessages(CollectingOutputChannel):
    """Collects each utterance of the bot as one message."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        super().__init__()
        self.messages = messages

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect `message` with those of its parts that hold anything."""
        parts = {name: message[name] for name in PARTS if message.get(name)}
        await self._persist_message({"recipient_id": recipient_id, **parts})


class RestChannel(RestInput):
    """Rasa's REST channel with deletion and checked requests."""

    @staticmethod
    def _body(request: Request) -> dict[str, Any]:
        if not isinstance(request.json, dict):
            raise InvalidUsage("The body is not a JSON object; expected {sender, message, metadata}.")
        return request.json

    async def _extract_sender(self, req: Request) -> str:
        sender = self._body(req).get("sender")
        if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER_CHARACTERS:
            raise InvalidUsage(f"sender is {str(sender)[:40]!r}; expected 1 to {MAX_SENDER_CHARACTERS} characters.")
        return sender

    def _extract_message(self, req: Request) -> str:
        message = self._body(req).get("message")
        if not isinstance(message, str):
            raise InvalidUsage("message is missing or not text.")
        return message

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        """The hints of the turn: administration, language, channel, date, request_id."""
        metadata = self._body(request).get("metadata")
        if metadata is not None and not isinstance(metadata, dict):
            raise InvalidUsage("metadata is not a JSON object.")
        return metadata

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """The routes of Rasa's channel and the deletion."""

        actions_url = os.environ.get("CUSTOMS_ACTIONS_URL", "")
        ahead, ratings = ahead_of(actions_url), kept.Ratings(actions_url)

        async def answer_whole(message: UserMessage) -> None:
            if type(message.output_channel) is CollectingOutputChannel:  # not its subclass that streams
                message.output_channel = WholeMessages(message.output_channel.messages)
            async with ahead.turn(message.text) if ahead else nullcontext():
                await on_new_message(message)

        routes = super().blueprint(answer_whole)

        @routes.route("/conversations/<sender>", methods=["DELETE"])
        async def forget(request: Request, sender: str) -> HTTPResponse:
            agent, sender = request.app.ctx.agent, unquote(sender)  # a telephone's number has a plus in front
            try:
                # Under the conversation's lock: a turn that is being answered must not write it back afterwards.
                async with agent.lock_store.lock(sender):
                    await ratings.forget(sender)
                    if await asyncio.wrap_future(recorder().forget(sender)) < 0:
                        raise kept.CannotDeleteError(
                            "What was kept of it for staff could not be deleted; the log says why."
                        )
                    return response.json({"deleted": await kept.delete(agent.tracker_store, sender)})
            except kept.CannotDeleteError as error:
                logger.warning("conversation %s: not deleted: %s", sender, error)
                return response.json({"error": str(error)}, 501 if error.for_good else 503)

        @routes.listener("after_server_start")
        async def sweep(app: Sanic, loop: Any) -> None:
            app.add_task(kept.sweep_hourly(app.ctx.agent.tracker_store, own_settings().conversation_days))

        return routes
