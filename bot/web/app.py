"""The chat as one Starlette application: `uvicorn --factory bot.web.app:main`, or `create_app` with other settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.web.administrations import Names, names_from_packs
from bot.web.api import Api
from bot.web.brand import read_brand
from bot.web.chat import Chat
from bot.web.installed import Installed
from bot.web.options import Options
from bot.web.own import Own
from bot.web.pages import Page
from bot.web.problems import Problem
from bot.web.request_ids import RequestIds, mark_logs
from bot.web.security import SecurityHeaders, check_origin, headers_of, session_secret
from bot.web.sums import Sums
from customs.settings import Settings

if TYPE_CHECKING:
    from bot.telegram.webhook import Webhook

log = logging.getLogger(__name__)

PURGE_EVERY_S = 3600
ERRORS = {404: "not_found", 405: "method_not_allowed"}


class OriginCheck:
    """ASGI middleware that refuses what a browser sends from another site, before anything is read or done."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self.app = app
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            try:
                check_origin(Request(scope).headers, self.allowed)
            except Problem as problem:
                return await JSONResponse(problem.as_dict(), problem.status)(scope, receive, send)
        return await self.app(scope, receive, send)


def create_app(
    settings: Settings, *, names: Names | None = None, options: Options | None = None, client: RasaClient | None = None
) -> Starlette:
    """The application for `settings`; `app.state.chat` is its `Chat`.

    `names` gives the administrations (from their packs by default), `options` the limits, `client` another way to Rasa.
    """
    options = options or Options.of(settings)
    client = client or RasaClient(settings.rasa_url, settings.turn_deadline_s)
    secret = settings.session_secret or session_secret(settings.var_dir)
    chat = Chat(settings, options, client, names or names_from_packs(settings), secret)
    page = Page(chat, read_brand(settings.var_dir))
    allowed = frozenset(origin.rstrip("/") for origin in settings.allowed_origins)
    own = frozenset({settings.public_url.rstrip("/")} - {""})

    def refused(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith("/api/"):
            chat.metrics.refused(problem.error)
            return JSONResponse(problem.as_dict(), problem.status, headers=problem.headers)
        return page.error(request, problem)

    async def on_problem(request: Request, error: Exception) -> Response:
        return refused(request, error)

    async def on_http(request: Request, error: HTTPException) -> Response:
        code = ERRORS.get(error.status_code, "bad_request")
        message = f"{HTTPStatus(error.status_code).phrase}: {request.method} {request.url.path}"
        return refused(request, Problem(error.status_code, code, message, headers=error.headers))

    async def on_fault(request: Request, error: Exception) -> Response:
        return refused(request, Problem(500, "internal", "Something went wrong on our side; it has been logged."))

    telegram = _telegram(settings, chat.breaker)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        mark_logs()
        purging = asyncio.create_task(_purge(chat))
        async with telegram.lifespan() if telegram else nullcontext():
            yield
        purging.cancel()
        await client.close()
        chat.transcripts.close()
        await asyncio.to_thread(chat.recorder.close)

    middleware = [
        Middleware(RequestIds),
        Middleware(SecurityHeaders, headers=headers_of(allowed, settings.secure_cookies)),
        Middleware(GZipMiddleware, minimum_size=300),
        Middleware(OriginCheck, allowed=allowed | own),
    ]
    if allowed:
        cors = {
            "allow_methods": ["GET", "POST", "DELETE"],
            "allow_headers": ["Content-Type"],
            "expose_headers": ["Retry-After", "X-Request-ID"],
            "max_age": 600,
        }
        middleware.insert(2, Middleware(CORSMiddleware, allow_origins=sorted(allowed), **cors))
    app = Starlette(
        routes=[
            *Api(chat).routes(),
            *Sums(chat).routes(),
            *page.routes(),
            *Own(page, secret).routes(),
            *Installed(page).routes(),
            *(telegram.routes if telegram else ()),
        ],
        middleware=middleware,
        exception_handlers={Problem: on_problem, HTTPException: on_http, Exception: on_fault},
        lifespan=lifespan,
    )
    app.state.chat = chat
    return app


def _telegram(settings: Settings, breaker: Breaker) -> Webhook | None:
    if settings.telegram_mode != "webhook" or not settings.telegram_token:
        return None
    # Not at the top: a chat without Telegram starts without loading its library.
    from bot.telegram.webhook import Webhook

    return Webhook(settings, breaker)


async def _purge(chat: Chat) -> None:
    while True:
        if gone := chat.transcripts.purge(chat.options.transcript_days):
            log.info("%d exchanges older than %d days were deleted", gone, chat.options.transcript_days)
        await asyncio.sleep(PURGE_EVERY_S)


def main() -> Starlette:
    """The application for the settings of the environment."""
    return create_app(Settings())
