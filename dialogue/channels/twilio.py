"""WhatsApp and SMS over Twilio: Rasa's Twilio connector, with what it lacks for this assistant.

The stock connector checks no signature, so that anybody who knows the address writes in anybody's name; it fails on a picture, takes
typed text for a payload, shows the payloads of buttons, passes our structured reply to Twilio as arguments, and blocks the whole
engine while it speaks to Twilio.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import requests
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.channels.twilio import TwilioInput, TwilioOutput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator

from dialogue.channels.asked import Hears, kept
from dialogue.channels.common import Button, Repetitions, chosen, metadata, needed, numbered, split, typed

logger = logging.getLogger(__name__)

# A message holds 1,600 characters; fewer, because what counts as one differs for emoji.
MOST_CHARACTERS = 1500
API_URL = "https://api.twilio.com"
TIMEOUT_S = 10.0
NEEDED = ("account_sid", "auth_token", "twilio_number", "public_url")
# What is sent in place of a picture, a voice message or a location: what the assistant can do.
UNREADABLE = "/help"


class Form(dict):
    """The fields of a form, blank ones too, which Twilio signs as well: name → list of values."""

    def getlist(self, name: str) -> list[str]:
        """All values of a field; asked for by Twilio's validator."""
        return self[name]

    def one(self, name: str) -> str:
        """The first value of a field, "" when there is none."""
        return self.get(name, [""])[0]


class Gateway(TwilioHttpClient):
    """Twilio's HTTP client with a deadline, sending to `api_url` what is meant for Twilio."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self.api_url = api_url.rstrip("/")

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """One request."""
        return super().request(method, self.api_url + url.removeprefix(API_URL), *args, **kwargs)


class WhatsAppOutput(Hears, TwilioOutput):
    """Sends text in parts and choices as numbered lines; our structured reply stays here, as the text says all of it."""

    def __init__(self, account_sid: str, auth_token: str, twilio_number: str, api_url: str = API_URL) -> None:
        super().__init__(account_sid, auth_token, twilio_number)
        self.http_client = Gateway(api_url)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Send a text."""
        for part in split(text, MOST_CHARACTERS):
            await self._send_message({"to": recipient_id, "from_": self.twilio_number, "body": part})

    async def send_text_with_buttons(self, recipient_id: str, text: str, buttons: list[Button], **kwargs: Any) -> None:
        """Send a text, and under it what may be chosen."""
        await self.send_text_message(recipient_id, f"{text}\n\n{numbered(buttons)}")

    async def _send_message(self, message_data: dict[str, Any]) -> None:
        send = functools.partial(self.messages.create, **message_data)
        try:
            await asyncio.get_running_loop().run_in_executor(None, send)
        except (TwilioException, requests.RequestException) as error:
            logger.error("Twilio did not take a message, it is lost: %s", getattr(error, "msg", type(error).__name__))


class WhatsAppChannel(TwilioInput):
    """The connector, under /webhooks/twilio.

    Credentials: `account_sid`, `auth_token`, `twilio_number` (`whatsapp:+…` for WhatsApp), `public_url` (the address of the webhook as
    Twilio calls it, which it signs); optional `administration`, `language`, `api_url`.
    """

    def __init__(self, credentials: dict[str, Any] | None) -> None:
        given = needed("Twilio", credentials, NEEDED)
        super().__init__(given["account_sid"], given["auth_token"], given["twilio_number"], debug_mode=False)
        self.credentials = credentials or {}
        self.public_url = given["public_url"]
        self.api_url = str(self.credentials.get("api_url") or API_URL)
        self.repetitions = Repetitions()
        self._validator = RequestValidator(given["auth_token"])

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WhatsAppChannel:
        """Raises `CredentialsError` when one is missing."""
        return cls(credentials)

    def get_output_channel(self) -> OutputChannel:
        """What sends through Twilio."""
        return WhatsAppOutput(self.account_sid, self.auth_token, self.twilio_number, self.api_url)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """POST /webhook for what people write: 204 when it is dealt with, 403 when it is not from Twilio."""
        routes = Blueprint("twilio_webhook", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def message(request: Request) -> HTTPResponse:
            try:
                form = Form(parse_qs(request.body.decode(), keep_blank_values=True))
            except ValueError:
                return response.text("The body is no form.", status=400)
            if not self._validator.validate(self.public_url, form, request.headers.get("X-Twilio-Signature") or ""):
                logger.warning("A call of the Twilio webhook was not signed for %s; it is refused.", self.public_url)
                return response.text("The signature is missing or wrong.", status=403)
            sender = form.one("From")
            if sender and self.repetitions.first(form.one("MessageSid")):
                await self._answer(request, sender, form, on_new_message)
            return response.empty()

        return routes

    async def _answer(self, request: Request, sender: str, form: Form, on_new_message: Callable[..., Any]) -> None:
        # Some carriers of SMS turn an @ into an inverted exclamation mark.
        said = form.one("Body").replace("¡", "@")
        text = typed(said)
        if text:
            tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
            text = (chosen(said, tracker.events) if tracker else None) or text
        out, more = self.get_output_channel(), metadata(self.name(), self.credentials)
        message, channel = text or UNREADABLE, "whatsapp" if sender.startswith("whatsapp:") else "sms"
        try:
            async with kept(channel, sender, typed(said), message, more, out):
                await on_new_message(UserMessage(message, out, sender, input_channel=self.name(), metadata=more))
        except Exception:
            logger.exception("conversation %s: a message by Twilio failed", sender)
