"""Telegram's webhook under the chat app: a route, and what the app's lifespan starts and stops.

    webhook = Webhook(settings, client)
    app = Starlette(routes=[*webhook.routes, ...], lifespan=...)   # inside it: async with webhook.lifespan(): yield

An update is stored before the request is answered, so a kill at any moment loses none: either Telegram delivers it again, or
the next start finds it in the store.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.telegram.administrations import Administrations
from bot.telegram.application import ALLOWED_UPDATES, build, show_menu, start, until_reached
from bot.telegram.application import stop as end
from customs.settings import SettingError, Settings

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# An update is some kilobytes.
MAX_BODY = 1_000_000


class Webhook:
    """The channel behind a webhook; raises `SettingError` when the address or the secret is missing."""

    def __init__(
        self, settings: Settings, client: RasaClient | Breaker, administrations: Administrations | None = None
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", settings.telegram_webhook_secret):
            raise SettingError(
                "CUSTOMS_TELEGRAM_WEBHOOK_SECRET must be 16 to 256 letters, digits, _ or -. "
                "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        if not settings.public_url:
            raise SettingError("CUSTOMS_PUBLIC_URL is empty: the webhook needs the https address of the chat app.")
        self.settings = settings
        self.application = build(settings, client, administrations, polling=False)
        self.routes = [Route(PATH, self.receive, methods=["POST"])]
        self._ready = False

    async def receive(self, request: Request) -> Response:
        """Take one update: 200 when it is stored, 403 without the secret, 503 while the bot is starting."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.settings.telegram_webhook_secret.encode()):
            log.warning("A call of the webhook without the right secret was refused.")
            return _problem(403, "The secret is missing or wrong.")
        if not self._ready:
            return _problem(503, "The bot is starting; deliver the update again.")
        try:
            body = await _body(request)
            if body is None:
                return _problem(413, f"An update has at most {MAX_BODY} bytes.")
            update = Update.de_json(json.loads(body), self.application.bot)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.error("The webhook got something that is no update: %s", type(error).__name__)
            return _problem(400, "This is no update of the Bot API.")
        except ClientDisconnect:
            return Response(status_code=499)
        await self.application.update_queue.put(update)
        return Response(status_code=200)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Start the bot beside the app, and at the end answer what was received.

        Telegram need not be reachable for the app to start. The webhook stays set, so that the next version of the app gets
        what comes in between.
        """
        stop = asyncio.Event()
        starting = asyncio.create_task(self._start(stop))
        try:
            yield
        finally:
            stop.set()
            self._ready = False
            await starting
            if self.application.running:
                await end(self.application)
            await self.application.shutdown()

    async def _start(self, stop: asyncio.Event) -> None:
        url = self.settings.public_url.rstrip("/") + PATH

        async def begin() -> None:
            await self.application.initialize()
            if not self.application.running:
                await start(self.application)
            # Before Telegram is told the address: what waits there comes at once.
            self._ready = True
            await self.application.bot.set_webhook(
                url, secret_token=self.settings.telegram_webhook_secret, allowed_updates=ALLOWED_UPDATES
            )

        try:
            if await until_reached(begin, stop):
                log.info("Telegram: webhook for @%s at %s", self.application.bot.username, url)
                await show_menu(self.application, self.settings)
        except InvalidToken:
            # The library's own message holds the token.
            log.error("Telegram refused TELEGRAM_BOT_TOKEN; the chat goes on without Telegram.")
        except (TelegramError, sqlite3.Error) as error:
            log.error("The webhook %s could not be set (%s); the chat goes on without Telegram.", url, error)


async def _body(request: Request) -> bytes | None:
    """The body, None when it is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body


def _problem(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": "telegram_webhook", "message": message}, status)
