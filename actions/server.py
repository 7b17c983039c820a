"""The action server: rasa-sdk's executor behind its protocol, in one process, with the knowledge loaded before the first request.

The stock command would load the encoder twice and, with this version of Sanic, crash (docs/decisions/0002-dialogue-engine.md);
its application checks the origin of a browser, measures a trace and builds models for every call, which no caller of ours reads.
So the protocol is spoken here, as one ASGI application:

- `POST /webhook`: run an action. 400 when it refuses, 404 when there is no such action, 449 when it needs a domain that was not
  sent, 500 when it fails, each with `{error, action_name?}`;
- `POST /sum/allowance`, `/sum/duty`, `/sum/cash`: a sum for programs (actions/sums/service.py);
- `POST /ahead` `{text}`: a question that an action will be asked next; 202 at once, and its vectors are made meanwhile;
- `POST /forget` `{conversation}`: the ratings of a conversation are deleted: `{deleted}`, how many; 503 when they cannot be;
- `GET /ready`: 200 once a release is served; `GET /health`: the process lives; `GET /actions`: the names of the actions.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException

from actions.base import CustomsAction, Service
from actions.feedback import forget_feedback, forget_old_feedback, ratings
from actions.in_context import read_words
from actions.knowledge import Knowledge
from actions.reply import say
from actions.sums.service import FIELDS, sum_up
from actions.sums.warm import warm_up as warm_up_sums
from customs.memory import keep_what_is_loaded
from customs.settings import Settings
from knowledge_base.language import identify
from knowledge_base.places import find_places
from knowledge_base.search import Question

log = logging.getLogger("actions")

SUBJECTS = ("answer", "choices", "feedback", "handover", "small_talk", "sums.forms")
# Rasa keeps its connections for a shorter time (dialogue/patches/calls.py): it must not send into one that is closing.
KEEP_ALIVE_S = 120
SWEEP_EVERY_S = 3600.0
# A conversation of sixty events is some 100 kB.
MAX_BODY_BYTES = 10_000_000

_REFUSED = (ActionExecutionRejection, ActionNotFoundException, ActionMissingDomainException)
_STATUS = dict(zip(_REFUSED, (400, 404, 449)))

Answer = tuple[int, Any]


def action_classes() -> list[type[CustomsAction]]:
    """Every action of ours."""
    modules = [importlib.import_module(f"actions.{subject}") for subject in SUBJECTS]
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, CustomsAction)
        and thing.__module__ == module.__name__
        and thing.action_name
    ]


def warm_up(settings: Settings, knowledge: Knowledge) -> None:
    """Use once what is loaded when it is first used, so that the first asker does not wait for it."""
    for language in settings.languages:
        say(language, "Related questions")
    identify("how much wine can i bring", settings.languages)
    find_places("to dubai")
    read_words()
    warm_up_sums(settings.languages)
    if knowledge.served:
        knowledge.searcher.search(Question("how much wine can i bring"))


class ActionServer:
    """The ASGI application: `executor` runs the actions, `knowledge` says whether it can answer.

    Of a longer question than `max_characters` the actions read the beginning only.
    """

    def __init__(self, executor: ActionExecutor, knowledge: Knowledge, max_characters: int) -> None:
        self.executor = executor
        self.knowledge = knowledge
        self.max_characters = max_characters
        self._ahead_of: asyncio.Task[None] | None = None
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any], Callable[..., Any]], Awaitable[Answer]]] = {
            ("POST", "/webhook"): self._webhook,
            ("POST", "/ahead"): self._ahead,
            ("POST", "/forget"): self._forget,
            **{("POST", f"/sum/{kind}"): partial(self._sum, kind) for kind in FIELDS},
            ("GET", "/ready"): self._ready,
            ("GET", "/health"): self._health,
            ("GET", "/actions"): self._actions,
        }

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer one HTTP request."""
        route = self._routes.get((scope["method"], scope["path"]))
        status, content = await route(scope, receive) if route else (404, {"error": f"There is no {scope['path']}."})
        body = json.dumps(content).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _webhook(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        try:
            call = json.loads(await _body(scope, receive))
        except (ValueError, RecursionError, zlib.error) as error:
            return 400, {"error": f"The body is not a JSON object: {error}"}
        if not isinstance(call, dict):
            return 400, {"error": f"The body is not a JSON object but {type(call).__name__}."}
        try:
            result = await self.executor.run(call)
        except _REFUSED as error:
            log.warning("%s", error.message)
            return _STATUS[type(error)], {"error": error.message, "action_name": error.action_name}
        except Exception as error:  # a malformed call; the actions themselves never fail
            log.exception("The call of action %.80r failed", call.get("next_action"))
            return 500, {"error": f"{type(error).__name__}: {error}"}
        return 200, {"events": result.events, "responses": result.responses} if result else None

    async def _ahead(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        try:
            text = json.loads(await _body(scope, receive))["text"]
            if not isinstance(text, str):
                raise TypeError(f"text is {type(text).__name__}")
        except (ValueError, RecursionError, zlib.error, TypeError, KeyError) as error:
            return 400, {"error": f"The body is not {{text}}: {error}"}
        if self._ahead_of is None or self._ahead_of.done():  # one at a time: it is there to use a core that is free
            work = asyncio.to_thread(self.knowledge.encode_ahead, text[: self.max_characters])
            self._ahead_of = asyncio.create_task(work)
            self._ahead_of.add_done_callback(_note_failure)
        return 202, {}

    async def _forget(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        try:
            conversation = json.loads(await _body(scope, receive))["conversation"]
            if not isinstance(conversation, str):
                raise TypeError(f"conversation is {type(conversation).__name__}")
        except (ValueError, RecursionError, zlib.error, TypeError, KeyError) as error:
            return 400, {"error": f"The body is not {{conversation}}: {error}"}
        try:
            return 200, {"deleted": await asyncio.to_thread(forget_feedback, ratings(Service.settings), conversation)}
        except (OSError, sqlite3.Error) as error:
            log.error("conversation %.80s: its ratings could not be deleted: %s", conversation, error)
            return 503, {"error": f"The ratings could not be deleted: {error}"}

    async def _sum(self, kind: str, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        try:
            request = json.loads(await _body(scope, receive))
        except (ValueError, RecursionError, zlib.error) as error:
            return 400, {"error": "malformed_json", "message": f"The body cannot be read as JSON: {error}"}
        try:
            work = asyncio.to_thread(sum_up, kind, request, Service.settings, self.knowledge)
            return await asyncio.wait_for(work, Service.settings.action_deadline_s)
        except asyncio.TimeoutError:
            return 504, {"error": "timeout", "message": "The sum takes longer than it should. Try again."}
        except Exception:
            log.exception("The sum of %s failed", kind)
            return 500, {"error": "internal", "message": "Something went wrong on our side; it has been logged."}

    async def _ready(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        state = {"release": self.knowledge.release_id, "problem": self.knowledge.problem}
        return 200 if self.knowledge.release_id else 503, state

    async def _health(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        return 200, {"status": "ok"}

    async def _actions(self, scope: dict[str, Any], receive: Callable[..., Any]) -> Answer:
        return 200, [{"name": name} for name in self.executor.actions]


async def _body(scope: dict[str, Any], receive: Callable[..., Any]) -> bytes:
    """The request's body, unpacked when it is deflated, as Rasa does it when it is told to. Raises ValueError when too long."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"it has more than {MAX_BODY_BYTES} bytes")
    if (b"content-encoding", b"deflate") in scope["headers"]:
        return zlib.decompressobj().decompress(bytes(body), MAX_BODY_BYTES)
    return bytes(body)


def _note_failure(ahead: asyncio.Task[None]) -> None:
    if not ahead.cancelled() and (error := ahead.exception()):
        log.warning("A question could not be encoded ahead: %r", error)  # the action will meet and tell it


def sweep_ratings(settings: Settings) -> None:
    """Delete the ratings that are older than CUSTOMS_FEEDBACK_DAYS; a fault is logged, and the next hour tries again."""
    try:
        if gone := forget_old_feedback(ratings(settings), settings.feedback_days):
            log.info("%d ratings older than %g days were deleted", gone, settings.feedback_days)
    except (OSError, sqlite3.Error) as error:
        log.error("Old ratings could not be deleted: %s", error)


def _sweep_hourly(settings: Settings) -> None:
    while True:
        sweep_ratings(settings)
        time.sleep(SWEEP_EVERY_S)


def make_app(settings: Settings) -> ActionServer:
    """The action server's application; the knowledge base is open when it returns."""
    knowledge = Knowledge(settings)
    Service.start(settings, knowledge)
    warm_up(settings, knowledge)
    executor = ActionExecutor()
    for action in action_classes():
        executor.register_action(action)
    knowledge.watch(settings.release_poll_s)
    threading.Thread(target=_sweep_hourly, args=(settings,), name="ratings", daemon=True).start()
    return ActionServer(executor, knowledge, settings.max_question_chars)


def run(settings: Settings) -> None:
    """Serve until stopped, on the address of CUSTOMS_ACTIONS_URL (loopback by default)."""
    address = urlsplit(settings.actions_url)
    app = make_app(settings)
    keep_what_is_loaded()
    uvicorn.run(
        app, host=address.hostname or "127.0.0.1", port=address.port or 5055, lifespan="off",
        log_config=None, access_log=False, server_header=False, date_header=False, proxy_headers=False,
        ws="none", timeout_keep_alive=KEEP_ALIVE_S, timeout_graceful_shutdown=20,
    )  # fmt: skip
