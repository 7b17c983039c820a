"""The action server: Rasa's own, in one process, with the knowledge loaded before the first request.

The stock command would load the encoder twice and, with this version of Sanic, crash; docs/decisions/0002-dialogue-engine.md.
"""

from __future__ import annotations

import importlib
import logging
from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response

from actions.base import CustomsAction, Service
from actions.knowledge import Knowledge
from customs.settings import Settings

SUBJECTS = ("answer", "choices", "feedback", "handover", "small_talk")


def action_classes() -> list[type[CustomsAction]]:
    """Every action of ours."""
    modules = [importlib.import_module(f"actions.{subject}") for subject in SUBJECTS]
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, CustomsAction) and thing.__module__ == module.__name__
    ]


def make_app(settings: Settings) -> Sanic:
    """The action server's application; the knowledge base is open when it returns."""
    knowledge = Knowledge(settings)
    Service.start(settings, knowledge)
    executor = ActionExecutor()
    for action in action_classes():
        executor.register_action(action)
    app = create_app(executor)

    # `/health` is Rasa's own and only says that the process lives.
    @app.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        state = {"release": knowledge.release_id, "problem": knowledge.problem}
        return json_response(state, status=200 if knowledge.release_id else 503)

    knowledge.watch(settings.release_poll_s)
    return app


def run(settings: Settings) -> None:
    """Serve until stopped, on the address of CUSTOMS_ACTIONS_URL (loopback by default)."""
    address = urlsplit(settings.actions_url)
    app = make_app(settings)
    logging.getLogger("sanic.root").setLevel(logging.WARNING)
    app.run(
        host=address.hostname or "127.0.0.1", port=address.port or 5055,
        single_process=True, access_log=False, motd=False,
    )  # fmt: skip
