"""The chat page. It works without JavaScript: a form is posted to /ask, the answer is on the page that follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.turn import PayloadError, check_payload
from bot.web.api import address_of, cookie_conversation, set_cookie
from bot.web.brand import Brand
from bot.web.chat import Chat, Said
from bot.web.fields import KEY, read_form
from bot.web.language import best_language, numeral
from bot.web.problems import Problem
from bot.web.render import Pages, say, static_files

# What the page says for a refusal's code; the API's own sentences are for developers.
REFUSALS = {
    "too_many_messages": "Too many questions in a short time. Please wait {seconds} seconds, then try again.",
    "body_too_large": "Your question is too long. Please shorten it.",
    "foreign_origin": "This was sent from another site. Please send your question from here.",
    "not_found": "This page does not exist.",
    "no_such_conversation": "This conversation does not exist, or it was deleted already.",
}
# The pages beside the chat itself.
STATEMENT = "Accessibility statement"
DELETED = "Your conversation was deleted"
TITLES = ("Ask customs", STATEMENT, DELETED)
OTHERWISE = "Something went wrong. Please try again."
MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class View:
    """What the page's address chooses: its language and, perhaps, an administration."""

    language: str
    administration: str

    def address(self, anchor: str = "") -> str:
        """The page's address with these choices."""
        chosen = {"lang": self.language, "administration": self.administration}
        return "/?" + urlencode({key: value for key, value in chosen.items() if value}) + anchor


class Page:
    """The page's routes, for one `Chat` under one `Brand`."""

    def __init__(self, chat: Chat, brand: Brand) -> None:
        self.chat = chat
        self.static = static_files(brand)
        self.pages = Pages({name: version for name, (_, version) in self.static.items()}, brand)
        self.names = chat.names()

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/shell", self.shell, methods=["GET"]),
            Route("/ask", self.ask, methods=["GET", "POST"]),
            Route("/accessibility", self.accessibility, methods=["GET"]),
            Route("/static/{name}", self.asset, methods=["GET"]),
        ]

    def view(self, request: Request, language: str | None = None, administration: str | None = None) -> View:
        """The choices of a form or an address; what is not on offer counts as not chosen."""
        settings = self.chat.settings
        language = language or request.query_params.get("lang", "")
        administration = administration or request.query_params.get("administration", "")
        if language not in settings.languages:
            wished = request.headers.get("accept-language", "")
            language = best_language(wished, settings.languages, settings.default_language)
        return View(language, administration if administration in settings.administrations else "")

    def page(
        self,
        request: Request,
        view: View,
        status: int = 200,
        draft: str = "",
        problem: str = "",
        conversation: str | None = None,
    ) -> Response:
        """The whole page, with the conversation so far, if there is one."""
        html = self.pages.html(
            "page.html",
            view.language,
            languages=self.chat.settings.languages,
            administrations=self.names,
            administration=view.administration,
            exchanges=self.chat.transcripts.conversation(conversation, last=50) if conversation else [],
            key=secrets.token_urlsafe(16),
            limit=self.chat.settings.max_question_chars,
            draft=draft,
            problem=problem,
        )
        return HTMLResponse(html, status, headers={"Vary": "Cookie, Accept-Language"})

    async def show(self, request: Request) -> Response:
        """GET /: the page."""
        return self.page(request, self.view(request), conversation=cookie_conversation(request, self.chat))

    async def shell(self, request: Request) -> Response:
        """GET /shell: the page without any conversation, for a browser to keep until there is no line."""
        return self.page(request, self.view(request))

    async def accessibility(self, request: Request) -> Response:
        """GET /accessibility: what is known about who can use the page."""
        html = self.pages.html("accessibility.html", self.view(request).language, STATEMENT)
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    async def ask(self, request: Request) -> Response:
        """POST /ask: take the question, then send the browser to the answer. GET, a reload or a link: to the page."""
        if request.method != "POST":
            return RedirectResponse(self.view(request).address(), 303)
        try:
            form = await read_form(request, self.chat.options.max_form_bytes)
        except Problem as problem:
            return self.refuse(request, problem)
        view = self.view(request, form.get("lang"), form.get("administration"))
        payload, _, title = form.get("choice", "").partition("|")
        text = form.get("suggestion") or form.get("text", "")
        key = form.get("key", "")
        try:
            said = Said(
                text=title if payload else text,
                payload=check_payload(payload) if payload else None,
                conversation=cookie_conversation(request, self.chat),
                administration=view.administration or None,
                language=view.language,
                key=key if KEY.fullmatch(key) else None,
            )
            if not payload and not text.strip():
                return RedirectResponse(view.address("#text"), 303)
            reply = await self._take(said, request)
        except PayloadError as error:
            return self.refuse(request, Problem(422, "invalid_field", str(error)), view)
        except Problem as problem:
            return self.refuse(request, problem, view, form.get("text", ""))
        chosen = self.view(request, view.language, reply.administration or view.administration)
        response = RedirectResponse(chosen.address("#latest"), 303)
        if said.conversation != reply.conversation:
            set_cookie(response, self.chat, reply.conversation)
        return response

    async def _take(self, said: Said, request: Request):
        try:
            return await self.chat.take(said, address_of(request))
        except Problem as problem:
            if problem.error != "key_reused":
                raise
            # The browser's "back" brings a page with a used key: another text in it is another message.
            return await self.chat.take(Said(**{**vars(said), "key": None}), address_of(request))

    def _sentence(self, problem: Problem, language: str) -> str:
        seconds = numeral(problem.headers.get("Retry-After", "60"), language)
        return say(language, REFUSALS.get(problem.error, OTHERWISE), seconds=seconds)

    def refuse(self, request: Request, problem: Problem, view: View | None = None, draft: str = "") -> Response:
        """The page again, with what was wrong and the question still in its field."""
        self.chat.metrics.refused(problem.error)
        view = view or self.view(request)
        conversation = cookie_conversation(request, self.chat)
        sentence = self._sentence(problem, view.language)
        response = self.page(request, view, problem.status, draft, sentence, conversation)
        response.headers.update(problem.headers)
        return response

    def error(self, request: Request, problem: Problem) -> Response:
        """A small page for an address that does not exist and the like."""
        language = self.view(request).language
        html = self.pages.html("error.html", language, message=self._sentence(problem, language))
        return HTMLResponse(html, problem.status, headers=problem.headers)

    async def asset(self, request: Request) -> Response:
        """GET /static/…: a file of the page; kept forever when asked for by its version."""
        name = request.path_params["name"]
        if name not in self.static:
            raise Problem(404, "not_found", "There is no such file.")
        content, version = self.static[name]
        current = request.query_params.get("v") == version
        headers = {"Cache-Control": FOREVER if current else "no-cache"}
        return Response(content, media_type=MEDIA_TYPES[name.rpartition(".")[2].lower()], headers=headers)
