"""A Rasa stand-in for the channel tests: the REST channel's shape, and every way in which it can fail.

What it says depends on the message alone, so that a test reads as what the asker sees. `mode` makes it fail.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

SOURCE = {
    "title": "Bringing goods in for personal use",
    "url": "https://www.example.org/goods",
    "publisher": "Example Customs",
    "checked": "2026-11-21",
    "as_of": "2026-06-09",
}


def head(outcome: str, blocks: list, **more) -> dict:
    """The custom part of a message, as docs/contracts.md has it."""
    base = {"reason": None, "language": "en", "direction": "ltr", "administration": None, "entry": None}
    return base | {"outcome": outcome, "release": "20261121-test", "sources": [], "blocks": blocks} | more


def answer_to(message: str, metadata: dict) -> dict:
    """The custom part of the answer to `message`."""
    if message.startswith("/change_administration"):
        text = "Great Britain: each adult may bring 42 litres of beer."
        return head("answered", [{"type": "paragraph", "text": text}], administration="gb", sources=[SOURCE])
    if message.startswith("/"):
        return head("smalltalk", [{"type": "paragraph", "text": f"Thank you ({message})."}])
    if "beer" in message:
        items = [
            {"title": "Great Britain", "payload": '/change_administration{"administration":"gb"}'},
            {"title": "United Arab Emirates", "payload": '/change_administration{"administration":"ae"}'},
        ]
        blocks = [{"type": "paragraph", "text": "That depends on the country."}]
        blocks.append({"type": "buttons", "label": "Which country are you travelling to?", "items": items})
        return head("asked_back", blocks, reason="which_administration")
    if "نقد" in message:
        text = "يجب التصريح إذا كان معك أكثر من 60000 درهم، وذلك من 2026-10-01. الهاتف +971 600 522225."
        blocks = [
            {"type": "paragraph", "text": text},
            {"type": "list", "items": ["النقد والشيكات", "الذهب والمجوهرات"], "ordered": False},
        ]
        return head("answered", blocks, language="ar", direction="rtl", administration="ae", sources=[SOURCE])
    if "everything" in message:
        return head("calculated", EVERYTHING, sources=[SOURCE])
    text = f"You asked: {message}. Hints: {metadata.get('administration')}, {metadata.get('language')}."
    return head("answered", [{"type": "paragraph", "text": text}], sources=[SOURCE])


EVERYTHING = [
    {"type": "paragraph", "text": "No duty is due on these goods.\nThis is what was counted."},
    {"type": "list", "ordered": True, "items": ["Two bottles of wine", "A <script>alert(1)</script> & a phone"]},
    {
        "type": "card",
        "title": "Your allowance",
        "text": "For one adult.",
        "rows": [["Wine", "4 of 18 litres"], ["Cigarettes", "200 of 200"]],
        "url": "https://www.example.org/allowance",
    },
    {
        "type": "table",
        "caption": "Duty and tax",
        "columns": ["What", "Base", "Rate", "Amount"],
        "rows": [["Customs duty", "GBP 500.00", "2.5 %", "GBP 12.50"], ["VAT", "GBP 512.50", "20 %", "GBP 102.50"]],
    },
    {"type": "notice", "level": "info", "text": "Rates of 21 November 2026."},
    {"type": "notice", "level": "warning", "text": "Check again before you travel."},
]


def as_rest(custom: dict) -> list[dict]:
    """One utterance with text and custom, as Rasa's REST channel sends it: the text in pieces, then the custom part."""
    texts = [{"text": block["text"]} for block in custom["blocks"] if block["type"] == "paragraph"]
    return [*texts, {"custom": custom}]


class FakeRasa:
    """Modes: ok, slow (`delay` seconds), empty ([]), error (500), garbage (no JSON), raw (sends `raw` as it is),
    bytes (the same, `raw` being the bytes)."""

    def __init__(self) -> None:
        self.reset()
        routes = [
            Route("/webhooks/rest/", self.health, methods=["GET"]),
            Route("/webhooks/rest/webhook", self.webhook, methods=["POST"]),
            Route("/webhooks/rest/conversations/{sender}", self.forget, methods=["DELETE"]),
        ]
        self.app = Starlette(routes=routes)
        self.url = ""

    def reset(self) -> None:
        """As new: all is well, nothing was received."""
        self.mode = "ok"
        self.delay = 0.0
        self.raw: object = None
        self.received: list[dict] = []
        self.forgotten: list[str] = []
        self.running: dict[str, int] = {}
        self.overlaps: list[str] = []
        self.most_at_once = 0

    async def health(self, request: Request) -> Response:
        """What Rasa's REST channel says when it is up."""
        return JSONResponse({"status": "ok"}, 503 if self.mode == "error" else 200)

    async def forget(self, request: Request) -> Response:
        """Our own Rasa's deletion of a conversation; mode error stands for a stock Rasa."""
        if self.mode == "error":
            return JSONResponse({"reason": "NotFound"}, 404)
        self.forgotten.append(request.path_params["sender"])
        return JSONResponse({"deleted": True})

    async def webhook(self, request: Request) -> Response:
        """One message."""
        body = await request.json()
        sender = body["sender"]
        self.received.append(body)
        if self.running.get(sender):
            self.overlaps.append(sender)
        self.running[sender] = self.running.get(sender, 0) + 1
        self.most_at_once = max(self.most_at_once, sum(self.running.values()))
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.running[sender] -= 1
        if self.mode == "empty":
            return JSONResponse([])
        if self.mode == "error":
            return JSONResponse({"reason": "broken"}, 500)
        if self.mode == "garbage":
            return PlainTextResponse("<html>not JSON")
        if self.mode == "bytes":
            return Response(self.raw, media_type="application/json")
        if self.mode == "raw":
            return Response(json.dumps(self.raw), media_type="application/json")  # as ASCII, with any escape
        messages = as_rest(answer_to(body["message"], body.get("metadata") or {}))
        return JSONResponse([{"recipient_id": sender} | message for message in messages])


@contextmanager
def serving(app, port: int = 0):
    """Serve an ASGI app on loopback from a thread; yields its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the test server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
