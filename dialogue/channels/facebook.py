"""Messenger: Rasa's Facebook connector, with what it lacks for this assistant.

The stock connector starts without a secret, answers only the first message of a delivery, takes typed text for a payload and a
picture's address for a question, sends our structured reply to Facebook as if it were a message, splits a text at every blank line,
drops more than three buttons, and blocks the whole engine while it speaks to Facebook.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import requests
from fbmessenger import MessengerClient
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.channels.facebook import FacebookInput, Messenger, MessengerBot
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from dialogue.channels.asked import Hears, kept
from dialogue.channels.common import Button, Repetitions, chosen, metadata, needed, numbered, split, typed

logger = logging.getLogger(__name__)

# A text holds 2,000 characters; fewer, because what counts as one differs for emoji.
MOST_CHARACTERS = 1900
# Facebook shows 13, its library allows 11.
MOST_QUICK_REPLIES = 11
TITLE_CHARACTERS = 20
GRAPH_URL = "https://graph.facebook.com/v2.12"
TIMEOUT_S = 10.0
NEEDED = ("verify", "secret", "page-access-token")
# What is sent in place of a picture, a voice message or a file: what the assistant can do.
UNREADABLE = "/help"
# The stock connector hands a message on by its own method, which has no room for what the person saw of a choice.
SAID = "said"


class Graph(MessengerClient):
    """The connector's client at `graph_url`; a failure is logged and a broken answer of the other side raises nothing."""

    def __init__(self, page_access_token: str, graph_url: str = GRAPH_URL) -> None:
        super().__init__(page_access_token)
        self.graph_url = graph_url.rstrip("/")

    def post(self, body: dict[str, Any]) -> None:
        """Send one message or action."""
        try:
            address = f"{self.graph_url}/me/messages"
            answer = self.session.post(address, params=self.auth_args, json=body, timeout=TIMEOUT_S)
            if not answer.ok:
                logger.error("Messenger refused a message with status %d: %s", answer.status_code, answer.text[:300])
        except requests.RequestException as error:
            # Not the error itself, whose words hold the address and with it the token.
            logger.error("Messenger cannot be reached, a message is lost: %s", type(error).__name__)


class MessengerOutput(Hears, MessengerBot):
    """Sends text in parts, choices as quick replies; our structured reply stays here, as the text says all of it."""

    messenger_client: Graph

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Send a text."""
        for part in split(text, MOST_CHARACTERS):
            await self._message(recipient_id, {"text": part})

    async def send_text_with_buttons(self, recipient_id: str, text: str, buttons: list[Button], **kwargs: Any) -> None:
        """Send a text with choices; titles that are too long for a quick reply are numbered under the text."""
        short = len(buttons) <= MOST_QUICK_REPLIES and all(len(one["title"]) <= TITLE_CHARACTERS for one in buttons)
        whole = text if short else f"{text}\n\n{numbered(buttons)}"
        parts = split(whole, MOST_CHARACTERS) or [numbered(buttons)]
        offered = [
            {
                "content_type": "text",
                "title": one["title"] if short else f"#{number}",
                "payload": one["payload"],
            }
            for number, one in enumerate(buttons[:MOST_QUICK_REPLIES], 1)
        ]
        for part in parts[:-1]:
            await self._message(recipient_id, {"text": part})
        await self._message(recipient_id, {"text": parts[-1], "quick_replies": offered})

    async def send_action(self, recipient_id: str, sender_action: str) -> None:
        """Show that the message is read, or that an answer is being written."""
        await self._post({"recipient": {"id": recipient_id}, "sender_action": sender_action})

    async def _message(self, recipient_id: str, message: dict[str, Any]) -> None:
        await self._post({"messaging_type": "RESPONSE", "recipient": {"id": recipient_id}, "message": message})

    async def _post(self, body: dict[str, Any]) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.messenger_client.post, body)


class Deliveries(Messenger):
    """Takes every message of a delivery, each once."""

    def __init__(
        self,
        channel: FacebookChannel,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        choice: Callable[[str, str], Awaitable[str | None]],
    ) -> None:
        super().__init__(channel.fb_access_token, on_new_message)
        self.channel = channel
        self.choice = choice

    async def handle(self, payload: dict[str, Any], metadata: Any) -> None:
        """Answer what is a message; receipts, echoes and what is misshapen are passed over."""
        for entry in _dicts(payload.get("entry")):
            for event in _dicts(entry.get("messaging")):
                sender = event.get("sender")
                sender_id = sender.get("id") if isinstance(sender, dict) else None
                if isinstance(sender_id, str) and sender_id:
                    await self._event(event, sender_id)

    async def _event(self, event: dict[str, Any], sender: str) -> None:
        message, postback = event.get("message"), event.get("postback")
        said = message if isinstance(message, dict) else postback if isinstance(postback, dict) else None
        if said is None or said.get("is_echo") or not self.channel.repetitions.first(said.get("mid")):
            return
        text = await self._text(said, sender)
        if text:
            metadata = self.channel.metadata()
            await self._handle_user_message(text, sender, metadata | {SAID: typed(_words(said))})

    async def _text(self, said: dict[str, Any], sender: str) -> str | None:
        pressed = said.get("quick_reply") if isinstance(said.get("quick_reply"), dict) else said
        if isinstance(pressed.get("payload"), str):
            return pressed["payload"]  # the delivery is signed, so it is from a button of ours
        if isinstance(said.get("text"), str) and typed(said["text"]):
            return await self.choice(sender, said["text"]) or typed(said["text"])
        return UNREADABLE if said.get("attachments") else None

    async def _handle_user_message(self, text: str, sender_id: str, metadata: Any) -> None:
        out, said = self.channel.get_output_channel(), metadata.pop(SAID)
        await out.send_action(sender_id, "mark_seen")
        await out.send_action(sender_id, "typing_on")
        try:
            async with kept("messenger", sender_id, said, text, metadata, out):
                await self.on_new_message(
                    UserMessage(text, out, sender_id, input_channel=self.name(), metadata=metadata)
                )
        except Exception:
            logger.exception("conversation %s: a Messenger message failed", sender_id)
        finally:
            await out.send_action(sender_id, "typing_off")


class FacebookChannel(FacebookInput):
    """The connector. Credentials: `verify`, `secret`, `page-access-token`; optional `administration`, `language`, `graph_url`."""

    def __init__(self, credentials: dict[str, Any] | None) -> None:
        given = needed("Messenger", credentials, NEEDED)
        super().__init__(given["verify"], given["secret"], given["page-access-token"])
        self.credentials = credentials or {}
        self.graph_url = str(self.credentials.get("graph_url") or GRAPH_URL)
        self.repetitions = Repetitions()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FacebookChannel:
        """Raises `CredentialsError` when one is missing."""
        return cls(credentials)

    def metadata(self) -> dict[str, str]:
        """The metadata of one turn."""
        return metadata(self.name(), self.credentials)

    def get_output_channel(self) -> OutputChannel:
        """What sends to Messenger."""
        return MessengerOutput(Graph(self.fb_access_token, self.graph_url))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """GET /webhook, by which Facebook confirms the address, and POST /webhook for its deliveries."""
        routes = Blueprint("fb_webhook", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["GET"])
        async def confirm(request: Request) -> HTTPResponse:
            token = request.args.get("hub.verify_token") or ""
            if not hmac.compare_digest(token.encode(), self.fb_verify.encode()):
                logger.warning("A confirmation of the Messenger webhook had another token than `verify`.")
                return response.text("The token is not the one in `verify`.", status=403)
            return response.text(request.args.get("hub.challenge") or "")

        @routes.route("/webhook", methods=["POST"])
        async def deliver(request: Request) -> HTTPResponse:
            headers = request.headers
            signature = headers.get("X-Hub-Signature-256") or headers.get("X-Hub-Signature") or ""
            if not self.validate_hub_signature(self.fb_secret, request.body, signature):
                logger.warning("A delivery to the Messenger webhook was not signed with `secret`; it is refused.")
                return response.text("The signature is missing or wrong.", status=403)
            if not isinstance(request.json, dict):
                return response.text("The body is not a JSON object.", status=400)

            async def choice(sender: str, text: str) -> str | None:
                tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
                return chosen(text, tracker.events) if tracker else None

            await Deliveries(self, on_new_message, choice).handle(request.json, None)
            return response.text("success")

        return routes

    @staticmethod
    def validate_hub_signature(app_secret: str, request_payload: bytes, hub_signature_header: str) -> bool:
        """Is the header `sha256=…` (or the older `sha1=…`) the body's signature? Compared in constant time."""
        method, _, given = hub_signature_header.partition("=")
        digest = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}.get(method)
        if digest is None:
            return False
        made = hmac.new(app_secret.encode(), request_payload, digest).hexdigest()
        return hmac.compare_digest(made.encode(), given.encode())


def _words(said: dict[str, Any]) -> str:
    """What the person typed, or the title of what was pressed."""
    words = said.get("text") or said.get("title")
    return words if isinstance(words, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
