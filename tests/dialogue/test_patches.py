"""The patches of Rasa: same behaviour, and one switch."""

import asyncio

import jsonschema
import pytest
import rasa.shared.utils.common
from aiohttp import web
from rasa.core.actions import action as actions
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet, deserialise_events
from rasa.utils.endpoints import EndpointConfig

from dialogue import patches


@pytest.fixture(autouse=True)
def undo():
    kept = [
        (RemoteAction, "_validate_action_result", RemoteAction._validate_action_result),
        (Event, "resolve_by_type", Event.__dict__["resolve_by_type"]),
        (EndpointConfig, "session", EndpointConfig.session),
        (actions, "DEFAULT_REQUEST_TIMEOUT", actions.DEFAULT_REQUEST_TIMEOUT),
    ]
    yield
    for owner, name, value in kept:
        setattr(owner, name, value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", ["validator", "events", "session"]),
        ("", ["validator", "events", "session"]),
        ("0", []),
        ("off", []),
        ("session, validator", ["validator", "session"]),
    ],
)
def test_one_switch_chooses(text, expected):
    assert patches.apply(text, 15.0) == expected


def test_an_unknown_name_is_refused():
    with pytest.raises(patches.UnknownPatchError, match="sesion.*validator, events, session"):
        patches.apply("sesion", 15.0)


GOOD = [
    {"events": [], "responses": []},
    {
        "events": [{"event": "slot", "name": "language", "value": "ar"}],
        "responses": [{"text": "x", "custom": {"a": []}}],
    },
    {"events": [{"event": "restart"}], "responses": []},
    {},
]
BAD = [
    {"events": "none", "responses": []},
    {"events": [{"event": "session_ended"}], "responses": []},
    {"events": [{"event": "slot"}], "responses": []},
    {"events": [], "responses": ["text"]},
    ["not an object"],
]


@pytest.mark.parametrize("cached", [False, True], ids=["stock", "cached"])
def test_answers_are_judged_as_before(cached):
    if cached:
        patches.cache_validator()
    action = RemoteAction("action_help", None)
    for answer in GOOD:
        assert action._validate_action_result(answer) is True
    for answer in BAD:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(answer)


def test_event_classes_are_found_as_before_and_once(monkeypatch):
    names = sorted({cls.type_name for cls in rasa.shared.utils.common.all_subclasses(Event)})
    before = {name: Event.resolve_by_type(name) for name in names}
    patches.cache_event_classes()
    assert {name: Event.resolve_by_type(name) for name in names} == before
    assert Event.resolve_by_type("no_such_event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")
    walks = []
    monkeypatch.setattr(rasa.shared.utils.common, "all_subclasses", lambda cls: walks.append(cls) or [])
    assert deserialise_events([{"event": "slot", "name": "language", "value": "ar"}]) == [SlotSet("language", "ar")]
    assert walks == []


def connections_of(requests, pause_s=0.0):
    """The number of connections that a server sees for so many requests of one endpoint."""
    seen = set()

    async def hook(request):
        seen.add(request.transport.get_extra_info("peername"))
        response = web.json_response({"events": [], "responses": []})
        response.set_cookie("who", "me")
        assert not request.cookies
        return response

    async def talk():
        app = web.Application()
        app.router.add_post("/webhook", hook)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        endpoint = EndpointConfig(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/webhook")
        for _ in range(requests):
            assert await endpoint.request(json={}) == {"events": [], "responses": []}
            await asyncio.sleep(pause_s)
        await runner.cleanup()

    asyncio.run(talk())
    return len(seen)


def test_one_connection_serves_many_actions():
    assert connections_of(4) == 4
    patches.keep_sessions(15.0)
    assert connections_of(4) == 1
    assert actions.DEFAULT_REQUEST_TIMEOUT == 15.0


def test_a_connection_that_idled_is_not_used_again(monkeypatch):
    monkeypatch.setattr(patches, "IDLE_S", 0.05)
    patches.keep_sessions(15.0)
    assert connections_of(3, pause_s=0.3) == 3
