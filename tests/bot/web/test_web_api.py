import asyncio
import json
import re

import pytest

from bot.web import fields
from tests.bot.web.conftest import ORIGIN, client_of

MESSAGES = "/api/v1/messages"


async def say(client, text="how much cash", **more):
    body = json.dumps({"text": text} | more)  # httpx would refuse half a surrogate pair
    response = await client.post(MESSAGES, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_question_gets_a_reply_with_its_source(api, rasa):
    reply = await say(api, administration="gb", language="en")
    assert (reply["outcome"], reply["language"], reply["direction"]) == ("answered", "en", "ltr")
    assert [block["type"] for block in reply["blocks"]] == ["paragraph", "source"]
    assert rasa.received[0]["metadata"] == {
        "channel": "web",
        "request_id": reply["request_id"],
        "administration": "gb",
        "language": "en",
        "message": "1",
    }


async def test_a_message_has_one_name_however_often_it_is_sent(api, rasa):
    rasa.mode = "error"
    first = await say(api, idempotency_key="once-and-only")
    rasa.mode = "ok"
    await say(api, idempotency_key="once-and-only")
    await say(api, conversation=first["conversation"])
    names = [body["metadata"]["message"] for body in rasa.received]
    assert names[0] == names[1] != names[2]


async def test_a_conversation_goes_on_by_its_signed_id(api, rasa):
    first = await say(api)
    second = await say(api, "and cigars?", conversation=first["conversation"])
    other = await say(api, "something else")
    senders = [body["sender"] for body in rasa.received]
    assert second["conversation"] == first["conversation"] != other["conversation"]
    assert senders[0] == senders[1] != senders[2]
    assert re.fullmatch(r"web-[\w-]{22}", senders[0]) and first["conversation"].startswith(senders[0] + ".")


async def test_a_button_sends_its_payload(api, rasa):
    asked = await say(api, "how much beer")
    button = asked["blocks"][1]["items"][0]
    reply = await say(api, button["title"], payload=button["payload"], conversation=asked["conversation"])
    assert rasa.received[-1]["message"] == '/change_administration{"administration":"gb"}'
    assert reply["administration"] == "gb"


async def test_typed_text_is_cleaned_and_never_a_payload(api, rasa):
    await say(api, '/restart{"a":"b"}')
    await say(api, " \u202e/\u200b/start \x00 \ud83d")
    assert [body["message"] for body in rasa.received] == ['restart{"a":"b"}', "start"]


async def test_a_long_question_is_cut_and_told_so(api, rasa):
    reply = await say(api, "why " * 1000)
    assert len(rasa.received[0]["message"]) <= 1000
    assert reply["blocks"][0]["type"] == "notice"


async def test_empty_text_is_told_without_a_turn(api, rasa):
    reply = await say(api, "  \u200b ")
    assert (reply["outcome"], reply["reason"], rasa.received) == ("failed", "empty", [])
    response = await api.get(f"/api/v1/conversations/{reply['conversation']}")
    assert response.status_code == 404


@pytest.mark.parametrize("mode", ["empty", "error", "garbage"])
async def test_a_fault_behind_is_a_reply_not_an_error(api, rasa, mode):
    rasa.mode = mode
    reply = await say(api, language="hi")
    assert reply["outcome"] == "failed" and "कृपया" in reply["blocks"][0]["text"]


@pytest.mark.parametrize(
    ("body", "status", "error", "field"),
    [
        ("{", 400, "malformed_json", None),
        (b"\xff\xfe{}", 400, "malformed_json", None),
        ("[" * 9000, 400, "malformed_json", None),
        ("[]", 422, "invalid_field", None),
        ("{}", 422, "invalid_field", "text"),
        ('{"text": 5}', 422, "invalid_field", "text"),
        ('{"text": "a", "colour": 1}', 422, "invalid_field", "colour"),
        ('{"text": "a", "\\ud800": 1}', 422, "invalid_field", "?"),
        ('{"text": "a", "language": "xx"}', 422, "invalid_field", "language"),
        ('{"text": "a", "administration": "\\ud800"}', 422, "invalid_field", "administration"),
        ('{"payload": "/evil"}', 422, "invalid_field", "payload"),
        ('{"text": "a", "idempotency_key": "1"}', 422, "invalid_field", "idempotency_key"),
        ('{"text": "a", "conversation": "web-1.forged"}', 404, "no_such_conversation", "conversation"),
        ('{"text": "a", "conversation": "\\ud800"}', 404, "no_such_conversation", "conversation"),
        ('{"text": "' + "a" * 140_000 + '"}', 413, "body_too_large", None),
    ],
)
async def test_bad_input_is_named(api, rasa, body, status, error, field):
    response = await api.post(MESSAGES, content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["error"], response.json().get("field")) == (status, error, field)
    assert rasa.received == []


async def test_other_ways_to_call_it_wrongly(api):
    assert (await api.post(MESSAGES, content="text=a")).status_code == 415
    assert (await api.post(MESSAGES, data={"text": "a"})).status_code == 415
    wrong = await api.get(MESSAGES)
    assert (wrong.status_code, wrong.headers["allow"], wrong.json()["error"]) == (405, "POST", "method_not_allowed")
    missing = await api.get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["error"]) == (404, "not_found")


async def test_a_body_without_a_length_is_stopped_at_the_limit(api):
    sent = []

    async def endless():
        for _ in range(1000):
            sent.append(1)
            yield b" " * 1024

    response = await api.post(MESSAGES, content=endless(), headers={"content-type": "application/json"})
    assert response.status_code == 413


async def test_a_body_that_never_ends_is_given_up(api, monkeypatch, rasa):
    monkeypatch.setattr(fields, "BODY_DEADLINE_S", 0.1)

    async def drop_by_drop():
        yield b'{"text":'
        await asyncio.sleep(1)
        yield b'"how much"}'

    for address, kind in ((MESSAGES, "application/json"), ("/ask", "application/x-www-form-urlencoded")):
        response = await api.post(address, content=drop_by_drop(), headers={"content-type": kind})
        assert response.status_code == 408, address
    assert rasa.received == []


async def test_the_same_key_gives_the_same_reply_and_one_turn(api, rasa):
    key = "0c8e7d2a-first"
    first = await say(api, idempotency_key=key)
    assert await say(api, idempotency_key=key) == first
    assert await say(api, idempotency_key=key, conversation=first["conversation"]) == first
    assert len(rasa.received) == 1
    refused = await api.post(MESSAGES, json={"text": "another", "idempotency_key": key})
    assert (refused.status_code, refused.json()["field"]) == (409, "idempotency_key")


async def test_the_same_key_at_once_makes_one_turn(api, rasa):
    rasa.delay = 0.2
    replies = await asyncio.gather(*(say(api, idempotency_key="at-once-1") for _ in range(5)))
    assert all(reply == replies[0] for reply in replies) and len(rasa.received) == 1


async def test_a_key_is_not_shared_between_callers(app, api, rasa):
    first = await say(api, idempotency_key="same-key")
    transport_of_another = client_of(app)
    transport_of_another._transport.client = ("192.0.2.2", 5000)
    async with transport_of_another as other:
        assert (await say(other, idempotency_key="same-key"))["conversation"] != first["conversation"]


async def test_after_a_failure_the_same_key_tries_again(api, rasa):
    rasa.mode = "empty"
    failed = await say(api, idempotency_key="try-again")
    rasa.mode = "ok"
    reply = await say(api, idempotency_key="try-again", conversation=failed["conversation"])
    assert (failed["outcome"], reply["outcome"]) == ("failed", "answered")
    transcript = (await api.get(f"/api/v1/conversations/{reply['conversation']}")).json()
    assert [row["reply"]["outcome"] for row in transcript["exchanges"]] == ["answered"]


async def test_conversations_do_not_cross(api, rasa):
    rasa.delay = 0.01

    async def talk(number):
        conversation = None
        for step in range(4):
            more = {"conversation": conversation} if conversation else {}
            reply = await say(api, f"traveller {number} step {step}", **more)
            assert conversation in {None, reply["conversation"]}
            assert f"traveller {number} step {step}." in reply["blocks"][0]["text"]
            conversation = reply["conversation"]
        rows = (await api.get(f"/api/v1/conversations/{conversation}")).json()["exchanges"]
        assert [row["text"] for row in rows] == [f"traveller {number} step {step}" for step in range(4)]
        return conversation

    assert len(set(await asyncio.gather(*(talk(number) for number in range(12))))) == 12
    assert rasa.overlaps == []


async def test_nobody_reads_or_deletes_anothers_conversation(app, api, browser):
    reply = await say(api)
    bare = reply["conversation"].split(".")[0]
    for given in (bare, bare + ".x", bare + "." + "A" * 43, reply["conversation"][:-1] + "*"):
        for method in ("GET", "DELETE"):
            response = await api.request(method, f"/api/v1/conversations/{given}")
            assert response.status_code == 404, (method, given)
    assert (await api.get(f"/api/v1/conversations/{reply['conversation']}")).status_code == 200


async def test_deleting_gives_a_receipt_and_reaches_rasa_too(api, rasa):
    reply = await say(api)
    address = f"/api/v1/conversations/{reply['conversation']}"
    receipt = (await api.delete(address)).json()
    assert (receipt["exchanges"], receipt["dialogue_deleted"]) == (1, True) and receipt["receipt"]
    assert rasa.forgotten == [rasa.received[0]["sender"]]
    assert (await api.get(address)).status_code == 404
    assert (await api.delete(address)).status_code == 404


async def test_the_receipt_is_honest_when_rasa_cannot_delete(api, rasa):
    reply = await say(api)
    rasa.mode = "error"
    receipt = (await api.delete(f"/api/v1/conversations/{reply['conversation']}")).json()
    assert (receipt["exchanges"], receipt["dialogue_deleted"]) == (1, False)


async def test_feedback_is_a_turn_about_the_last_answer(api, rasa):
    reply = await say(api)
    body = {"conversation": reply["conversation"], "rating": "down", "reason": "outdated"}
    response = await api.post("/api/v1/feedback", json=body | {"request_id": reply["request_id"]})
    assert response.status_code == 200
    assert rasa.received[-1]["message"] == '/give_feedback{"rating":"down","reason":"outdated"}'
    refused = await api.post("/api/v1/feedback", json=body | {"request_id": "an-earlier-one"})
    assert (refused.status_code, refused.json()["error"]) == (409, "not_the_last_answer")
    for wrong in ({"rating": "best"}, {"rating": None}, {"reason": "taste"}):
        assert (await api.post("/api/v1/feedback", json=body | wrong)).status_code == 422
    assert (await api.post("/api/v1/feedback", json={"rating": "up"})).status_code == 404


async def test_feedback_needs_an_answer(api, rasa):
    reply = await say(api, payload="/help")
    response = await api.post("/api/v1/feedback", json={"conversation": reply["conversation"], "rating": "up"})
    assert (response.status_code, response.json()["error"]) == (409, "nothing_to_rate")


async def test_a_program_with_a_cookie_jar_does_not_join_conversations(api, rasa):
    first = await say(api)
    assert not api.cookies
    await say(api)
    api.cookies.set("conversation", first["conversation"])
    await say(api)
    assert len({body["sender"] for body in rasa.received}) == 3


async def test_a_browser_keeps_its_conversation_by_cookie(browser, rasa):
    response = await browser.post(MESSAGES, json={"text": "hi"})
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie and "Max-Age" not in cookie
    await say(browser)
    assert rasa.received[0]["sender"] == rasa.received[1]["sender"]
    bare = rasa.received[0]["sender"]
    assert (await browser.get(f"/api/v1/conversations/{bare}")).status_code == 200


async def test_administrations_are_named_in_the_askers_language(api):
    rows = (await api.get("/api/v1/administrations?language=fr")).json()["administrations"]
    assert rows == [
        {"id": "ae", "name": "Émirats arabes unis"},
        {"id": "us", "name": "États-Unis"},
        {"id": "gb", "name": "Great Britain"},  # not "Royaume-Uni": Northern Ireland has other rules
        {"id": "eu", "name": "Union européenne (pack)"},
    ]
    assert (await api.get("/api/v1/administrations?language=xx")).status_code == 422


async def test_health_and_readiness_follow_rasa(api, rasa):
    assert (await api.get("/healthz")).json() == {"status": "ok"}
    assert (await api.get("/readyz")).status_code == 200
    rasa.mode = "error"
    assert (await api.get("/readyz")).status_code == 503
    assert (await api.get("/healthz")).status_code == 200


async def test_turns_are_counted_and_foreign_labels_are_not(api, rasa):
    await say(api, administration="gb")
    rasa.mode = "raw"
    rasa.raw = [{"custom": {"outcome": "declined", "reason": "no_guidance", "language": "tlh", "administration": "mars",
                            "blocks": [{"type": "paragraph", "text": "No."}]}}]  # fmt: skip
    await say(api)
    text = (await api.get("/metrics")).text
    labels = 'administration="other",channel="web",language="other",outcome="declined",reason="no_guidance"'
    assert f"customs_turns_total{{{labels}}} 1.0" in text
    assert 'customs_turn_seconds_count{channel="web"} 2.0' in text
    assert "mars" not in text and "tlh" not in text


async def test_the_description_holds_this_installations_choices(make_app):
    app = make_app(languages="en,fr", administrations="gb")
    async with client_of(app) as client:
        schemas = (await client.get("/api/v1/openapi.json")).json()["components"]["schemas"]
    assert (schemas["Language"]["enum"], schemas["Administration"]["enum"]) == (["en", "fr"], ["gb"])


async def test_a_listed_site_may_call_the_api(make_app):
    app = make_app(allowed_origins="https://customs.example")
    async with client_of(app, origin="https://customs.example") as client:
        response = await client.post(MESSAGES, json={"text": "hi"})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://customs.example"
    async with client_of(app, origin="https://evil.example") as client:
        assert (await client.post(MESSAGES, json={"text": "hi"})).status_code == 403
    async with client_of(app, origin=ORIGIN) as client:
        assert (await client.post(MESSAGES, json={"text": "hi"})).status_code == 200
    await app.state.chat.client.close()


async def test_stages_of_a_turn_are_measured(api, rasa):
    rasa.delay = 0.05
    await say(api)
    text = (await api.get("/metrics")).text
    for stage in ("limits", "claim", "rasa", "store"):
        assert f'customs_stage_seconds_count{{channel="web",stage="{stage}"}} 1.0' in text, stage
    seconds = float(re.search(r'customs_stage_seconds_sum\{channel="web",stage="rasa"\} (\S+)', text)[1])
    assert seconds >= 0.05
    assert 'customs_turns_running{channel="web"} 0.0' in text and "customs_rasa_breaker_open 0.0" in text


async def test_a_turn_counts_as_running_while_it_runs(api, rasa):
    rasa.delay = 0.3
    asking = asyncio.create_task(say(api))
    await asyncio.sleep(0.15)
    assert 'customs_turns_running{channel="web"} 1.0' in (await api.get("/metrics")).text
    await asking
