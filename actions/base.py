"""What every action shares: the turn, a deadline, and an honest reply when something goes wrong."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.context import Turn, bare_turn, read_turn
from actions.knowledge import Knowledge
from actions.reply import Reply, say, send, sets
from actions.switched_off import keep_to_switches
from customs.asked import Recorder
from customs.blocks import notice
from customs.settings import Settings
from knowledge_base.errors import ReleaseError
from knowledge_base.switches import FILE as SWITCHES
from knowledge_base.switches import Switchboard, Switches

log = logging.getLogger("actions")

_FAILURES = {
    "timeout": "This takes longer than it should. Please ask again.",
    "no_release": "The guidance cannot be read just now. Please try again later.",
    "error": "Something went wrong on our side. Please ask again.",
    "empty": "Your message was empty. Write your customs question in a few words.",
}


class Service:
    """The settings, the knowledge base and the switches, made once when the server starts (or by a test)."""

    settings: Settings
    knowledge: Knowledge
    switchboard: Switchboard | None = None
    recorder: Recorder | None = None

    @classmethod
    def start(cls, settings: Settings, knowledge: Knowledge) -> None:
        cls.settings = settings
        cls.knowledge = knowledge
        cls.recorder = Recorder.of(settings)
        # Beside the releases, as these are what replicas share.
        cls.switchboard = Switchboard(settings.var_dir / "releases" / SWITCHES)

    @classmethod
    def switches(cls) -> Switches:
        """What is switched off at this moment."""
        return cls.switchboard.current() if cls.switchboard else Switches()


class CustomsAction(Action, ABC):
    """Base of our actions. A subclass has `action_name` and `reply(turn, tracker)`, which may block: it runs in a thread."""

    action_name = ""

    def name(self) -> str:
        return self.action_name

    @abstractmethod
    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        """What to answer in this turn. May raise: the caller turns it into an honest failure."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Utter exactly one reply and return its events; whatever goes wrong becomes a reply with outcome `failed`."""
        started = time.perf_counter()
        settings, knowledge = Service.settings, Service.knowledge
        turn = bare_turn(tracker, settings)

        def work() -> Reply:
            nonlocal turn
            turn = read_turn(tracker, settings, knowledge.served, knowledge.problem, Service.switches())
            return keep_to_switches(turn, self.reply(turn, tracker), settings.public_url)

        try:
            reply = await asyncio.wait_for(asyncio.to_thread(work), settings.action_deadline_s)
            send(dispatcher, turn, reply)
        except asyncio.TimeoutError:
            log.warning(
                "conversation %s: %s passed its deadline of %s s, request %s",
                turn.conversation, self.name(), settings.action_deadline_s, turn.request_id,
            )  # fmt: skip
            reply = _send_failure(dispatcher, turn, "timeout")
        except ReleaseError as error:
            log.error("conversation %s: %s, request %s", turn.conversation, error, turn.request_id)
            reply = _send_failure(dispatcher, turn, "no_release")
        except Exception:
            log.exception("conversation %s: %s failed on request %s", turn.conversation, self.name(), turn.request_id)
            reply = _send_failure(dispatcher, turn, "error")
        log.info(
            "turn conversation=%s request=%s action=%s outcome=%s reason=%s administration=%s entry=%s language=%s ms=%.1f",
            turn.conversation, turn.request_id, self.name(), reply.outcome, reply.reason,
            reply.administration or turn.administration, reply.entry, reply.language or turn.language,
            (time.perf_counter() - started) * 1000,
        )  # fmt: skip
        events = list(reply.events)
        # Only a language that the text itself shows is remembered: what a page was set to is told with every turn.
        if turn.tells_language and tracker.slots.get("language") != turn.language and not sets(events, "language"):
            events.append(SlotSet("language", turn.language))
        return events


def failed(turn: Turn, reason: str) -> Reply:
    """An honest reply when the service could not do its work."""
    return Reply("failed", [notice(say(turn.language, _FAILURES[reason]), "warning")], reason)


def _send_failure(dispatcher: CollectingDispatcher, turn: Turn, reason: str) -> Reply:
    reply = failed(turn, reason)
    send(dispatcher, turn, reply)
    return reply
