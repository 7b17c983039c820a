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
from actions.reply import say
from customs.settings import Settings
from knowledge_base.language import identify
from knowledge_base.places import find_places
from knowledge_base.search import Question

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


def warm_up(settings: Settings, knowledge: Knowledge) -> None:
    """Use once what is loaded when it is first used, so that the first asker does not wait for it."""
    for language in settings.languages:
        say(language, "checked on")
    identify("how much wine can i bring", settings.languages)
    find_places("to dubai")
    if knowledge.served:
        knowledge.searcher.search(Question("how much wine can i bring"))


def make_app(settings: Settings) -> Sanic:
    """The action server's application; the knowledge base is open when it returns."""
    knowledge = Knowledge(settings)
    Service.start(settings, knowledge)
    warm_up(settings, knowledge)
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
