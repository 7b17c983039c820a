"""What is asked on the web is kept for staff, by the API and by the page without scripts, and goes when it is deleted."""

from __future__ import annotations

from customs.asked import Store
from tests.bot.web.conftest import client_of


def kept(app) -> list:
    app.state.chat.recorder.flush()
    store = Store(app.state.chat.settings.var_dir / "asked.db")
    try:
        return list(store.select())
    finally:
        store.close()


async def test_the_api_and_the_page_without_scripts_are_kept_without_personal_data(app, api, browser):
    said = "my name is Jane Roe, how much beer"
    first = (await api.post("/api/v1/messages", json={"text": said})).json()
    await api.post("/api/v1/messages", json={"text": "3 litres of wine", "conversation": first["conversation"]})
    await browser.post("/ask", data={"text": "how much beer for jane@example.com", "lang": "en"})
    one, two, page = kept(app)
    assert (one.said, one.outcome, one.waiting) == ("my name is [name], how much beer", "asked_back", "asked_back")
    assert page.said == "how much beer for [email]"
    assert {turn.channel for turn in (one, two, page)} == {"web"}
    assert one.person == two.person != page.person


async def test_a_thumb_down_is_noted_on_the_answer(app, api):
    first = (await api.post("/api/v1/messages", json={"text": "3 litres of wine"})).json()
    rating = {"conversation": first["conversation"], "rating": "down", "reason": "outdated"}
    assert (await api.post("/api/v1/feedback", json=rating)).status_code == 200
    (turn,) = kept(app)
    assert (turn.id, turn.rating_reason, turn.waiting) == (first["request_id"], "outdated", "not_helpful")


async def test_a_deleted_conversation_is_gone_when_the_receipt_comes(app, api):
    first = (await api.post("/api/v1/messages", json={"text": "how much beer"})).json()
    await api.post("/api/v1/messages", json={"text": "3 litres of wine"})
    assert (await api.delete(f"/api/v1/conversations/{first['conversation']}")).status_code == 200
    assert [turn.said for turn in kept(app)] == ["3 litres of wine"]


async def test_an_empty_message_and_a_sent_again_one_add_nothing(app, api):
    message = {"text": "how much beer", "idempotency_key": "a-key-of-the-test-1"}
    for _ in range(2):
        await api.post("/api/v1/messages", json=message)
    await api.post("/api/v1/messages", json={"text": "  "})
    assert len(kept(app)) == 1


async def test_switched_off_nothing_is_kept(make_app):
    app = make_app(keep_questions="0")
    async with client_of(app) as client:
        assert (await client.post("/api/v1/messages", json={"text": "how much beer"})).status_code == 200
    app.state.chat.recorder.flush()
    assert not (app.state.chat.settings.var_dir / "asked.db").exists()


async def test_a_turn_is_answered_when_nothing_can_be_kept(make_app, tmp_path):
    (tmp_path / "asked.db").mkdir()
    app = make_app()
    async with client_of(app) as client:
        reply = await client.post("/api/v1/messages", json={"text": "how much beer"})
    assert reply.json()["outcome"] == "asked_back"
