"""What people do with their own conversation: take it along, begin anew, have it deleted and get a receipt."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_datetime
from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.web.api import COOKIE, address_of, cookie_conversation
from bot.web.fields import read_form
from bot.web.pages import DELETED, Page
from bot.web.problems import Problem, no_such_conversation
from bot.web.render import say
from customs.blocks import plain_text
from customs.days import WRITTEN_AS


class Own:
    """The routes, beside those of `page`. A browser in a frame sends no cookie; its forms hold the signed id then."""

    def __init__(self, page: Page, secret: str) -> None:
        self.page = page
        self.chat = page.chat
        self._receipts = URLSafeSerializer(secret, salt="receipt")

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/transcript", self.transcript, methods=["POST"]),
            Route("/restart", self.restart, methods=["POST"]),
            Route("/delete", self.delete, methods=["POST"]),
            Route("/receipt/{receipt}", self.receipt, methods=["GET"]),
        ]

    async def _form(self, request: Request) -> dict[str, str]:
        await self.chat.rates.hit("address", address_of(request))
        return await read_form(request, self.chat.options.max_form_bytes)

    def _conversation(self, request: Request, form: Mapping[str, str]) -> str:
        """The bare id of the form's or the browser's conversation; raises a 404 `Problem` if there is none."""
        given = form.get("conversation")
        conversation = self.chat.conversations.check(given) if given else cookie_conversation(request, self.chat)
        if conversation is None:
            raise no_such_conversation()
        return conversation

    def _forget_cookie(self, response: Response) -> None:
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self.chat.settings.secure_cookies)

    async def transcript(self, request: Request) -> Response:
        """POST /transcript: the conversation as a text file."""
        form = await self._form(request)
        language = self.page.view(request, form.get("lang")).language
        exchanges = self.chat.transcripts.conversation(self._conversation(request, form))
        if not exchanges:
            raise no_such_conversation()
        parts = [self.page.pages.brand.name(language)]
        for exchange in exchanges:
            when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(exchange.at))
            parts.append(f"{say(language, 'You')} ({when}): {exchange.said}")
            if exchange.reply:
                parts.append(f"{say(language, 'Assistant')}: {plain_text(exchange.reply.blocks, exchange.reply.language)}")
        headers = {"Content-Disposition": 'attachment; filename="conversation.txt"'}
        return PlainTextResponse("\n\n".join(parts) + "\n", headers=headers)

    async def restart(self, request: Request) -> Response:
        """POST /restart: an empty page; what is asked next is a new conversation."""
        form = await self._form(request)
        response = RedirectResponse(self.page.view(request, form.get("lang")).address(), 303)
        self._forget_cookie(response)
        return response

    async def delete(self, request: Request) -> Response:
        """POST /delete: the conversation goes; the browser is sent to the receipt."""
        form = await self._form(request)
        view = self.page.view(request, form.get("lang"))
        conversation = self._conversation(request, form)
        if not self.chat.transcripts.conversation(conversation, last=1):
            raise no_such_conversation()
        receipt = self._receipts.dumps(await self.chat.delete(conversation))
        response = RedirectResponse(f"/receipt/{receipt}?lang={view.language}", 303)
        if cookie_conversation(request, self.chat) == conversation:
            self._forget_cookie(response)
        return response

    async def receipt(self, request: Request) -> Response:
        """GET /receipt/…: a receipt that we have signed, to be read, printed and shown."""
        try:
            receipt = self._receipts.loads(request.path_params["receipt"])
        except BadData:
            raise Problem(404, "not_found", "This is no receipt of ours.") from None
        language = self.page.view(request).language
        when = datetime.strptime(receipt["deleted_at"], "%Y-%m-%dT%H:%M:%SZ")
        written = format_datetime(when, "long", locale=WRITTEN_AS.get(language, language))
        html = self.page.pages.html("receipt.html", language, DELETED, receipt=receipt, when=written)
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})
