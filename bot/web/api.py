"""The chat API under /api/v1; docs/openapi.yml is its reference."""

from __future__ import annotations

import copy
import time
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.replies import Reply
from bot.turn import _OPTIONAL, PAYLOADS, check_payload
from bot.web.chat import Chat, Said
from bot.web.fields import Fields, read_json
from bot.web.metrics import CONTENT_TYPE
from bot.web.problems import Problem, no_such_conversation
from customs.settings import ROOT, Settings

COOKIE = "conversation"
RATINGS = ("up", "down")
REASONS = ("wrong", "outdated", "unclear", "no_answer")
MESSAGE_FIELDS = ("conversation", "text", "payload", "administration", "language", "idempotency_key")


def payload_pattern() -> str:
    """A regular expression of the payloads that our buttons send, from the one list of them (bot/turn.py)."""
    intents = []
    for intent, keys in PAYLOADS.items():
        pairs = {key: f'"{key}":"({values.pattern})"' for key, values in keys.items()}
        needed = ",".join(pair for key, pair in pairs.items() if (intent, key) not in _OPTIONAL)
        free = [pair for key, pair in pairs.items() if (intent, key) in _OPTIONAL]
        if needed:
            intents.append(rf"{intent}\{{{needed}{''.join(f'(,{pair})?' for pair in free)}\}}")
        else:
            intents.append(intent + (rf"(\{{{free[0]}\}})?" if free else ""))
    return f"^/({'|'.join(intents)})$"


def load_openapi(settings: Settings, path: Path = ROOT / "docs" / "openapi.yml") -> dict[str, Any]:
    """The API's description with the languages, administrations and payloads of this installation."""
    document = copy.deepcopy(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    schemas = document["components"]["schemas"]
    schemas["Language"]["enum"] = list(settings.languages)
    schemas["Administration"]["enum"] = list(settings.administrations)
    schemas["Message"]["properties"]["payload"]["pattern"] = payload_pattern()
    return document


def from_browser(request: Request) -> bool:
    """Does a browser send this? Other clients keep cookies without knowing it, and must name their conversation."""
    return "origin" in request.headers or "sec-fetch-site" in request.headers


def cookie_conversation(request: Request, chat: Chat) -> str | None:
    """The bare id in the cookie; None if there is no cookie or it is not (any more) one of ours."""
    try:
        return chat.conversations.check(request.cookies[COOKIE])
    except (KeyError, Problem):
        return None


def set_cookie(response: Response, chat: Chat, conversation: str) -> None:
    """Let the browser keep the conversation until it is closed."""
    signed = chat.conversations.sign(conversation)
    response.set_cookie(COOKIE, signed, httponly=True, samesite="lax", secure=chat.settings.secure_cookies)


def address_of(request: Request) -> str:
    """The caller's address, for counting. Of IPv6 it is the network of 64 bits, as one subscriber has all addresses in it."""
    given = request.client.host if request.client else "unknown"
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if isinstance(address, IPv4Address):
        return given
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address.packed[:8] + bytes(8), 64)))


class Api:
    """The routes of the API, for one `Chat`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.openapi = load_openapi(chat.settings)

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/api/v1/messages", self.messages, methods=["POST"]),
            # One route for both methods, so that a 405 names them both.
            Route("/api/v1/conversations/{conversation}", self.conversation, methods=["GET", "DELETE"]),
            Route("/api/v1/feedback", self.feedback, methods=["POST"]),
            Route("/api/v1/administrations", self.administrations, methods=["GET"]),
            Route("/api/v1/openapi.json", self.description, methods=["GET"]),
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def _fields(self, request: Request) -> Fields:
        return Fields(await read_json(request, self.chat.options.max_json_bytes), self.chat.settings)

    def _conversation(self, request: Request, fields: Fields) -> str | None:
        signed = fields.text("conversation")
        if signed is not None:
            return self.chat.conversations.check(signed)
        return cookie_conversation(request, self.chat) if from_browser(request) else None

    def _reply(self, request: Request, reply: Reply) -> JSONResponse:
        signed = self.chat.conversations.sign(reply.conversation)
        response = JSONResponse(reply.as_dict() | {"conversation": signed})
        if from_browser(request) and request.cookies.get(COOKIE) != signed:
            set_cookie(response, self.chat, reply.conversation)
        return response

    async def messages(self, request: Request) -> Response:
        """POST: one message, one reply."""
        fields = await self._fields(request)
        fields.only(*MESSAGE_FIELDS)
        text, payload = fields.text("text"), fields.payload()
        if text is None and payload is None:
            raise fields.wrong("text", "Send text, or the payload of a button.")
        said = Said(
            text=text or "",
            payload=payload,
            conversation=self._conversation(request, fields),
            administration=fields.administration(),
            language=fields.language(),
            key=fields.key(),
        )
        return self._reply(request, await self.chat.take(said, address_of(request)))

    def _own(self, request: Request) -> str:
        """The bare id of the conversation in the path: signed, or bare together with its own cookie."""
        given = request.path_params["conversation"]
        own = cookie_conversation(request, self.chat)
        return given if own is not None and given == own else self.chat.conversations.check(given)

    async def conversation(self, request: Request) -> Response:
        """GET or DELETE of one conversation."""
        return await (self.delete(request) if request.method == "DELETE" else self.read(request))

    async def read(self, request: Request) -> Response:
        """GET: the transcript."""
        await self.chat.rates.hit("address", address_of(request))
        conversation = self._own(request)
        exchanges = self.chat.transcripts.conversation(conversation)
        if not exchanges:
            raise no_such_conversation()
        signed = self.chat.conversations.sign(conversation)
        rows = [
            {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(exchange.at)),
                "text": exchange.said,
                "payload": exchange.payload,
                "reply": exchange.reply.as_dict() | {"conversation": signed} if exchange.reply else None,
            }
            for exchange in exchanges
        ]
        return JSONResponse({"conversation": signed, "exchanges": rows})

    async def delete(self, request: Request) -> Response:
        """DELETE: the conversation goes, a receipt comes."""
        await self.chat.rates.hit("address", address_of(request))
        conversation = self._own(request)
        if not self.chat.transcripts.conversation(conversation, last=1):
            raise no_such_conversation()
        response = JSONResponse(await self.chat.delete(conversation))
        if cookie_conversation(request, self.chat) == conversation:
            response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self.chat.settings.secure_cookies)
        return response

    async def feedback(self, request: Request) -> Response:
        """POST: a rating of the conversation's last answer; it is a turn like any other."""
        fields = await self._fields(request)
        fields.only("conversation", "rating", "reason", "request_id", "language")
        rating, reason = fields.choice("rating", RATINGS), fields.choice("reason", REASONS)
        if rating is None:
            raise fields.wrong("rating", "rating must be up or down.")
        language, request_id = fields.language(), fields.text("request_id")
        conversation = self._conversation(request, fields)
        if conversation is None:
            raise no_such_conversation()
        answers = [exchange.reply for exchange in self.chat.transcripts.conversation(conversation) if exchange.reply]
        rated = [reply for reply in answers if reply.outcome not in {"smalltalk", "failed"}]
        if not rated:
            raise Problem(409, "nothing_to_rate", "This conversation has no answer yet.")
        if request_id not in {None, rated[-1].request_id}:
            raise Problem(409, "not_the_last_answer", "Only the last answer can be rated.", field="request_id")
        values = f'"rating":"{rating}"' + (f',"reason":"{reason}"' if reason else "")
        payload = check_payload(f"/give_feedback{{{values}}}")
        said = Said("", payload, conversation, language=language)
        return self._reply(request, await self.chat.take(said, address_of(request)))

    async def administrations(self, request: Request) -> Response:
        """GET: the served administrations with their names."""
        asked = request.query_params.get("language")
        language = Fields({"language": asked}, self.chat.settings).language() or self.chat.settings.default_language
        return JSONResponse({"administrations": [{"id": a.id, "name": a.name(language)} for a in self.chat.names()]})

    async def description(self, request: Request) -> Response:
        """GET: this API in OpenAPI."""
        return JSONResponse(self.openapi)

    async def healthz(self, request: Request) -> Response:
        """GET: this process lives."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> Response:
        """GET: questions can be answered, as far as Rasa listens."""
        ready = await self.chat.client.ready()
        problem = {
            "error": "rasa_down",
            "message": "Rasa does not answer at CUSTOMS_RASA_URL.",
        }
        return JSONResponse({"status": "ok"}) if ready else JSONResponse(problem, 503)

    async def metrics(self, request: Request) -> Response:
        """GET: the counters, for Prometheus."""
        return PlainTextResponse(self.chat.metrics.text(), media_type=CONTENT_TYPE)
