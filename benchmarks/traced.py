"""The service's processes with their stages noted, for the breakdown: `python -m benchmarks.traced PART TRACE …`.

    rasa TRACE --port … --model …    our dialogue engine (Rasa's environment), instead of dialogue.serve
    stock TRACE run --port …         a stock Rasa (its environment), instead of `rasa`
    stock-actions TRACE --actions …  a stock action server
    actions TRACE                    our action server, instead of `customs serve actions`
    chat TRACE                       our chat, instead of `customs serve chat`

Production code knows nothing of this: the calls are wrapped from here.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.notes import Trace
from customs.settings import Settings


def trace_rasa(trace: Trace) -> None:
    """Stages inside Rasa. The innermost tracker store is what is measured, under whatever wraps it."""
    import rasa.core.tracker_store as stores
    from rasa.core.actions.action import RemoteAction
    from rasa.core.processor import MessageProcessor
    from rasa.utils.endpoints import EndpointConfig

    trace.wrap(MessageProcessor, "handle_message", "rasa.message")
    trace.wrap(MessageProcessor, "_parse_message_with_graph", "rasa.nlu")
    trace.wrap(MessageProcessor, "_predict_next_with_tracker", "rasa.policy")
    trace.wrap(MessageProcessor, "run_action_extract_slots", "rasa.slots")
    trace.wrap(RemoteAction, "run", "rasa.action")
    trace.wrap(EndpointConfig, "request", "rasa.action_http")
    trace.wrap(stores.FailSafeTrackerStore, "retrieve", "rasa.store")
    trace.wrap(stores.FailSafeTrackerStore, "save", "rasa.store")


def trace_executor(trace: Trace) -> None:
    """The whole of an action server's work on one action, in rasa-sdk of either age."""
    from rasa_sdk.executor import ActionExecutor

    trace.wrap(ActionExecutor, "run", "actions.run")


def rasa(trace: Trace, arguments: list[str]) -> int:
    """Our dialogue engine. What it patches in Rasa is patched after, over the outer calls that are wrapped here."""
    from dialogue.environment import quieten
    from dialogue.serve import main

    quieten()
    trace_rasa(trace)
    return main(arguments)


def stock(trace: Trace, arguments: list[str]) -> int:
    """A stock Rasa's command line."""
    trace_rasa(trace)
    from rasa.__main__ import main

    sys.argv = ["rasa", *arguments]
    main()
    return 0


def stock_actions(trace: Trace, arguments: list[str]) -> int:
    """A stock action server's command line."""
    trace_executor(trace)
    from rasa_sdk.__main__ import main

    sys.argv = ["rasa_sdk", *arguments]
    main()
    return 0


def action_server(trace: Trace, arguments: list[str]) -> int:
    """Our action server."""
    from actions.server import run

    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper())
    trace_actions(trace)
    run(settings)
    return 0


def trace_actions(trace: Trace) -> None:
    """Stages inside our actions."""
    import actions.base
    from knowledge_base.places import Administrations
    from knowledge_base.search import Searcher

    trace_executor(trace)
    trace.wrap(actions.base, "read_turn", "actions.language")
    trace.wrap(Administrations, "find", "actions.places")
    trace_search(trace, Searcher)


def trace_search(trace: Trace, searcher: Any) -> None:
    """`Found.seconds` says how long encoding took; the rest of a search is finding. What is remembered is no search."""
    search = searcher.search_anew

    def noted(self: Any, question: Any) -> Any:
        start = time.perf_counter()
        found = search(self, question)
        end = time.perf_counter()
        middle = start + found.seconds["encode"]
        trace.add("search.encode", start, middle)
        trace.add("search.find", middle, end)
        return found

    searcher.search_anew = noted


def chat(trace: Trace, arguments: list[str]) -> int:
    """Our chat."""
    import uvicorn

    from bot.web.app import create_app

    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper())
    trace_chat(trace)
    uvicorn.run(
        create_app(settings), host=settings.chat_host, port=settings.chat_port, log_config=None, access_log=False,
        server_header=False, proxy_headers=True,
    )  # fmt: skip
    return 0


def trace_chat(trace: Trace) -> None:
    """Stages inside our chat."""
    from bot.rasa_client import RasaClient
    from bot.transcripts import Transcripts

    trace.wrap(RasaClient, "ask", "chat.rasa")
    trace.wrap(Transcripts, "begin", "chat.transcript")
    trace.wrap(Transcripts, "finish", "chat.transcript")


PARTS = {"rasa": rasa, "stock": stock, "stock-actions": stock_actions, "actions": action_server, "chat": chat}


def main(arguments: list[str]) -> int:
    if len(arguments) < 2 or arguments[0] not in PARTS:
        print(__doc__, file=sys.stderr)
        return 2
    part, path, *rest = arguments
    return PARTS[part](Trace(Path(path)), rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
