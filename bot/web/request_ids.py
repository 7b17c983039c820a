"""One id for a request from the first byte to the last log line, and a line in the log for each that was refused."""

from __future__ import annotations

import logging
import re
import time
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.turn import new_request_id

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_current: ContextVar[str] = ContextVar("request_id", default="")
# A proxy's own id is noted beside ours, if it looks like one; it never becomes ours, as anybody can send it.
_FOREIGN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
# Whoever holds what comes behind these may read the conversation, or shows a receipt: neither is for a log.
_SECRET_TAIL = re.compile(r"^(/api/v1/conversations/|/receipt/).+")
# Files and probes are neither numbered nor logged.
_QUIET = ("/static/", "/manifest.webmanifest", "/healthz", "/readyz", "/metrics")


def request_id() -> str:
    """The id of the request that is being served; a new one outside of any."""
    return _current.get() or new_request_id()


class RequestIds:
    """ASGI middleware: gives each request its id, sends it back as `X-Request-ID` and logs how it ended (what went well: DEBUG)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_QUIET):
            return await self.app(scope, receive, send)
        own = new_request_id()
        token = _current.set(own)
        began = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = own
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            _current.reset(token)
            path = _SECRET_TAIL.sub(r"\1…", scope["path"][:100].encode("unicode_escape").decode())
            given = Headers(scope=scope).get(HEADER, "")
            via = f", proxy's {given}" if _FOREIGN.fullmatch(given) else ""
            took = time.perf_counter() - began
            # What went well is told by the turn's own line; a second one would only cost time.
            level = logging.DEBUG if 0 < status < 400 else logging.INFO
            log.log(level, "%s %s %d in %.3f s, request %s%s", scope["method"], path, status, took, own, via)


class Mark(logging.Filter):
    """Adds the request's id to every log line that is written while one is served, whoever writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the line is only marked."""
        current = _current.get()
        if current and current not in (line := record.getMessage()):
            record.msg, record.args = f"{line}, request {current}", None
        return True


def mark_logs() -> None:
    """Let every handler of the root logger mark its lines; once is enough, however often it is called."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, Mark) for one in handler.filters):
            handler.addFilter(Mark())
