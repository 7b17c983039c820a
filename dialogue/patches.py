"""Three things that Rasa 3.6 does anew in every turn, done once. Rasa behaves the same without them, only slower.

`CUSTOMS_RASA_PATCHES` chooses: `1` all (the default), `0` none, or names separated by commas:

- `validator`: the check of an action's answer builds its JSON-schema validator once, not for every answer;
- `events`: the class of an event is looked up in a table, not by walking all subclasses for every event;
- `session`: connections to the action server are kept, not opened for every action. A kept connection that idles is dropped
  before the other side closes it. An action that does not answer is given up after the turn's deadline, not after 300 s.

docs/decisions/0002-dialogue-engine.md says what they gain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import jsonschema
from jsonschema.validators import validator_for
from rasa.core.actions import action as actions
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

# The action server's web server closes an idle connection after 120 s.
IDLE_S = 15.0


class UnknownPatchError(ValueError):
    """CUSTOMS_RASA_PATCHES names a patch that there is not."""


def cache_validator() -> None:
    """Check each answer of an action with one validator that is built now."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        for error in validator.iter_errors(result):
            raise jsonschema.ValidationError(
                f"The answer of action {self.name()!r} is not of Rasa's form: {error.message}. "
                "See https://rasa.com/docs/rasa/custom-actions"
            )
        return True

    RemoteAction._validate_action_result = validate


def cache_event_classes() -> None:
    """Remember the class of each event name once it has been found."""
    find: Callable[..., type[Event] | None] = Event.resolve_by_type
    found: dict[str, type[Event]] = {}

    def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        event_class = found.get(type_name)
        if event_class is None:
            event_class = find(type_name, default)
            if event_class is not None and event_class is not default:
                found[type_name] = event_class
        return event_class

    Event.resolve_by_type = staticmethod(resolve)


class _Kept:
    """Stands for a session in `async with`, and leaves it open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        return None


def keep_sessions(deadline_s: float) -> None:
    """Keep one HTTP session an endpoint and event loop; give an action up after `deadline_s` seconds."""
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


def chosen(text: str) -> set[str]:
    """The patches that a value of CUSTOMS_RASA_PATCHES names. Raises `UnknownPatchError`."""
    names: list[str] = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names in (["1"], ["true"], ["on"], []):
        return set(PATCHES)
    if names in (["0"], ["false"], ["off"]):
        return set()
    if unknown := set(names) - set(PATCHES):
        raise UnknownPatchError(
            f"CUSTOMS_RASA_PATCHES names {', '.join(sorted(unknown))}; expected 1, 0 or some of {', '.join(PATCHES)}."
        )
    return set(names)


PATCHES: dict[str, Callable[[float], None]] = {
    "validator": lambda deadline_s: cache_validator(),
    "events": lambda deadline_s: cache_event_classes(),
    "session": keep_sessions,
}


def apply(text: str, deadline_s: float) -> list[str]:
    """Apply the patches that `text` (the value of CUSTOMS_RASA_PATCHES) names; their names come back, in order."""
    names = [name for name in PATCHES if name in chosen(text)]
    for name in names:
        PATCHES[name](deadline_s)
    return names
