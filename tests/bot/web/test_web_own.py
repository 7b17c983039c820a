"""Taking a conversation along, beginning anew, deleting it with a receipt; by cookie, or by the signed id in a frame."""

import re

from itsdangerous import URLSafeSerializer

from tests.bot.web.conftest import client_of
from tests.bot.web.test_web_pages import ask

FORM = {"lang": "en"}


async def test_the_conversation_can_be_taken_along(browser, rasa):
    assert (await browser.post("/transcript", data=FORM)).status_code == 404
    await ask(browser, "how much beer")
    await ask(browser, "كم يمكنني أن أحمل من النقد")
    response = await browser.post("/transcript", data=FORM)
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["content-type"].startswith("text/plain")
    assert "how much beer" in response.text and "تم التحقق في 21 نوفمبر 2026" in response.text and "نقد" in response.text


async def test_starting_again_forgets_in_the_browser_and_begins_another_conversation(browser, rasa):
    await ask(browser, "how much beer")
    response = await browser.post("/restart", data={"lang": "fr"})
    assert (response.status_code, response.headers["location"]) == (303, "/?lang=fr")
    assert "how much beer" not in (await browser.get("/")).text
    await ask(browser, "how much wine")
    assert rasa.received[0]["sender"] != rasa.received[1]["sender"]


async def test_deleting_gives_a_receipt_that_can_be_shown_later(browser, rasa):
    await ask(browser, "how much beer")
    gone = await browser.post("/delete", data=FORM)
    assert gone.status_code == 303 and rasa.forgotten == [rasa.received[0]["sender"]]
    assert (await browser.post("/transcript", data=FORM)).status_code == 404
    assert "how much beer" not in (await browser.get("/")).text
    for _ in range(2):
        page = (await browser.get(gone.headers["location"])).text
        assert (
            re.search(r'<bdi dir="ltr">[0-9A-Z]{26}</bdi>', page)
            and "<dd>1</dd>" in page
            and "<dd>deleted</dd>" in page
        )
    twice = await browser.post("/delete", data=FORM)
    assert twice.status_code == 404 and "deleted already" in twice.text


async def test_the_receipt_says_when_the_dialogues_memory_stayed(browser, rasa):
    await ask(browser)
    rasa.mode = "error"
    gone = await browser.post("/delete", data=FORM)
    assert "could not be deleted now" in (await browser.get(gone.headers["location"])).text


async def test_nobody_makes_a_receipt_up(browser, rasa):
    await ask(browser)
    address = (await browser.post("/delete", data=FORM)).headers["location"]
    forged = address.replace("/receipt/", "/receipt/x")
    assert (await browser.get(forged)).status_code == 404
    made = {"receipt": "X", "deleted_at": "2026-11-21T00:00:00Z", "exchanges": 9, "dialogue_deleted": True}
    for secret in ("", "x", "secret"):
        signed = URLSafeSerializer(secret, salt="receipt").dumps(made)
        assert (await browser.get(f"/receipt/{signed}")).status_code == 404, secret
    assert (await browser.get("/receipt/%00")).status_code == 404


async def test_a_framed_page_names_its_conversation_itself(app, api, browser, rasa):
    signed = (await api.post("/api/v1/messages", json={"text": "how much beer"})).json()["conversation"]
    async with client_of(app, origin="http://chat.test") as framed:  # a browser whose cookie does not reach us
        given = FORM | {"conversation": signed}
        assert "how much beer" in (await framed.post("/transcript", data=given)).text
        assert (await framed.post("/transcript", data=FORM | {"conversation": signed + "x"})).status_code == 404
        assert (await framed.post("/delete", data=given)).status_code == 303
    assert (await api.get(f"/api/v1/conversations/{signed}")).status_code == 404


async def test_deleting_anothers_conversation_by_form_keeps_ones_own_cookie(browser, api, rasa):
    await ask(browser, "mine")
    other = (await api.post("/api/v1/messages", json={"text": "other"})).json()["conversation"]
    response = await browser.post("/delete", data=FORM | {"conversation": other})
    assert response.status_code == 303 and "set-cookie" not in response.headers
    assert "mine" in (await browser.get("/")).text
