"""Sums over the chat API: the request goes on to the action server, which alone knows the rules.

Nothing is kept of it: a sum asked for by a program is no conversation.
"""

from __future__ import annotations

import asyncio
import json
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.chat import Chat
from bot.web.fields import read_json
from bot.web.problems import Problem
from customs.wire import BodyTooLargeError, Link

log = logging.getLogger(__name__)

SUMS = ("allowance", "duty")
IDLE_S = 15.0
_PASSED_ON = frozenset({400, 404, 422})


class Sums:
    """The routes of the sums, for one `Chat`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._link: Link | None = None

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [Route(f"/api/v1/{name}", self.sum, methods=["POST"], name=name) for name in SUMS]

    async def sum(self, request: Request) -> Response:
        """POST: work out one sum; 422 names the faulty field, 503 when the action server is away."""
        await self.chat.rates.hit("address", request.client.host if request.client else "unknown")
        body = await read_json(request, self.chat.options.max_json_bytes)
        name = request.url.path.rsplit("/", 1)[-1]
        status, answer = await self._ask(f"/sum/{name}", body)
        if status in _PASSED_ON:
            raise Problem(status, str(answer.get("error")), str(answer.get("message")), field=answer.get("field"))
        if status != 200:
            raise Problem(
                503,
                str(answer.get("error", "actions_down")),
                str(answer.get("message", "The sum cannot be worked out just now.")),
            )
        return JSONResponse(answer)

    async def _ask(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, str]]:
        if self._link is None:  # it belongs to the loop that it is made in
            self._link = Link(self.chat.settings.actions_url, IDLE_S)
        try:
            sent = self._link.post(path, json.dumps(body).encode())
            status, answer = await asyncio.wait_for(sent, self.chat.settings.turn_deadline_s)
            return status, json.loads(answer)
        except (OSError, TimeoutError, ValueError, BodyTooLargeError) as error:
            log.warning("The action server did not answer %s: %s: %s", path, type(error).__name__, error)
            return 503, {"error": "actions_down", "message": "The sum cannot be worked out just now. Try again later."}
