"""Patches of the call of an action: what is sent, over which connection, and how the answer is judged."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jsonschema
import rasa
from jsonschema.validators import validator_for
from rasa.core.actions import action as actions
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from customs.wire import Link

# The action server's web server closes an idle connection later than this.
IDLE_S = 15.0

# Events of which the schema asks no more than the name; `slot` and its two keys are looked at apart.
_BARE = frozenset({"restart", "followup", "reset_slots", "active_loop", "pause", "resume", "rewind", "undo"})


def _is_plain(event: Any) -> bool:
    """Is `event` surely right by Rasa's schema? False only says that the schema has to judge."""
    if type(event) is not dict or not (event.get("timestamp") is None or type(event["timestamp"]) is float):
        return False
    if not (event.get("metadata") is None or type(event["metadata"]) is dict):
        return False
    kind = event.get("event")
    if kind == "slot":
        return type(event.get("name")) is str and "value" in event
    return type(kind) is str and kind in _BARE


def is_plain_answer(answer: Any) -> bool:
    """Is the answer of an action surely right by Rasa's schema? False only says that the schema has to judge."""
    if type(answer) is not dict:
        return False
    events, responses = answer.get("events", []), answer.get("responses", [])
    return (
        type(events) is list
        and type(responses) is list
        and all(type(response) is dict for response in responses)
        and all(map(_is_plain, events))
    )


def judge_quickly() -> None:
    """Judge the plain answers of actions at sight, and others by one validator that is built now."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if is_plain_answer(result):
            return True
        for error in validator.iter_errors(result):
            raise jsonschema.ValidationError(
                f"The answer of action {self.name()!r} is not of Rasa's form: {error.message}. "
                "See https://rasa.com/docs/rasa/custom-actions"
            )
        return True

    RemoteAction._validate_action_result = validate


def _is_bare(endpoint: EndpointConfig, arguments: dict[str, Any]) -> bool:
    """Is this JSON sent to a plain HTTP address without a token, a password or headers of its own?"""
    own = endpoint.params or endpoint.headers or endpoint.basic_auth or endpoint.token or endpoint.cafile
    plain = arguments.get("method", "post") == "post" and not arguments.get("compress")
    known = arguments.keys() <= {"method", "compress", "json", "timeout"}
    return plain and known and not own and str(endpoint.url).startswith("http://")


async def _post(link: Link, path: str, content: Any, timeout_s: float | None) -> Any:
    """As `EndpointConfig.request` answers and fails."""
    try:
        status, body = await asyncio.wait_for(link.post(path, json.dumps(content).encode()), timeout_s)
    except OSError as error:
        raise aiohttp.ClientConnectionError(str(error)) from error
    if status >= 400:
        raise ClientResponseError(status, "", body)
    try:
        return json.loads(body)
    except ValueError:
        return None


class _Kept:
    """Stands for a session in `async with`, and leaves it open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        return None


def keep_sessions(deadline_s: float) -> None:
    """Keep the connections of an endpoint, for each event loop; give an action up after `deadline_s` seconds."""
    general = EndpointConfig.request
    links: dict[tuple[int, int], tuple[EndpointConfig, Link, str]] = {}

    async def request(self: EndpointConfig, *arguments: Any, **named: Any) -> Any:
        if arguments or not _is_bare(self, named):
            return await general(self, *arguments, **named)
        key = (id(self), id(asyncio.get_running_loop()))
        if key not in links:
            parts = urlsplit(self.url)
            links[key] = (self, Link(self.url, IDLE_S), parts.path + (f"?{parts.query}" if parts.query else "") or "/")
        _, link, path = links[key]
        return await _post(link, path, named.get("json"), named.get("timeout"))

    EndpointConfig.request = request
    open_session = EndpointConfig.session
    kept: dict[tuple[int, int], tuple[EndpointConfig, aiohttp.ClientSession]] = {}

    def session(self: EndpointConfig) -> _Kept:
        key = (id(self), id(asyncio.get_running_loop()))
        if key not in kept or kept[key][1].closed:
            made = open_session(self)
            made._connector._keepalive_timeout = IDLE_S
            made._cookie_jar = aiohttp.DummyCookieJar()  # a cookie must not travel from one conversation to the next
            kept[key] = (self, made)  # holding the endpoint keeps its id from being given to another
        return _Kept(kept[key][1])

    EndpointConfig.session = session
    actions.DEFAULT_REQUEST_TIMEOUT = deadline_s


def events_of_turn(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events since the last message of the user, that one included, as plain data, oldest first."""
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        events.append(event.as_dict())
        if isinstance(event, UserUttered):
            break
    return events[::-1]


def needs_domain(name: str, domain: Domain) -> bool:
    """Does the action `name` get the domain? The checks of forms read it, and whatever domain.yml says `send_domain` of."""
    return "validate_" in name or domain.does_custom_action_explicitly_need_domain(name)


def send_less() -> None:
    """Send an action the state of its conversation with the events of the turn, not with those of all turns."""

    def call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        state = tracker.current_state(EventVerbosity.NONE)
        state["events"] = events_of_turn(tracker)
        return {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": state,
            "version": rasa.__version__,
            # Empty, not missing: rasa-sdk asks for a domain that is missing, in a way that Rasa 3.6 does not understand.
            "domain": domain.as_dict() if needs_domain(self._name, domain) else {},
        }

    RemoteAction._action_call_format = call_format
