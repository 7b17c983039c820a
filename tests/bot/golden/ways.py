"""The four ways in which a reply is read, each by the real part: the page of the server, the page's script, Telegram, plain text.

`render_all(goldens, folder)` gives `{name: {way: Rendering}}`. A Rasa on loopback replays each recorded reply to the message that is
its name; the chat application, Chromium and the Telegram application before the fake Bot API do the rest.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.web.app import create_app
from customs.blocks import plain_text
from customs.settings import Settings
from tests.bot.fake_rasa import serving
from tests.bot.golden.page_text import read_page
from tests.bot.golden.rendering import Rendering
from tests.bot.golden.replies import LANGUAGES, Golden
from tests.bot.telegram.harness import Json, buttons, running_bot
from tests.bot.web.conftest import NAMES
from tests.web_e2e.conftest import FLAGS

SERVER, SCRIPT, TELEGRAM, PLAIN = WAYS = ("page", "page with its script", "Telegram", "plain text")
AT_ONCE = 15  # talks on Telegram side by side
RATES = {"CUSTOMS_RATE_CONVERSATION": "6000/minute", "CUSTOMS_RATE_ADDRESS": "60000/minute"}

# Sends each message by the page's own form and gives the HTML of what the script made of its reply, before the next is sent.
_ASK_ALL = """async (names) => {
  const byId = (id) => document.getElementById(id);
  const made = {};
  for (const name of names) {
    const until = async (holds) => {
      for (const began = Date.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 4))) {
        if (Date.now() - began > 20000) throw Error(`no reply to ${name} within 20 s`);
      }
    };
    const count = document.querySelectorAll(".reply").length;
    byId("text").value = name;
    byId("ask").requestSubmit();
    const shown = () => document.querySelectorAll(".reply").length > count || byId("problem").hasChildNodes();
    await until(() => shown() && byId("status").textContent === "");
    const last = [...document.querySelectorAll(".reply")].at(-1);
    made[name] = (byId("problem").hasChildNodes() ? byId("problem") : last).outerHTML;
  }
  return made;
}"""


def replaying(goldens: Sequence[Golden]) -> Starlette:
    """A Rasa whose reply to the message `<language>/<id>` is the recorded one."""
    keys = (
        "outcome",
        "reason",
        "language",
        "direction",
        "administration",
        "entry",
        "entries",
        "release",
        "sources",
        "blocks",
    )
    replies = {golden.name: golden.reply.as_dict() for golden in goldens}

    async def webhook(request: Request) -> JSONResponse:
        reply = replies[(await request.json())["message"]]
        return JSONResponse([{"recipient_id": "golden", "custom": {key: reply[key] for key in keys}}])

    return Starlette(routes=[Route("/webhooks/rest/webhook", webhook, methods=["POST"])])


def by_server(address: str, goldens: Sequence[Golden]) -> dict[str, Rendering]:
    """What the page shows without JavaScript, in the asker's language."""
    made = {}
    for golden in goldens:
        with requests.Session() as browser:
            response = browser.post(f"{address}/ask", data={"lang": golden.language, "text": golden.name}, timeout=30)
            response.raise_for_status()
            made[golden.name] = read_page(response.text)
    return made


def by_script(address: str, goldens: Sequence[Golden]) -> dict[str, Rendering]:
    """What the page's script makes of the replies of the API: one page for each language, all its questions in one conversation."""
    made: dict[str, Rendering] = {}
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    assert path, "The page's script needs Chromium; install the package `chromium`."
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=FLAGS.split()) as browser,
    ):
        for language in LANGUAGES:
            page = browser.new_page(locale=language)
            page.goto(f"{address}/?lang={language}")
            names = [golden.name for golden in goldens if golden.language == language]
            made |= {name: read_page(html) for name, html in page.evaluate(_ASK_ALL, names).items()}
            page.close()
    return made


async def by_telegram(rasa_url: str, var_dir: Path, goldens: Sequence[Golden]) -> dict[str, Rendering]:
    """What the Telegram application sends, as its server would show it."""
    made = {}
    async with running_bot(rasa_url, var_dir) as world:
        for some in (goldens[at : at + AT_ONCE] for at in range(0, len(goldens), AT_ONCE)):
            phones = {golden.name: world.phone(language_code=golden.language) for golden in some}
            for name, phone in phones.items():
                phone.say(name)
            await world.idle()
            made |= {name: telegram_text(await phone.rest()) for name, phone in phones.items()}
    return made


def telegram_text(messages: Sequence[Json]) -> Rendering:
    """Messages of the Bot API as text: `*bold*`, addresses after their links, buttons row by row, a line between two messages."""
    made = Rendering()
    for number, message in enumerate(messages):
        made.lines += ["– – –"] if number else []
        raw, place, text = message["text"].encode("utf-16-le"), 0, ""
        for entity in message["entities"]:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            inside = raw[start:end].decode("utf-16-le")
            text += raw[place:start].decode("utf-16-le")
            # A link is read on its own: what follows it is not its unit.
            text += f"{inside} <{entity['url']}>" if "url" in entity else f"*{inside}*"
            made.urls += [entity["url"]] if "url" in entity else []
            place = end
        text += raw[place:].decode("utf-16-le")
        made.lines += text.split("\n")
        made.pieces += text.split("\n")
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        made.lines += [" ".join(f"[{button['text']}]" for button in row) for row in rows]
        made.titles += [button["text"] for button in buttons(message)]
    return made


def as_plain_text(golden: Golden) -> Rendering:
    """What a channel without blocks shows, and `customs ask`: the text that the actions send, then the buttons."""
    text = plain_text(golden.reply.blocks, golden.language)
    titles = [item["title"] for block in golden.reply.blocks if block["type"] == "buttons" for item in block["items"]]
    urls = [line for line in text.split("\n") if line.startswith("http")]
    return Rendering([*text.split("\n"), *(f"[{title}]" for title in titles)], text.split("\n"), urls, titles)


def render_all(goldens: Sequence[Golden], folder: Path) -> dict[str, dict[str, Rendering]]:
    """Every reply in every way; `folder` takes the databases of the channels."""
    environ = {**RATES, "CUSTOMS_VAR_DIR": str(folder / "web")}
    with serving(replaying(goldens)) as rasa_url:
        app = create_app(Settings({**environ, "CUSTOMS_RASA_URL": rasa_url}), names=lambda: NAMES)
        with serving(app) as address:
            # Each in a thread of its own: the caller's may have an event loop, which Playwright and Telegram cannot share.
            with ThreadPoolExecutor(3) as pool:
                script = pool.submit(by_script, address, goldens)
                telegram = pool.submit(asyncio.run, by_telegram(rasa_url, folder / "telegram", goldens))
                server = pool.submit(by_server, address, goldens)
    plain = {golden.name: as_plain_text(golden) for golden in goldens}
    found = {SERVER: server.result(), SCRIPT: script.result(), TELEGRAM: telegram.result(), PLAIN: plain}
    return {golden.name: {way: found[way][golden.name] for way in WAYS} for golden in goldens}
