"""What every action shares: the turn, a deadline, and an honest reply when something goes wrong."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.context import Turn, read_turn
from actions.knowledge import Knowledge
from actions.reply import Reply, say, send
from customs.blocks import notice
from customs.settings import Settings
from knowledge_base.errors import ReleaseError

log = logging.getLogger("actions")


class Service:
    """The settings and the knowledge base, made once when the server starts (or by a test)."""

    settings: Settings
    knowledge: Knowledge

    @classmethod
    def start(cls, settings: Settings, knowledge: Knowledge) -> None:
        cls.settings = settings
        cls.knowledge = knowledge


class CustomsAction(Action):
    """Base of our actions. A subclass has `action_name` and `reply(turn, tracker)`, which may block: it runs in a thread."""

    action_name = ""

    def name(self) -> str:
        return self.action_name

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        started = time.perf_counter()
        settings = Service.settings
        turn = read_turn(tracker, settings)
        try:
            reply = await asyncio.wait_for(asyncio.to_thread(self.reply, turn, tracker), settings.action_deadline_s)
        except asyncio.TimeoutError:
            log.warning(
                "conversation %s: %s passed its deadline of %s s",
                turn.conversation,
                self.name(),
                settings.action_deadline_s,
            )
            reply = failed(turn, "timeout", say(turn.language, "This takes longer than it should. Please ask again."))
        except ReleaseError as error:
            log.error("conversation %s: %s", turn.conversation, error)
            reply = failed(
                turn, "no_release", say(turn.language, "The guidance cannot be read just now. Please try again later.")
            )
        except Exception:
            log.exception("conversation %s: %s failed on request %s", turn.conversation, self.name(), turn.request_id)
            reply = failed(turn, "error", say(turn.language, "Something went wrong on our side. Please ask again."))
        send(dispatcher, turn, reply, Service.knowledge.release_id)
        log.info(
            "turn conversation=%s request=%s action=%s outcome=%s reason=%s administration=%s entry=%s language=%s ms=%.1f",
            turn.conversation, turn.request_id, self.name(), reply.outcome, reply.reason,
            reply.administration or turn.administration, reply.entry, reply.language or turn.language,
            (time.perf_counter() - started) * 1000,
        )  # fmt: skip
        events = list(reply.events)
        if tracker.get_slot("language") != turn.language and not any(
            event.get("name") == "language" for event in events
        ):
            events.append(SlotSet("language", turn.language))
        return events


def failed(turn: Turn, reason: str, text: str) -> Reply:
    """An honest reply when the service could not do its work."""
    return Reply("failed", [notice(text, "warning")], reason)
