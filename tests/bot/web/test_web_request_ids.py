"""One id ties a request's lines in the log, its reply and Rasa's metadata together, and no secret gets into a log."""

from __future__ import annotations

import logging
import re

from bot.web.request_ids import mark_logs
from tests.bot.web.conftest import client_of
from tests.bot.web.test_web_api import say


async def test_the_id_of_the_reply_is_in_the_header_the_metadata_and_every_line(api, rasa, caplog):
    caplog.set_level(logging.DEBUG)
    response = await api.post("/api/v1/messages", json={"text": "how much cash"})
    own = response.json()["request_id"]
    assert re.fullmatch(r"[0-9A-Z]{26}", own)
    assert response.headers["x-request-id"] == own == rasa.received[0]["metadata"]["request_id"]
    lines = [record.getMessage() for record in caplog.records if own in record.getMessage()]
    assert any("conversation web-" in line and " answered - in " in line for line in lines)
    assert any(line.startswith("POST /api/v1/messages 200 in ") for line in lines)


async def test_a_failure_is_logged_with_the_same_id(api, rasa, caplog):
    rasa.mode = "error"
    reply = await say(api)
    assert any(
        record.levelname == "WARNING" and reply["request_id"] in record.getMessage() for record in caplog.records
    )


async def test_lines_of_libraries_are_marked_too(make_app, caplog):
    app = make_app()
    logging.getLogger().addHandler(caplog.handler)
    mark_logs()
    mark_logs()
    app.state.chat.names = lambda: logging.getLogger("a.library").error("%s went wrong", "something") or []
    async with client_of(app) as client:
        own = (await client.get("/api/v1/administrations")).headers["x-request-id"]
    assert f"something went wrong, request {own}" in caplog.text
    assert caplog.text.count(own) == 1, "marked once"
    logging.getLogger("a.library").error("outside of any request")
    assert "outside of any request," not in caplog.text
    caplog.handler.filters.clear()
    logging.getLogger().removeHandler(caplog.handler)


async def test_a_proxys_id_is_noted_and_nonsense_is_not(api, caplog):
    caplog.set_level(logging.DEBUG)
    for given in ("4f2a-77", "a b\\x", "x" * 100):
        response = await api.get("/", headers={"X-Request-ID": given})
        assert response.headers["x-request-id"] != given
    assert "proxy's 4f2a-77" in caplog.text and "a b" not in caplog.text and "xxx" not in caplog.text


async def test_what_opens_a_conversation_is_not_logged(api, caplog):
    caplog.set_level(logging.DEBUG)
    signed = (await say(api))["conversation"]
    await api.get(f"/api/v1/conversations/{signed}")
    await api.get("/receipt/secret-receipt")
    await api.get("/static/chat.js")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot."))
    assert "GET /api/v1/conversations/… 200" in ours and "GET /receipt/… 404" in ours
    assert signed.rpartition(".")[2] not in ours and "secret-receipt" not in ours and "/static/" not in ours


async def test_usually_a_turn_is_one_line_and_a_refusal_another(api, caplog):
    caplog.set_level(logging.INFO)
    await say(api)
    await api.get("/nothing")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert len(ours) == 2 and ours[0].startswith("conversation ") and ours[1].startswith("GET /nothing 404 in ")
