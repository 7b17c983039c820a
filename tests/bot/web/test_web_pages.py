import asyncio
import gzip
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.web.options import Options
from tests.bot.web.conftest import ORIGIN, client_of

FIRST_LOAD_LIMIT_BYTES = 12 * 1024


def key_in(html):
    return re.search(r'name="key" value="([\w-]+)"', html)[1]


async def ask(browser, text="how much cash", **more):
    key = key_in((await browser.get("/")).text)
    response = await browser.post("/ask", data={"lang": "en", "administration": "", "key": key, "text": text} | more)
    assert response.status_code == 303, response.text
    return response


async def test_ask_and_be_shown_the_answer(browser, rasa):
    response = await ask(browser)
    assert response.headers["location"] == "/?lang=en#latest"
    html = (await browser.get(response.headers["location"])).text
    assert "how much cash" in html and "checked on 21 November 2026" in html and "page dated 9 June 2026" in html
    assert 'href="https://www.example.org/goods"' in html
    assert rasa.received[0]["metadata"]["language"] == "en"


async def test_a_quick_reply_is_a_button_of_the_form_and_later_only_text(browser, rasa):
    html = (await browser.get((await ask(browser, "how much beer")).headers["location"])).text
    values = re.findall(r'name="choice" value="([^"]+)"', html)
    assert values[0] == "/change_administration{&#34;administration&#34;:&#34;gb&#34;}|Great Britain"
    choice = values[0].replace("&#34;", '"')
    response = await ask(browser, "an unfinished draft", choice=choice)
    assert rasa.received[-1]["message"] == '/change_administration{"administration":"gb"}'
    assert parse_qs(urlsplit(response.headers["location"]).query)["administration"] == ["gb"]
    html = (await browser.get(response.headers["location"])).text
    assert "Which country are you travelling to?" in html and values[0] not in html
    assert '<option value="gb" selected>' in html
    assert '<p dir="auto">Great Britain</p>' in html


async def test_a_suggestion_is_a_question(browser, rasa):
    html = (await browser.get("/?lang=es")).text
    suggestion = re.search(r'name="suggestion" value="([^"]+)"', html)[1]
    await ask(browser, "", suggestion=suggestion, lang="es")
    assert rasa.received[0]["message"] == suggestion == "¿Cuánto alcohol puedo llevar?"


async def test_everything_that_comes_in_is_escaped(browser, rasa):
    response = await ask(browser, "everything <img src=x onerror=alert(1)> \"'&")
    html = (await browser.get(response.headers["location"])).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img" not in html and html.count("<script") == 1
    for address in ("/?lang=<script>&administration=<script>", "/<script>"):
        assert "<script>" not in (await browser.get(address)).text


async def test_a_double_click_and_a_reload_make_one_turn(browser, rasa):
    rasa.delay = 0.1
    form = {"lang": "en", "key": key_in((await browser.get("/")).text), "text": "how much cash"}
    answers = await asyncio.gather(browser.post("/ask", data=form), browser.post("/ask", data=form))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await browser.post("/ask", data=form)).status_code == 303
    assert len(rasa.received) == 1


async def test_another_question_on_a_page_from_the_history_is_another_question(browser, rasa):
    key = key_in((await browser.get("/")).text)
    for text in ("first", "second"):
        assert (await browser.post("/ask", data={"key": key, "text": text})).status_code == 303
    assert [body["message"] for body in rasa.received] == ["first", "second"]


async def test_a_failed_question_can_be_sent_again_with_one_button(browser, rasa):
    rasa.mode = "empty"
    html = (await browser.get((await ask(browser)).headers["location"])).text
    retry = re.search(r'<form class="retry".*?</form>', html, re.S)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', retry))
    rasa.mode = "ok"
    response = await browser.post("/ask", data=fields)
    html = (await browser.get(response.headers["location"])).text
    assert "cannot be reached" not in html and html.count("how much cash</p>") == 1 and 'class="retry"' not in html


async def test_an_empty_form_is_no_question(browser, rasa):
    assert (await ask(browser, "  ")).headers["location"] == "/?lang=en#text"
    assert rasa.received == []


async def test_no_cookie_before_the_first_question(browser):
    assert "set-cookie" not in (await browser.get("/")).headers
    assert "conversation=web-" in (await ask(browser)).headers["set-cookie"]


async def test_refusals_keep_the_question_and_say_what_to_do(make_app, rasa):
    app = make_app(options=Options(rate_conversation="2/minute"))
    async with client_of(app, origin=ORIGIN) as browser:
        for _ in range(3):
            await ask(browser)
        form = {"lang": "fr", "key": "another-key", "text": "combien de <vin>"}
        response = await browser.post("/ask", data=form)
        assert response.status_code == 429 and 1 <= int(response.headers["retry-after"]) <= 60
        assert (
            "Trop de questions en peu de temps" in response.text
            and "combien de &lt;vin&gt;</textarea>" in response.text
        )
        too_long = await browser.post("/ask", data=form | {"text": "x" * 500_000})
        assert too_long.status_code == 413
        assert (await browser.post("/ask", data=form | {"choice": "/evil|x"})).status_code == 422
        assert (await browser.post("/ask", content=b"x", headers={"content-type": "text/plain"})).status_code == 415
    await app.state.chat.client.close()


async def test_a_forged_cookie_is_no_conversation(browser, rasa):
    await ask(browser, "secret question")
    signed = browser.cookies["conversation"]
    browser.cookies.clear()
    browser.cookies.set("conversation", signed[:-2] + "xx")
    response = await browser.get("/")
    assert response.status_code == 200 and "secret question" not in response.text


@pytest.mark.parametrize(
    ("address", "accepted", "language", "direction"),
    [
        ("/", "ar-EG,en;q=0.5", "ar", "rtl"),
        ("/", "pt,zh-CN;q=0.8,en;q=0.9", "en", "ltr"),
        ("/", "pt", "en", "ltr"),
        ("/", ";;q=x,,=", "en", "ltr"),
        ("/?lang=ur", "en", "ur", "rtl"),
        ("/?lang=xx", "fr", "fr", "ltr"),
    ],
)
async def test_the_page_speaks_the_askers_language(browser, address, accepted, language, direction):
    html = (await browser.get(address, headers={"accept-language": accepted})).text
    assert f'<html lang="{language}" dir="{direction}">' in html


async def test_right_to_left_answers_keep_dates_and_numbers_in_order(browser, rasa):
    response = await ask(browser, "كم يمكنني أن أحمل من النقد", lang="ar")
    html = (await browser.get(response.headers["location"])).text
    assert '<li class="reply answered" lang="ar" dir="rtl" id="latest">' in html
    assert '<bdi dir="ltr">2026-10-01</bdi>' in html and '<bdi dir="ltr">+971 600 522225</bdi>' in html
    assert "تم التحقق في 21 نوفمبر 2026" in html


@pytest.mark.parametrize("address", ["/?lang=hi", "/?lang=ru"])  # the longest pages in bytes
async def test_the_first_load_is_small(browser, address):
    total = 0
    html = (await browser.get(address)).text
    # What a browser loads by itself; a touch icon only when somebody puts the page on a home screen.
    linked = re.findall(r'(?:src|href)="(/(?:static|manifest)[^"]+)"', html.replace("&amp;", "&"))
    for one in [address, *(one for one in linked if "icon-180" not in one)]:
        async with browser.stream("GET", one, headers={"accept-encoding": "gzip"}) as response:
            raw = b"".join([chunk async for chunk in response.aiter_raw()])
            assert response.headers.get("content-encoding") == "gzip" or len(raw) < 300, one
            assert raw and (raw[:2] != b"\x1f\x8b" or gzip.decompress(raw))
            total += len(raw) + len("\r\n".join(f"{k}: {v}" for k, v in response.headers.items()))
    assert len(linked) == 5
    assert total <= FIRST_LOAD_LIMIT_BYTES, total


async def test_static_files_are_kept_by_version_only(browser):
    html = (await browser.get("/")).text
    versioned = re.search(r'src="(/static/chat.js\?v=\w+)"', html)[1]
    assert "immutable" in (await browser.get(versioned)).headers["cache-control"]
    assert (await browser.get("/static/chat.js")).headers["cache-control"] == "no-cache"
    assert (await browser.get("/")).headers["cache-control"] == "no-store"
    for missing in ("/static/none.js", "/static/..%2f..%2fapp.py", "/static/%00", "/nothing"):
        assert (await browser.get(missing)).status_code == 404
