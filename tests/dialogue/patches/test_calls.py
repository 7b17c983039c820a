"""Patches of the call of an action."""

import asyncio
import itertools

import aiohttp
import jsonschema
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.core.actions import action as actions
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig

from dialogue.patches import calls
from tests.dialogue.patches.conftest import random_events, tracker_of

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
        calls.judge_quickly()
    action = RemoteAction("action_help", None)
    for answer in GOOD:
        assert action._validate_action_result(answer) is True
    for answer in BAD:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(answer)


def test_only_what_the_schema_allows_is_taken_at_sight():
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())
    names = [{}, {"event": "slot"}, {"event": "restart"}, {"event": "action"}, {"event": "session_ended"}, {"event": 7}]
    keys = [{}, {"name": "language"}, {"name": 7}, {"name": "x", "value": None}]
    times = [{}, {"timestamp": None}, {"timestamp": 1.5}, {"timestamp": "now"}, {"timestamp": True}]
    more = [{}, {"metadata": None}, {"metadata": {"a": 1}}, {"metadata": []}]
    events = [a | b | c | d for a, b, c, d in itertools.product(names, keys, times, more)] + [None, "slot", []]
    answers = [{"events": [event], "responses": []} for event in events]
    answers += [{"responses": [7]}, {"events": None}, {"responses": None}, [], None, {"responses": [{}, {"text": 7}]}]
    at_sight = [answer for answer in answers if calls.is_plain_answer(answer)]
    assert len(at_sight) > 10
    assert all(validator.is_valid(answer) for answer in at_sight)


@pytest.mark.parametrize("seed", range(20))
def test_an_action_is_sent_its_turn_and_the_state_of_all(seed, domain):
    tracker = tracker_of(random_events(seed), domain)
    action = RemoteAction("action_answer_question", None)
    whole = action._action_call_format(tracker, domain)
    calls.send_less()
    short = action._action_call_format(tracker, domain)
    events = short["tracker"].pop("events")
    all_events = whole["tracker"].pop("events")
    assert short["tracker"] == whole["tracker"]
    assert short.pop("domain") == {}
    assert whole.pop("domain")["slots"]
    assert short == whole
    assert events == all_events[len(all_events) - len(events) :]
    said = [place for place, event in enumerate(all_events) if event["event"] == "user"]
    assert len(events) == len(all_events) - (said[-1] if said else 0)


def test_the_check_of_a_form_gets_the_domain(domain):
    calls.send_less()
    tracker = tracker_of([], domain)
    for name in ("validate_allowance_form", "action_validate_slot_mappings"):
        assert RemoteAction(name, None)._action_call_format(tracker, domain)["domain"] == domain.as_dict()


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
        async with TestServer(app) as server:
            endpoint = EndpointConfig(f"http://127.0.0.1:{server.port}/webhook")
            for _ in range(requests):
                assert await endpoint.request(json={}) == {"events": [], "responses": []}
                await asyncio.sleep(pause_s)

    asyncio.run(talk())
    return len(seen)


def test_one_connection_serves_many_actions():
    assert connections_of(4) == 4
    calls.keep_sessions(15.0)
    assert connections_of(4) == 1
    assert actions.DEFAULT_REQUEST_TIMEOUT == 15.0


def test_a_connection_that_idled_is_not_used_again(monkeypatch):
    monkeypatch.setattr(calls, "IDLE_S", 0.05)
    calls.keep_sessions(15.0)
    assert connections_of(3, pause_s=0.3) == 3


def answer_of(status, body, content_type="application/json", **endpoint):
    """What `EndpointConfig.request` gives or raises for an answer, in the stock way and over a kept link."""

    async def talk():
        async def hook(request):
            if status is None:
                request.transport.close()
            return web.Response(status=status or 200, body=body, content_type=content_type)

        app = web.Application()
        app.router.add_post("/webhook", hook)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        config = EndpointConfig(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/webhook", **endpoint)
        try:
            return await config.request(json={"a": "ك"}, method="post", timeout=5, compress=False)
        except Exception as error:
            return type(error), getattr(error, "status", None), getattr(error, "text", None)
        finally:
            await runner.cleanup()

    return asyncio.run(talk())


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, b'{"events": []}', "application/json"), (200, b"null", "application/json"), (200, b"text", "text/plain"),
        (400, b'{"action_name": "a", "error": "no"}', "application/json"), (449, b"{}", "application/json"),
        (500, b"broken", "text/plain"),
    ],
)  # fmt: skip
def test_an_answer_is_what_it_was(status, body, content_type):
    stock = answer_of(status, body, content_type)
    calls.keep_sessions(15.0)
    assert answer_of(status, body, content_type) == stock


def test_a_connection_that_breaks_is_a_fault_that_rasa_knows():
    calls.keep_sessions(15.0)
    kind, _, _ = answer_of(None, b"")
    assert issubclass(kind, aiohttp.ClientConnectionError)


def test_an_endpoint_with_more_to_it_is_asked_as_before(monkeypatch):
    calls.keep_sessions(15.0)
    monkeypatch.setattr(calls, "Link", None)
    assert answer_of(200, b"{}", token="secret") == {}
    assert answer_of(200, b"{}", basic_auth={"username": "a", "password": "b"}) == {}
    assert answer_of(200, b"{}", headers={"X-Own": "1"}) == {}
